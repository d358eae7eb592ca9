-- Serves an empty page, sends back what pages send, and has greeted who subscribes to that.
local simWS = require 'simWS'

local server = simWS.start(0, {topics = true})
simWS.publish(server, 'greetings', 'hello', simWS.opcode.text, {retain = true})
simWS.setMessageHandler(server, function(server, connection, data, opcode)
    simWS.send(server, connection, data, opcode)
end)
simWS.setHTTPHandler(server, function()
    return 200, '<!doctype html><title>empty</title><link rel="icon" href="data:,"><body></body>'
end)
