-- Has figures of all kinds: topics, passes, callbacks, steps. Arguments: options of simWS.start, as `name=value`.
local simWS = require 'simWS'

-- The broker's figures are there whether it's reached or not.
local broker = {url = 'nats://localhost', program = '/nowhere/simws-broker'}
local options = {metrics = true, topics = true, broker = broker, name = 'figures'}
for _, argument in ipairs(arg) do
    local name, value = argument:match '^(%w+)=(.*)$'
    options[name] = value
end

local server = simWS.start(0, options)
simWS.setMessageHandler(server, function(server, connection, data)
    simWS.publish(server, 'arm/pose', data, simWS.opcode.text, {key = 'latest', retain = true})
    simWS.send(server, connection, data)
end)

function sysCall_actuation()
end

print 'ready'
