-- Starts a server, and computes until two messages have come, without ever serving. With "watch" it
-- ends at once, after it has asked for the descriptor that tells of events.
local simWS = require 'simWS'

local server = simWS.start(0)
simWS.setMessageHandler(server, function() print 'handled' end)
print('PORT ' .. simWS.getServerInfo(server).port)
io.stdout:flush()
if arg[1] == 'watch' then
    simWS.fileno()
    return
end
while simWS.getServerInfo(server).messagesIn < 2 do
end
