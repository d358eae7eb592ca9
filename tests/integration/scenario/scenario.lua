-- Uses every function of simWS and writes down what comes of it: one line `trace: ...` each.
--
-- A client plays the other side (see play.py), one step after the other, so the lines and their
-- order are the same wherever this runs. A message that is the name of a command runs it; any
-- other comes back as it is.
local simWS = require 'simWS'

io.stdout:setvbuf 'line'

-- What a value looks like in every language: text in quotes, long data by its size and a checksum.
-- Some simulators give data as buffers, which are text with a type of their own.
local function show(value)
    if isbuffer and isbuffer(value) then value = tostring(value) end
    if type(value) == 'table' then
        local items = {}
        for i, item in ipairs(value) do items[i] = show(item) end
        return '[' .. table.concat(items, ', ') .. ']'
    end
    if type(value) ~= 'string' then return tostring(value) end
    if #value > 60 then
        local sum = 0
        for i = 1, #value do sum = (sum * 31 + value:byte(i)) % 65521 end
        return string.format('%d bytes, checksum %d', #value, sum)
    end
    local function escape(character) return string.format('\\x%02x', character:byte()) end
    return "'" .. value:gsub('[^ -~]', escape) .. "'"
end

local function trace(...)
    local words = {...}
    for i, word in ipairs(words) do words[i] = tostring(word) end
    print('trace: ' .. table.concat(words, ' '))
end

-- Calls a function and writes down its result, or its error.
local function attempt(what, callee, ...)
    local ok, result = pcall(callee, ...)
    if not ok then
        trace(what, 'raises', result)
    else
        trace(what, 'gives', show(result))
    end
    return result
end

-- The servers; connections by the name they gave themselves in their path: `/ann`.
local first, second
local port
local connections = {}

app = {}
local commands = {}

---------------------------------------------------------------------------------------------------

function app.onMessage(server, connection, data, opcode)
    trace('message', server, connection, opcode, show(data))
    local command = commands[tostring(data)]
    if command then return command(server, connection) end
    trace('echo gives', simWS.send(server, connection, data, opcode))
end

function onOpen(server, connection)
    local info = simWS.getConnectionInfo(server, connection)
    trace('open', server, connection, info.resource, info.state)
    connections[info.resource:sub(2)] = connection
end

local function onClose(server, connection)
    local info = simWS.getConnectionInfo(server, connection)
    trace('close', server, connection, info.state, info.closeCode, show(info.closeReason),
          info.clean and 'clean' or 'not clean', show(info.error))
    attempt('send to a closed connection', simWS.send, server, connection, 'late')
end

function commands.info(server, connection)
    local info = simWS.getConnectionInfo(server, connection)
    for _, key in ipairs{'remoteAddress', 'resource', 'subprotocol', 'compression', 'queuedBytes',
                         'roundTripTime', 'state', 'closeCode', 'closeReason', 'clean', 'error'} do
        trace('info', key, show(info[key]))
    end
    trace('info', 'x-robot', show(info.headers['x-robot']))
    simWS.send(server, connection, 'done')
end

commands['server info'] = function(server, connection)
    local info = simWS.getServerInfo(server)
    for _, key in ipairs{'host', 'tls', 'connections', 'messagesIn', 'messagesOut', 'dropped',
                         'refused', 'queuedBytes'} do
        trace('server', key, show(info[key]))
    end
    trace('server is on its port', info.port == port)
    trace('server counts bytes', info.bytesIn > 0 and info.bytesOut > 0)
    trace('server counts time', info.uptime > 0)
    simWS.send(server, connection, 'done')
end

---------------------------------------------------------------------------------------------------

function commands.send(server, connection)
    local long = string.rep('0123456789', 7000)
    attempt('send text', simWS.send, server, connection, 'text')
    attempt('send UTF-8', simWS.send, server, connection, 'Gr\u{fc}\u{df}e, \u{4e16}\u{754c}')
    attempt('send binary', simWS.send, server, connection, '\xff\0\xfe', simWS.opcode.binary)
    attempt('send no text', simWS.send, server, connection, '')
    attempt('send no bytes', simWS.send, server, connection, '', simWS.opcode.binary)
    attempt('send long text', simWS.send, server, connection, long, simWS.sim_ws_opcode_text)
    attempt('send long data', simWS.send, server, connection, long .. '\xff', simWS.opcode_binary)
    attempt('send nil opcode', simWS.send, server, connection, 'default', nil)
end

function commands.fragments(server, connection)
    local text, more = simWS.opcode.text, simWS.opcode.continuation
    attempt('first fragment', simWS.send, server, connection, 'a\xe4\xb8', text, {fin = false})
    attempt('text within', simWS.send, server, connection, 'within')
    attempt('broadcast within', simWS.broadcast, server, 'to all but one')
    attempt('second fragment', simWS.send, server, connection, '\x96b', more, {fin = false})
    attempt('no UTF-8 within', simWS.send, server, connection, '\xff', more)
    attempt('last fragment', simWS.send, server, connection, '', more)
    attempt('one too many', simWS.send, server, connection, 'c', more)
    attempt('broadcast after', simWS.broadcast, server, 'to all')
end

function commands.broadcast(server)
    attempt('open connections', simWS.getConnections, server)
    attempt('broadcast text', simWS.broadcast, server, 'text for all')
    attempt('broadcast binary', simWS.broadcast, server, '\0\xff', simWS.opcode.binary)
    attempt('broadcast on the other server', simWS.broadcast, second, 'nobody hears')
end

commands['close ben'] = function(server, connection)
    local ben = connections.ben
    attempt('close', simWS.close, server, ben, 4001, 'the robot is taken')
    attempt('close again', simWS.close, server, ben)
    attempt('send while closing', simWS.send, server, ben, 'late')
    attempt('state while closing', function() return simWS.getConnectionInfo(server, ben).state end)
    attempt('broadcast while closing', simWS.broadcast, server, 'to the others')
end

commands['close me'] = function(server, connection)
    attempt('close', simWS.close, server, connection)
end

commands['after ben'] = function(server, connection)
    local ben = connections.ben
    attempt('send', simWS.send, server, ben, 'late')
    attempt('send no UTF-8', simWS.send, server, ben, '\xff')
    attempt('close', simWS.close, server, ben)
    attempt('info', simWS.getConnectionInfo, server, ben)
    simWS.send(server, connection, 'done')
end

---------------------------------------------------------------------------------------------------

function commands.errors(server, connection)
    attempt('no handle', simWS.send, 'robot', connection, '')
    attempt('no server', simWS.send, connection, connection, '')
    attempt('no connection', simWS.send, server, server, '')
    attempt('other server', simWS.send, second, connection, '')
    attempt('handler of no server', simWS.setOpenHandler, 'robot', 'onOpen')
    attempt('connections of no server', simWS.getConnections, 'robot')
    attempt('info of no server', simWS.getServerInfo, 'robot')
    attempt('stop of no server', simWS.stop, '')
    attempt('nothing to send', simWS.send, server, connection)
    attempt('too much to send', simWS.send, server, connection, '', 1, {}, 'more')
    attempt('a number', simWS.send, server, connection, 42)
    attempt('opcode 3', simWS.send, server, connection, '', 3)
    attempt('opcode as text', simWS.send, server, connection, '', 'binary')
    attempt('unknown option', simWS.send, server, connection, '', 1, {final = true})
    attempt('wrong option', simWS.send, server, connection, '', 1, {fin = 'no'})
    attempt('no UTF-8', simWS.send, server, connection, 'abc\xc0\x80')
    attempt('cut UTF-8', simWS.send, server, connection, 'abc\xe4\xb8')
    attempt('nothing begun', simWS.send, server, connection, 'a', simWS.opcode.continuation)
    attempt('over maxQueuedBytes', simWS.send, server, connection, string.rep('x', 300001))
    attempt('broadcast of a fragment', simWS.broadcast, server, 'a', simWS.opcode.continuation)
    attempt('broadcast of no UTF-8', simWS.broadcast, server, '\xff')
    attempt('close code 1005', simWS.close, server, connection, 1005)
    attempt('close code 2000', simWS.close, server, connection, 2000)
    attempt('close code 70000', simWS.close, server, connection, 70000)
    attempt('long close reason', simWS.close, server, connection, 1000, string.rep('r', 124))
    attempt('close reason of no UTF-8', simWS.close, server, connection, 1000, '\xff')
    attempt('handler that is a number', simWS.setMessageHandler, server, 42)
    attempt('port taken', simWS.start, port)
    simWS.send(server, connection, 'still open')
end

function commands.raise() error('on purpose') end

---------------------------------------------------------------------------------------------------

local function restoreMessages() simWS.setMessageHandler(first, 'app.onMessage') end

local pages = {
    ['/page.html?unit=deg'] = function() return 200, '<p>page</p>' end,
    ['/data'] = function() return 201, '\0\xff', {['Content-Type'] = 'application/x-robot'} end,
    ['/nil'] = function() return nil end,
    ['/empty'] = function() return 204 end,
    ['/raise'] = function() error('on purpose') end,
    ['/nonsense'] = function() return 'two hundred' end,
    ['/restore'] = function() restoreMessages() return 200, 'restored' end,
}

function onHTTP(server, connection, resource, data, request)
    trace('http', server, connection, request.method, resource, show(data))
    local page = pages[resource]
    if page then return page() end
    return 200, data
end

commands['no messages'] = function(server, connection)
    simWS.setMessageHandler(server, '')
    simWS.send(server, connection, 'done')
end

commands['missing function'] = function(server, connection)
    simWS.setMessageHandler(server, 'app.missing')
    simWS.send(server, connection, 'done')
end

commands['no pages'] = function(server, connection)
    simWS.setHTTPHandler(server, nil)
    simWS.send(server, connection, 'done')
end

commands['replace function'] = function(server, connection)
    local usual = app.onMessage
    function app.onMessage(server, connection, data)
        trace('the other function hears', server, connection, show(data))
        app.onMessage = usual
        simWS.send(server, connection, 'replaced')
    end
    simWS.send(server, connection, 'done')
end

---------------------------------------------------------------------------------------------------

local function start()
    local server = simWS.start(port or 0, {
        subprotocols = {'robot.v2', 'robot.v1'}, pingInterval = 0,
        maxMessageSize = 200000, maxQueuedBytes = 300000,
    })
    simWS.setOpenHandler(server, 'onOpen')
    simWS.setMessageHandler(server, 'app.onMessage')
    simWS.setCloseHandler(server, onClose)
    simWS.setFailHandler(server, 'onFail')
    simWS.setHTTPHandler(server, 'onHTTP')
    return server
end

-- Within stop only the close handler runs. The port is free when it returns.
function commands.stop(server, connection)
    simWS.broadcast(server, 'last words')
    trace('stopping')
    attempt('stop', simWS.stop, server)
    attempt('stop again', simWS.stop, server)
    attempt('send', simWS.send, server, connection, 'late')
    attempt('connections', simWS.getConnections, server)
    attempt('handler', simWS.setOpenHandler, server, 'onOpen')
    first = start()
    trace('started again', first, 'on the same port', simWS.getServerInfo(first).port == port)
    attempt('old connection on the new server', simWS.send, first, connection, 'late')
end

-- The last answer still leaves.
pages['/end'] = function()
    simWS.stop(second)
    simWS.stop(first)
    trace('end')
    return 200, 'the end'
end

-- Defined after its name was given to simWS.
local function defineLate()
    function onFail(server, connection)
        local info = simWS.getConnectionInfo(server, connection)
        trace('fail', server, connection, show(info.resource), info.state, info.error)
    end
end

attempt('port -1', simWS.start, -1)
attempt('port 65536', simWS.start, 65536)
attempt('port 80.5', simWS.start, 80.5)
attempt('port as text', simWS.start, '9000')
attempt('no port', simWS.start)
attempt('unknown option', simWS.start, 0, {maxMesageSize = 1})
attempt('wrong option', simWS.start, 0, {maxMessageSize = 'big'})
attempt('option out of range', simWS.start, 0, {maxMessageSize = 0})
attempt('host that is none', simWS.start, 0, {host = 'no.such.host'})

first = start()
port = simWS.getServerInfo(first).port
second = simWS.start(0)
simWS.setMessageHandler(second, function(server, connection, ...)
    trace('on the other server', server, connection, ...)
    simWS.send(server, connection, 'heard')
end)
trace('constants', simWS.opcode.continuation, simWS.opcode.text, simWS.opcode.binary)
defineLate()
trace('first listening', first, port)
trace('second listening', second, simWS.getServerInfo(second).port)

-- A host of scripts serves by itself.
if not sim then simWS.run() end
