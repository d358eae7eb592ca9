-- Echo: every message goes back to where it came from, text as text and binary as binary.
--
--     simws run echo.lua [port]
--
-- Try it: open http://localhost:9000 in a browser.

local simWS = require 'simWS'

function onMessage(server, connection, data, opcode)
    simWS.send(server, connection, data, opcode)
end

local server = simWS.start(tonumber(arg[1]) or 9000)
simWS.setMessageHandler(server, 'onMessage')
