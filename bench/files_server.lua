-- Serves the files of a folder, and echoes.
local simWS = require 'simWS'

local server = simWS.start(tonumber(arg[2] or 0), {pingInterval = 0})
simWS.serveFiles(server, '/', arg[1])
simWS.setMessageHandler(server, function(server, connection, data)
    simWS.send(server, connection, data, simWS.opcode.binary)
end)
print('serves')
