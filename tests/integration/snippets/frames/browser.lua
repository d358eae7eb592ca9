-- Serves an empty page, and sends back what pages send.
local simWS = require 'simWS'

local server = simWS.start(0)
simWS.setMessageHandler(server, function(server, connection, data, opcode)
    simWS.send(server, connection, data, opcode)
end)
simWS.setHTTPHandler(server, function()
    return 200, '<!doctype html><title>empty</title><link rel="icon" href="data:,"><body></body>'
end)
