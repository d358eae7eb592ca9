-- Has figures of all kinds: topics, passes, callbacks, steps. Arguments: options of simWS.start, as `name=value`.
local simWS = require 'simWS'

local options = {metrics = true, topics = true}
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
