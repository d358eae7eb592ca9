-- Serves an empty page, and sends back what pages send. What snippets subscribe to is retained.
local simWS = require 'simWS'

local RETAINED = {{'pose', '{"x": 1, "y": 2}'}, {'robot/1', 'idle'}, {'robot/2', 'busy'}, {'greetings', 'hello'}}

local server = simWS.start(0, {topics = true, publishable = {'drive'}})
simWS.setMessageHandler(server, function(server, connection, data, opcode)
    simWS.send(server, connection, data, opcode)
end)
simWS.setHTTPHandler(server, function()
    return 200, '<!doctype html><title>empty</title><link rel="icon" href="data:,"><body></body>'
end)
for _, message in ipairs(RETAINED) do
    simWS.publish(server, message[1], message[2], simWS.opcode.text, {retain = true})
end
