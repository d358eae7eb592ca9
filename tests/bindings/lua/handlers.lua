-- Handlers given by name, by dotted name and as functions; replaced, cleared, missing and failing.
local simWS = require 'simWS'

local server = simWS.start(0)
app = {on = {}}

simWS.setOpenHandler(server, 'app.on.open')  -- defined later
simWS.setCloseHandler(server, 'onClose')
simWS.setFailHandler(server, function(...)
    print('fail', select('#', ...), simWS.getConnectionInfo(...).error)
end)

function app.on.open(...)
    print('open', select('#', ...))
end

function onClose(server, connection)
    local info = simWS.getConnectionInfo(server, connection)
    print('close', info.state, info.closeCode, info.closeReason, info.clean)
end

local commands = {}

local function onMessage(server, connection, data, opcode)
    local command = commands[data]
    if command then
        command(server, connection)
    else
        simWS.send(server, connection, data, opcode)
    end
end
simWS.setMessageHandler(server, onMessage)

local function answer(name, ...)
    local handler = ...
    commands[name] = function() simWS.setMessageHandler(server, handler) end
end

local function restore() simWS.setMessageHandler(server, onMessage) end

answer('three', function(server, connection, data)
    simWS.send(server, connection, 'three: ' .. data)
    restore()
end)
answer('four', function(server, connection, data, opcode)
    simWS.send(server, connection, 'four: ' .. data .. ' ' .. opcode)
    restore()
end)
answer('any', function(...)
    local server, connection = ...
    simWS.send(server, connection, select('#', ...) .. ' arguments')
    restore()
end)
answer('byName', 'app.on.message')
answer('missing', 'app.nowhere.message')
answer('noFunction', 'app.on')
answer('failing', function(server, connection, data)
    restore()
    error('this one fails on ' .. data)
end)
answer('failingWithTable', function()
    restore()
    error(setmetatable({}, {__tostring = function() return 'a table that fails' end}))
end)
answer('replacing', function(server, connection)
    -- The function that runs now is still there when it has been replaced.
    restore()
    collectgarbage()
    simWS.send(server, connection, 'replaced')
end)

function app.on.message(server, connection, data)
    simWS.send(server, connection, 'by name: ' .. data)
    app.on.message = function(...)
        simWS.send(server, connection, 'replaced by name')
        restore()
    end
end

commands.run = function(server, connection)
    for _, name in ipairs {'run', 'poll'} do
        local ok, message = pcall(simWS[name])
        simWS.send(server, connection, tostring(ok) .. ' ' .. message)
    end
end
commands.info = function(server, connection)
    local info = simWS.getConnectionInfo(server, connection)
    simWS.send(server, connection, table.concat({info.state, info.resource, info.headers['x-robot'],
        info.subprotocol, tostring(info.closeCode), info.remoteAddress:match '^(.-):%d+$'}, ' '))
end
commands.fragments = function(server, connection)
    local more = {fin = false}
    local ok, message = pcall(simWS.send, server, connection, 'x', simWS.opcode.continuation)
    assert(not ok, message)
    assert(simWS.send(server, connection, 'one \xc3', simWS.opcode.text, more))
    ok, message = pcall(simWS.send, server, connection, 'x')
    assert(not ok, message)
    assert(simWS.broadcast(server, 'left out') == 0)
    assert(simWS.send(server, connection, '\xbc', simWS.opcode.continuation, more))
    assert(simWS.send(server, connection, ' three', simWS.opcode.continuation))
end
commands.notText = function(server, connection)
    local ok, message = pcall(simWS.send, server, connection, 'ab\xff')
    simWS.send(server, connection, message)
end
commands.close = function(server, connection)
    assert(simWS.close(server, connection, 4001, 'enough'))
    assert(not simWS.close(server, connection))
    assert(not simWS.send(server, connection, 'too late'))
end
commands.others = function(server, connection)
    simWS.broadcast(server, 'to ' .. #simWS.getConnections(server))
end
commands.all_but_me = function(server, connection)
    local text = simWS.opcode.text
    assert(simWS.broadcast(server, 'nobody', text, {to = {}}) == 0)
    assert(simWS.broadcast(server, 'nobody', text, {to = connection, except = {connection}}) == 0)
    assert(simWS.broadcast(server, 'for the others', text, {except = {connection}}) == 1)
    assert(simWS.broadcast(server, 'for me', text, {to = {connection, connection}}) == 1)
end
commands['end'] = function() simWS.stop(server) end

print('PORT ' .. simWS.getServerInfo(server).port)
if not sim then simWS.run() end
