-- Does what clients ask it to do with topics: one call a message, what comes of it is the answer.
local json = require 'dkjson'
local simWS = require 'simWS'

local server = simWS.start(0, {topics = {'public/#', 'commands'}, publishable = 'commands'})
local drops = {}

local function onDrop(server, connection, topic, count)
    drops[#drops + 1] = topic .. ' ' .. (count > 0 and 'some' or 'none')
    simWS.send(server, connection, 'snapshot')
    simWS.subscribe(server, connection, topic, {policy = 'resync', maxQueued = 100})
end

local calls = {
    subscribe = function(connection, ...) return simWS.subscribe(server, connection, ...) end,
    unsubscribe = function(connection, ...) return simWS.unsubscribe(server, connection, ...) end,
    publish = function(_, ...) return simWS.publish(server, ...) end,
    setTopic = function(_, ...) return simWS.setTopic(server, ...) end,
    getTopics = function() return simWS.getTopics(server) end,
    drops = function() return drops end,
    flood = function(_, topic, count)
        for _ = 1, count do simWS.publish(server, topic, ('x'):rep(20000)) end
    end,
}

simWS.setDropHandler(server, onDrop)
simWS.setMessageHandler(server, function(server, connection, data, opcode, topic)
    if topic then return simWS.send(server, connection, 'published ' .. topic .. ' ' .. data) end
    local call = json.decode(data)
    local done, result = pcall(calls[call[1]], connection, table.unpack(call, 2))
    if call[1] == 'subscribe' and result == true then return end
    simWS.send(server, connection, 'answer ' .. json.encode({done, result}))
end)
print('PORT ' .. simWS.getServerInfo(server).port)
if not sim then simWS.run() end
