-- An add-on that shows a scene in browsers: each newcomer gets a snapshot, then all get every event;
-- the page itself comes over HTTP. It uses simWS as add-ons in wide use do.
local sim = require 'sim'
local simWS

local namespace = 'eventStream'

function sysCall_info() return {menu = 'Tests\nEvent stream'} end

local function start(port)
    if not sim.getNamedBoolParam(namespace .. '.retry') then return simWS.start(port) end
    while true do
        local started, server = pcall(simWS.start, port)
        if started then return server end
        sim.addLog(sim.verbosity_errors, 'not started: ' .. server)
        sim.wait(0.02, false)
    end
end

function sysCall_init()
    simWS = require 'simWS'
    counter = 0
    clients, welcomed = {}, {}
    server = start(sim.getNamedInt32Param(namespace .. '.port') or 0)
    simWS.setOpenHandler(server, 'onOpen')
    simWS.setCloseHandler(server, 'onClose')
    simWS.setMessageHandler(server, 'onMessage')
    simWS.setHTTPHandler(server, 'onHTTP')
end

function sysCall_cleanup()
    if server then simWS.stop(server) end
end

-- An event is binary: a buffer where the simulator has buffers.
local function event(kind) return tobuffer(kind .. string.pack('<I4', counter) .. '\0\255') end

local function send(data, only)
    for connection in pairs(clients) do
        if connection == only or (not only and welcomed[connection]) then
            simWS.send(server, connection, data, simWS.opcode.binary)
        end
    end
end

function onOpen(fromServer, connection)
    if fromServer ~= server then return end
    clients[connection] = 1
    send(event 'snapshot', connection)
    welcomed[connection] = 1
end

function onClose(fromServer, connection)
    if fromServer == server then clients[connection] = nil end
end

function onMessage() end

function sysCall_nonSimulation()
    counter = counter + 1
    send(event 'event')
end
sysCall_sensing = sysCall_nonSimulation

function onHTTP(_, _, resource, data)
    local status, content = 404, nil
    if resource == '/' then resource = '/index.html' end
    if resource == '/index.html' then
        status, content = 200, '<script>const port = PORT</script>'
        content = string.gsub(content, 'PORT', tostring(simWS.getServerInfo(server).port))
    elseif resource == '/app.js' then
        status, content = 200, 'connect()'
    end
    if status == 404 and resource ~= '/favicon.ico' then
        sim.addLog(sim.verbosity_errors, 'not found: ' .. resource)
    end
    return status, content
end
