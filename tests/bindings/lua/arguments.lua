-- What functions say to wrong arguments. No client is needed.
local simWS = require 'simWS'

local server = simWS.start(0)
local other = simWS.start(0)
local connection = 'simWS.Connection:' .. server:match '%d+' .. ':1'

local function check(expected, name, ...)
    local ok, message = pcall(simWS[name], ...)
    message = ok and 'no error' or message
    if not message:find('simWS.' .. name .. ': ' .. expected, 1, true) then
        print('FAILED simWS.' .. name .. ': expected "' .. expected .. '", got "' .. message .. '"')
    end
end

local unknown = 'invalid object handle: '
local int = 'expected int, got '

check('not enough arguments (0 given): simWS.start(int listenPort, map options={})', 'start')
check('argument 1 (listenPort): ' .. int .. 'nil', 'start', nil)
check("argument 1 (listenPort): " .. int .. "string '9000'", 'start', '9000')
check('argument 1 (listenPort): ' .. int .. 'float 3.5', 'start', 3.5)
check('argument 1 (listenPort): ' .. int .. 'bool true', 'start', true)
check('argument 1 (listenPort) must be 0 to 65535, not int -1', 'start', -1)
check('argument 1 (listenPort) must be 0 to 65535, not int 65536', 'start', 65536)
check('argument 1 (listenPort) must be 0 to 65535, not int 70000', 'start', 70000)
check('too many arguments (3 given)', 'start', 0, nil, nil)
check("argument 2 (options): expected map, got string 'x'", 'start', 0, 'x')
check('argument 2 (options): expected map, got list', 'start', 0, {1, 2})
check('argument 2 (options): expected map, got table with mixed keys', 'start', 0, {1, host = '*'})
check("unknown option 'maxMesageSize'; the options are host, origins,", 'start', 0, {maxMesageSize = 1})
check('option maxMessageSize must be 1 to 2147483648, not int 0', 'start', 0, {maxMessageSize = 0})
check("option pingInterval: expected float, got string '1'", 'start', 0, {pingInterval = '1'})
check('option origins: expected a list of strings, got list with int 1', 'start', 0, {origins = {'*', 1}})
check("cannot listen on '127.0.0.1\\x00x': it is no IP address; the option host must be", 'start', 0,
    {host = '127.0.0.1\0x'})
local nested = {}
nested.origins = nested
check("option origins: expected a list of strings, got", 'start', 0, nested)

-- A port that's taken: the error names it.
local port = simWS.getServerInfo(server).port
local ok, message = pcall(simWS.start, port)
assert(not ok and message:find(tostring(port), 1, true), message)

for _, handle in ipairs {'', 'x', 'simWS.Server:', 'simWS.Server:0', 'simWS.Server:99999', server .. ' ', server .. '\0'} do
    for _, name in ipairs {'stop', 'getConnections', 'getServerInfo'} do check(unknown, name, handle) end
    for _, name in ipairs {'setOpenHandler', 'setFailHandler', 'setCloseHandler', 'setMessageHandler', 'setHTTPHandler'} do
        check(unknown, name, handle, 'f')
    end
    check(unknown, 'send', handle, connection, 'x')
    check(unknown, 'close', handle, connection)
    check(unknown, 'broadcast', handle, 'x')
    check(unknown, 'getConnectionInfo', handle, connection)
end
check(unknown .. "'" .. connection .. "' is a connection; the server's handle", 'stop', connection)
check(unknown .. "'" .. connection .. "' (the server has no such connection", 'send', server, connection, 'x')
check(unknown .. "'" .. connection .. "' is a connection of another server", 'send', other, connection, 'x')
check(unknown .. "'x' (expected a connection's handle", 'send', server, 'x', 'data')
check(unknown .. "'" .. connection .. "'", 'getConnectionInfo', server, connection)
check(unknown .. "'" .. connection .. "'", 'close', server, connection)

check('not enough arguments (2 given): simWS.send(string serverOrClientHandle, string connectionHandle, string data, '
    .. 'int opcode=sim_ws_opcode_text, map options={})', 'send', server, connection)
check('too many arguments (6 given)', 'send', server, connection, 'x', 1, {}, 1)
check('argument 3 (data): expected string, got int 5', 'send', server, connection, 5)
check('argument 3 (data): expected string, got nil', 'send', server, connection, nil)
check("argument 4 (opcode): " .. int .. "string 'text'", 'send', server, connection, 'x', 'text')
check('option fin: expected bool, got int 1', 'send', server, connection, 'x', 1, {fin = 1})
check("unknown option 'final'; the options are fin", 'send', server, connection, 'x', 1, {final = true})
for _, opcode in ipairs {-1, 3, 8, 256} do
    check('invalid opcode: ' .. opcode, 'send', server, connection, 'x', opcode)
    check('invalid opcode: ' .. opcode, 'broadcast', server, 'x', opcode)
end
check(unknown .. "'" .. connection .. "'", 'broadcast', server, 'x', 1, {to = {connection}})
check(unknown .. "'x'", 'broadcast', server, 'x', 1, {except = 'x'})
check("unknown option 'two'; the options are to, except", 'broadcast', server, 'x', 1, {two = {}})
check('invalid opcode: 0', 'broadcast', server, 'x', simWS.opcode.continuation)
check('invalid close code: 70000', 'close', server, connection, 70000)
check('invalid close code: -1', 'close', server, connection, -1)
check('argument 2 (callbackFn): expected a function or the name of one, got int 5', 'setOpenHandler', server, 5)
check('argument 2 (callbackFn): expected a function or the name of one, got userdata', 'setOpenHandler', server, io.stdout)
check('not enough arguments (1 given)', 'setOpenHandler', server)
check("unknown option 'thread'; the options are threaded", 'run', {thread = true})
check("argument 1 (timeout): expected float, got string '1'", 'poll', '1')

-- Tables that hold each other have no end.
local world = {robots = {}}
for i = 1, 100 do world.robots['r' .. i] = {world = world, name = 'r' .. i} end
check('argument 1 (serverHandle): expected string, got table of more than 10000 values', 'getServerInfo', world)
check('argument 2 (options): expected map, got table of more than 10000 values', 'start', 0, world)
local long = {}
for i = 1, 10001 do long[i] = 'origin' end
check('argument 2 (options): expected map, got table of more than 10000 values', 'start', 0, {origins = long})

-- What's right.
assert(simWS.opcode.continuation == 0 and simWS.opcode.text == 1 and simWS.opcode.binary == 2)
assert(simWS.opcode_binary == 2 and simWS.sim_ws_opcode_text == 1)
assert(require 'simWS' == simWS)
simWS.setOpenHandler(server, nil)
simWS.setOpenHandler(server, '')
simWS.setOpenHandler(server, 'a.b.c')
assert(simWS.start(0.0, nil) ~= server)
assert(#simWS.getConnections(server) == 0 and simWS.broadcast(server, 'x') == 0)
local info = simWS.getServerInfo(server)
assert(info.connections == 0 and info.messagesIn == 0 and info.uptime >= 0 and info.tls == false)
assert(select('#', simWS.setOpenHandler(server, nil)) == 0)

-- Errors name the place in the script.
local _, where = pcall(function() simWS.stop('x') end)
assert(where:find 'arguments.lua:%d+: simWS.stop: ', where)

assert(simWS.poll() == 0 and math.type(simWS.fileno()) == 'integer')
simWS.stop(server)
check(unknown .. "'" .. server .. "'", 'stop', server)
simWS.stop(other)
-- A port is free as soon as its server is stopped.
simWS.stop(simWS.start(port))
print 'DONE'
os.exit(0, true)
