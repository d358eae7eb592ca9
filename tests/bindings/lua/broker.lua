-- Serves with the options given as JSON, besides what the test may publish to. Does what its clients ask, and
-- tells all of them what viewers of edges publish. Where it can't be started, another server tells why.
local json = require 'dkjson'
local simWS = require 'simWS'

local options = json.decode(arg[1])
options.publishable = {'orders/#'}
local started, server = pcall(simWS.start, 0, options)
local problem
if not started then
    problem = tostring(server)
    server = simWS.start(0)
end

local calls = {
    info = function() return simWS.getServerInfo(server).broker end,
    publish = function(topic, data, publishOptions)
        return simWS.publish(server, topic, data, simWS.opcode.text, publishOptions)
    end,
}

simWS.setOpenHandler(server, function(_, connection)
    if problem then simWS.send(server, connection, problem) end
end)
simWS.setMessageHandler(server, function(_, connection, data, opcode, topic, remote)
    if remote then
        return simWS.broadcast(server, json.encode {
            connection = connection, size = #data, opcode = opcode, topic = topic, remote = remote})
    end
    local call = json.decode(data)
    if call[1] == 'stop' then return simWS.stop(server) end
    simWS.send(server, connection, json.encode(calls[call[1]](table.unpack(call, 2))))
end)
print('PORT ' .. simWS.getServerInfo(server).port)
if not sim then simWS.run() end
