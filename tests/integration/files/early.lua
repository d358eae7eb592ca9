-- Serves a folder once somebody has asked for a file in it.
local simWS = require 'simWS'

local server
function sysCall_init()
    server = simWS.start(0)
    repeat until simWS.getServerInfo(server).httpRequests > 0
    simWS.serveFiles(server, '/', arg[1])
end

function sysCall_actuation() end
