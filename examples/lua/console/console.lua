-- A page to talk to a script by hand: the script serves it, and answers each message with the same.
--
--     simws run console.lua [port]        then open http://localhost:9000
--
-- To talk to a script of your own, let it serve the page as onHttp does here.

local simWS = require 'simWS'

local folder = debug.getinfo(1, 'S').source:match('^@(.*[/\\])') or './'

function onOpen(server, connection)
    simWS.send(server, connection, 'welcome')
end

function onMessage(server, connection, data, opcode)
    simWS.send(server, connection, data, opcode)
end

-- A page that comes from the server may connect to it: its Origin is the server's own host.
function onHttp(server, connection, resource)
    if resource ~= '/' then return 404, 'not found\n' end
    local file <close> = assert(io.open(folder .. 'console.html', 'rb'))
    return 200, file:read('a'), {['Content-Type'] = 'text/html; charset=utf-8'}
end

local server = simWS.start(tonumber(arg[1]) or 9000)
simWS.setOpenHandler(server, 'onOpen')
simWS.setMessageHandler(server, 'onMessage')
simWS.setHTTPHandler(server, 'onHttp')
