-- A robot that publishes, talks back and logs, for the inspector's page.
local simWS = require 'simWS'

local server = simWS.start(tonumber(arg[1]), {topics = true, token = arg[2]})
simWS.setMessageHandler(server, function(_, connection, data)
    simWS.send(server, connection, 'heard ' .. data)
end)
simWS.setCloseHandler(server, function(_, connection)
    local info = simWS.getConnectionInfo(server, connection)
    simWS.publish(server, 'closed', ('%d %s'):format(info.closeCode, info.closeReason), 1, {retain = true})
end)

local step = 0
function sysCall_sensing()
    step = step + 1
    simWS.publish(server, 'pose', ('{"step":%d}'):format(step), 1, {key = 'arm', retain = true})
    simWS.publish(server, 'count', tostring(#simWS.getConnections(server)), 1, {retain = true})
end
