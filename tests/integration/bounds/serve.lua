-- A server that does what its messages say. Arguments: how it's driven, then options of simWS.start.
local simWS = require 'simWS'

local drive, options = arg[1], {}
for i = 2, #arg do
    local name, value = arg[i]:match '^(%w+)=(.*)$'
    options[name] = value == 'true' or tonumber(value) or {value}
end

local started, server = pcall(simWS.start, 0, options)
if not started then
    print('not started: ' .. server)
    return
end

local names, connections, left = {}, {}, {}  -- names are the paths of handshakes
local commands = {}

-- What is accepted for one that doesn't read, in one callback, and the most that ever waited for it.
function commands.fill(connection, name, count, size)
    local data, accepted, highest = ('x'):rep(tonumber(size)), 0, 0
    for i = 1, tonumber(count) do
        if not simWS.send(server, connections[name], data) then break end
        accepted = accepted + #data
        highest = math.max(highest, simWS.getConnectionInfo(server, connections[name]).queuedBytes)
    end
    return ('filled %d %d'):format(accepted, highest)
end

function commands.begin(connection, name)
    simWS.send(server, connections[name], 'first ', simWS.opcode.text, {fin = false})
    return 'begun'
end

function commands.finish(connection, name)
    simWS.send(server, connections[name], 'last', simWS.opcode.continuation)
    return 'finished'
end

function commands.broadcast(connection)
    return 'broadcast for ' .. simWS.broadcast(server, ('b'):rep(100))
end

function commands.queued(connection, name)
    local info = simWS.getConnectionInfo(server, connections[name])
    return ('queued %d %d'):format(info.queuedBytes, simWS.getServerInfo(server).queuedBytes)
end

function commands.big(connection, size)
    simWS.send(server, connection, ('x'):rep(tonumber(size)), simWS.opcode.binary)
end

function commands.leave(connection)
    left[connection] = true
    simWS.close(server, connection, 4000, 'as asked')
end

simWS.setOpenHandler(server, function(server, connection)
    local name = simWS.getConnectionInfo(server, connection).resource:sub(2)
    names[connection], connections[name] = name, connection
    print('open ' .. name)
end)

simWS.setMessageHandler(server, function(server, connection, data, opcode)
    if left[connection] then print 'a message after close' end
    if opcode == simWS.opcode.binary then return simWS.send(server, connection, data, opcode) end
    local words = {}
    for word in data:gmatch '%S+' do words[#words + 1] = word end
    local command = commands[words[1]]
    local answer = data
    if command then answer = command(connection, table.unpack(words, 2)) end
    if answer then simWS.send(server, connection, answer) end
end)

simWS.setCloseHandler(server, function(server, connection)
    print(('close %s %d'):format(names[connection], simWS.getConnectionInfo(server, connection).closeCode))
end)

simWS.setHTTPHandler(server, function(server, connection, resource)
    print('asked for ' .. resource)
    local size = resource:match '^/size/(%d+)$'
    if resource == '/framed.html' then return 200, '<p>framed</p>', {['X-Frame-Options'] = 'DENY'} end
    if resource == '/last' then simWS.stop(server) end
    return 200, size and ('x'):rep(tonumber(size)) or '<p>page</p>'
end)

print('PORT ' .. simWS.getServerInfo(server).port)
if drive == 'late' then
    while simWS.getServerInfo(server).messagesIn < 3 do os.time() end
elseif drive == 'stepped' then
    function sysCall_actuation() end
end
if not sim then
    if drive == 'poll' then
        while true do simWS.poll(60) end
    end
    simWS.run {threaded = drive == 'threaded'}
end
