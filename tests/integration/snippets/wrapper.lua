-- Runs a snippet as it stands, but for where its servers listen and its clients connect: wrapper.lua SNIPPET
-- Each server takes a free port of this machine, and prints it; one more answers when all events that came
-- before have been handled. Clients connect to the snippet's latest server; where it has none, to one that
-- passes on what one says to all others, so that clients and visitors hear each other. That one's port is
-- printed when a client has come.

local simWS = require 'simWS'
local start, connect = simWS.start, simWS.connect
local port

local function listen(options)
    local server = start(0, options)
    port = simWS.getServerInfo(server).port
    return server
end

local function tellPort()
    print('PORT ' .. port)
end

function simWS.start(_, options)
    local here = {}
    for key, value in pairs(options or {}) do here[key] = value end
    here.host = nil
    local server = listen(here)
    tellPort()
    return server
end

local function startPassingOn()
    local server = listen()
    simWS.setOpenHandler(server, function()
        simWS.setOpenHandler(server, function() end)
        tellPort()
    end)
    simWS.setMessageHandler(server, function(_, connection, data, opcode)
        simWS.broadcast(server, data, opcode, {except = {connection}})
    end)
end

function simWS.connect(uri, options)
    if not port then startPassingOn() end
    local scheme, authority, resource = uri:match('^(%w+://)([^/?]*)(.*)$')
    local user = authority:match('^.*@') or ''
    return connect(('%s%slocalhost:%d%s'):format(scheme, user, port, resource), options)
end

local probe = start(0)
simWS.setMessageHandler(probe, function(server, connection, data)
    simWS.send(server, connection, data)
end)
print('PROBE ' .. simWS.getServerInfo(probe).port)

arg = {[0] = arg[1]}
io.stdout:setvbuf('line')
dofile(arg[0])
if not port and not sysCall_init then print('NO PORT') end
