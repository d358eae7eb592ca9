-- Starts a server, and computes until two messages have come, without ever serving.
local simWS = require 'simWS'

local server = simWS.start(0)
simWS.setMessageHandler(server, function() print 'handled' end)
print('PORT ' .. simWS.getServerInfo(server).port)
io.stdout:flush()
while simWS.getServerInfo(server).messagesIn < 2 do
end
