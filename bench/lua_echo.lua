-- The echo server as a script: simws run lua_echo.lua <port>
local simWS = require 'simWS'

function onMessage(server, connection, data, opcode)
    simWS.send(server, connection, data, opcode)
end

local server = simWS.start(tonumber(arg[1]))
simWS.setMessageHandler(server, 'onMessage')
