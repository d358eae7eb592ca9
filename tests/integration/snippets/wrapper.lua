-- Runs a snippet as it stands, but for where its servers listen: wrapper.lua SNIPPET
-- Each takes a free port of this machine, and prints it; one server more answers when all events that
-- came before have been handled.

local simWS = require 'simWS'
local start = simWS.start
local hasServer = false

function simWS.start(port, options)
    local here = {}
    for key, value in pairs(options or {}) do here[key] = value end
    here.host = nil
    local server = start(0, here)
    hasServer = true
    print('PORT ' .. simWS.getServerInfo(server).port)
    return server
end

local probe = start(0)
simWS.setMessageHandler(probe, function(server, connection, data)
    simWS.send(server, connection, data)
end)
print('PROBE ' .. simWS.getServerInfo(probe).port)

arg = {[0] = arg[1]}
io.stdout:setvbuf('line')
dofile(arg[0])
if not hasServer and not sysCall_init then print('NO PORT') end
