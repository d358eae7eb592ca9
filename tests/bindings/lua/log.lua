-- Echoes; a message 'fail' raises an error. Writes its port to the file named by the first argument.
local simWS = require 'simWS'

local server = simWS.start(0)

function onMessage(server, connection, data)
    if data == 'fail' then error 'as the peer wished' end
    simWS.send(server, connection, data)
end

simWS.setMessageHandler(server, 'onMessage')
local port = simWS.getServerInfo(server).port
if arg[1] then
    local file = assert(io.open(arg[1], 'w'))
    file:write(port)
    file:close()
else
    io.write('PORT ', port, '\n')
    io.flush()
end
if not sim then simWS.run() end
