-- A script that is visited: echoes, answers requests for /size/<bytes>, and tells its events on standard output.
-- It's named the files of a certificate and its key, where it's to speak TLS.
local simWS = require 'simWS'

local function tell(line)
    print(line)
    io.stdout:flush()
end

local certificate, key = arg[1], arg[2]
local server = simWS.start(0, {handshakeTimeout = 30, closeTimeout = 30, pingInterval = 1, pingTimeout = 60,
                               keepAliveTimeout = 30, maxQueuedBytes = 1000000, maxMessageSize = 4194304,
                               compression = {threshold = 0},
                               tls = certificate and {certificate = certificate, privateKey = key}})

simWS.setOpenHandler(server, function() tell 'open' end)
simWS.setFailHandler(server, function() tell 'fail' end)
simWS.setCloseHandler(server, function() tell 'close' end)
simWS.setMessageHandler(server, function(server, connection, data, opcode)
    simWS.send(server, connection, data, opcode)
end)
simWS.setHTTPHandler(server, function(server, connection, resource)
    local size = resource:match '^/size/(%d+)$'
    if size then return 200, ('s'):rep(size) end
end)

tell('port ' .. simWS.getServerInfo(server).port)
