-- Stops its server inside the callback named by the first argument.
local simWS = require 'simWS'

local where = arg[1]
local server = simWS.start(0)
local port = simWS.getServerInfo(server).port

local function reached(name)
    print(name)
    if name ~= where then return end
    simWS.stop(server)
    print 'stopped'
    for _, call in ipairs {simWS.stop, simWS.getServerInfo, simWS.getConnections} do
        local ok, message = pcall(call, server)
        assert(not ok and message:find 'invalid object handle', message)
    end
    -- The port is free.
    simWS.stop(simWS.start(port))
end

simWS.setOpenHandler(server, function() reached 'open' end)
simWS.setFailHandler(server, function() reached 'fail' end)
simWS.setMessageHandler(server, function(server, connection, data)
    simWS.send(server, connection, 'last words')
    reached 'message'
end)
simWS.setHTTPHandler(server, function()
    reached 'http'
    return 200, 'answered'
end)
simWS.setCloseHandler(server, function(server, connection)
    local info = simWS.getConnectionInfo(server, connection)
    print('close', info.closeCode, info.clean)
    reached 'closed'
end)

print('PORT ' .. port)
if not sim then simWS.run() end
print 'END'
