-- The server that is measured for Lua: simws run simws_peer.lua <port> <role>
local simWS = require 'simWS'

local MIB = 1024 * 1024
local isFanOut = arg[2]:find('fan-out', 1, true) == 1
local compresses = arg[2]:find('deflate', 1, true) ~= nil

function onMessage(server, connection, data, opcode)
    simWS.send(server, connection, data, opcode)
end

function onMessageForAll(server, connection, data, opcode)
    simWS.broadcast(server, data, opcode)
end

local server = simWS.start(tonumber(arg[1]), {
    maxConnections = 20000, maxMessageSize = 65 * MIB, maxQueuedBytes = 256 * MIB, maxTotalQueuedBytes = 1024 * MIB,
    tls = arg[2] == 'tls' and {certificate = os.getenv 'BENCH_CERTIFICATE'} or nil,
    compression = compresses and {serverContextTakeover = true, clientContextTakeover = true},
})
simWS.setMessageHandler(server, isFanOut and 'onMessageForAll' or 'onMessage')
print('port ' .. simWS.getServerInfo(server).port)
io.stdout:flush()
