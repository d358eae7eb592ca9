-- Serves the folder that it's given, and one in it in another way; echoes beside.
local simWS = require 'simWS'

local folder = arg[1]
local server = simWS.start(0)
simWS.serveFiles(server, '/', folder)
simWS.serveFiles(server, '/models', folder .. '/sub', {
    listing = true, index = '', cacheControl = 'max-age=60', headers = {['X-Robot'] = 'arm'}, public = true})
simWS.setMessageHandler(server, function(server, connection, data)
    if data == 'again' then simWS.serveFiles(server, '/models', folder .. '/other') end
    simWS.send(server, connection, data)
end)
print('serves')
