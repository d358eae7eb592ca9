-- A client of the server whose URI is the second argument; the first says what it does.
local simWS = require 'simWS'

local what, uri = arg[1], arg[2]
local scenarios = {}

local function watch(client)
    simWS.setOpenHandler(client, function(client, connection)
        print('open', simWS.getClientInfo(client).state)
    end)
    simWS.setFailHandler(client, function(client, connection)
        print('fail', simWS.getConnectionInfo(client, connection).error)
    end)
    simWS.setCloseHandler(client, function(client, connection)
        local info = simWS.getConnectionInfo(client, connection)
        print('close', info.closeCode, info.clean, simWS.getClientInfo(client).state)
    end)
    simWS.setMessageHandler(client, function(client, connection, data, opcode)
        print('message', data, opcode)
    end)
end

function scenarios.echo()
    local client = simWS.connect(uri, {proxy = '', subprotocols = {'v2', 'v1'}, headers = {['X-Robot'] = 'R2'}})
    watch(client)
    simWS.setOpenHandler(client, function(client, connection)
        local info = simWS.getConnectionInfo(client, connection)
        print('open', info.subprotocol, info.headers['x-served'], #simWS.getConnections(client))
        assert(simWS.send(client, connection, 'text'))
        assert(simWS.send(client, nil, 'bin', simWS.opcode.binary))
        assert(simWS.send(client, nil, 'in ', simWS.opcode.text, {fin = false}))
        assert(simWS.send(client, connection, 'parts', simWS.opcode.continuation))
    end)
    local count = 0
    simWS.setMessageHandler(client, function(client, connection, data, opcode)
        print('message', data, opcode)
        count = count + 1
        if count < 3 then return end
        simWS.disconnect(client)
        print('disconnected', pcall(simWS.getClientInfo, client))
    end)
end

function scenarios.fail()
    local client = simWS.connect(uri, {proxy = ''})
    watch(client)
    simWS.setFailHandler(client, function(client, connection)
        print('fail', simWS.getConnectionInfo(client, connection).error)
        local info = simWS.getClientInfo(client)
        print('then', info.state, info.attempts, info.nextAttempt, simWS.send(client, nil, 'late'))
    end)
end

function scenarios.reconnect()
    local client = simWS.connect(uri, {proxy = '', reconnect = {initial = 0.01, max = 0.05}, keepQueue = true})
    watch(client)
    print('kept', simWS.send(client, nil, 'first'))
    simWS.setCloseHandler(client, function(client)
        print('close', simWS.getClientInfo(client).state, simWS.send(client, nil, 'second'))
    end)
    simWS.setMessageHandler(client, function(client, connection, data)
        print('message', data)
        if data == 'second' then simWS.disconnect(client) end
    end)
end

function scenarios.errors()
    local server = simWS.start(0)
    local client = simWS.connect('ws://127.0.0.1:1/', {proxy = '', reconnect = true})
    local function attempt(name, ...)
        local ok, message = pcall(simWS[name], ...)
        print('error', ok, message)
    end
    attempt('connect', 'ftp://robot/')
    attempt('connect', 'ws://robot/', {reconect = true})
    attempt('connect', 'ws://robot/', {reconnect = {inital = 1}})
    attempt('connect', 'ws://robot/', {reconnect = {jitter = 2}})
    attempt('connect', 'ws://robot/', {reconnect = 5})
    attempt('connect', 'ws://robot/', {headers = {Host = 'other'}})
    attempt('connect', 'ws://robot/', {headers = {['X-A'] = 5}})
    attempt('connect', 'ws://robot/', {proxy = 'socks5://proxy'})
    attempt('disconnect', server)
    attempt('stop', client)
    attempt('broadcast', client, 'x')
    attempt('getServerInfo', client)
    attempt('setHTTPHandler', client, 'f')
    attempt('send', server, nil, 'x')
    attempt('send', client, nil, '\xff')
    simWS.disconnect(client)
    attempt('send', client, nil, 'x')
    attempt('disconnect', client)
    simWS.stop(server)
end

scenarios[what]()
print 'PORT 0'
if not sim then simWS.run() end
