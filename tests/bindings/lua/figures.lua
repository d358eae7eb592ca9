-- Tells each client what is counted of it, and of the server.
local json = require 'dkjson'
local simWS = require 'simWS'

local server = simWS.start(0, {metrics = true, pingInterval = 0.01})

simWS.setMessageHandler(server, function(server, connection)
    simWS.send(server, connection, json.encode {
        server = simWS.getServerInfo(server),
        connection = simWS.getConnectionInfo(server, connection,
            {'messagesIn', 'messagesOut', 'bytesIn', 'bytesOut', 'dropped', 'queueAge'}),
    })
end)

print('PORT ' .. simWS.getServerInfo(server).port)
io.stdout:flush()
if not sim then simWS.run() end
