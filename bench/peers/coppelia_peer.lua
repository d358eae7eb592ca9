-- The server that is measured in the simulator; coppelia_peer.py starts it.
local sim = require 'sim'
local simWS

local MIB = 1024 * 1024

function onMessage(from, connection, data, opcode)
    simWS.send(from, connection, data, opcode)
end

function onMessageForAll(from, connection, data, opcode)
    simWS.broadcast(from, data, opcode)
end

function sysCall_init()
    simWS = require 'simWS'
    server = simWS.start(0, {
        maxConnections = 20000, maxMessageSize = 65 * MIB, maxQueuedBytes = 256 * MIB, maxTotalQueuedBytes = 1024 * MIB,
    })
end

function listen(role)
    simWS.setMessageHandler(server, role == 'fan-out' and 'onMessageForAll' or 'onMessage')
    return 'port ' .. simWS.getServerInfo(server).port
end
