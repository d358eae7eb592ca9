-- Calls run itself. A callback computes until another message has come, which takes a network thread.
local simWS = require 'simWS'

local server = simWS.start(0)
simWS.setMessageHandler(server, function(_, connection, data)
    if data ~= 'first' then return end
    while simWS.getServerInfo(server).messagesIn < 2 do os.time() end
    simWS.send(server, connection, 'the second has come')
end)
print('PORT ' .. simWS.getServerInfo(server).port)
simWS.run()
