-- Echo: every message goes back to where it came from, text as text and binary as binary.
--
--     simws run echo.lua [port]
--
-- Try it from a browser's console:  ws = new WebSocket('ws://localhost:9000')
--                                   ws.onmessage = e => console.log(e.data);  ws.send('hello')

local simWS = require 'simWS'

function onMessage(server, connection, data, opcode)
    simWS.send(server, connection, data, opcode)
end

local server = simWS.start(tonumber(arg[1]) or 9000)
simWS.setMessageHandler(server, 'onMessage')
