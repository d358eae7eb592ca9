-- `tls serve local`, `tls serve CERTIFICATE KEY [CLIENT_CA]`: an echo server.
-- `tls connect URI CA [CERTIFICATE KEY]`: says hello.
local simWS = require 'simWS'

local function shown(tls)
    if not tls then return 'plain' end
    return table.concat({tls.version, tls.cipher, tls.subject, table.concat(tls.names, ',')}, ' ')
end

local function serve(certificate, privateKey, clientCA)
    local tls = certificate
    if certificate ~= 'local' then
        tls = {certificate = certificate, privateKey = privateKey, clientCA = clientCA, minVersion = '1.2'}
    end
    local server = simWS.start(0, {tls = tls})
    local info = simWS.getServerInfo(server)
    simWS.setOpenHandler(server, function(server, connection)
        print('open', shown(simWS.getConnectionInfo(server, connection).tls))
    end)
    simWS.setMessageHandler(server, function(server, connection, data, opcode)
        if data == 'stop' then return simWS.stop(server) end
        simWS.send(server, connection, data, opcode)
    end)
    simWS.setHTTPHandler(server, function() return 200, 'page' end)
    print('tls', info.tls)
    print('PORT ' .. info.port)
end

local function connect(uri, ca, certificate, privateKey)
    local options = {proxy = '', tls = {ca = ca, certificate = certificate, privateKey = privateKey}}
    if ca == 'any' then options.tls = {verify = false} end
    local client = simWS.connect(uri, options)
    simWS.setOpenHandler(client, function(client, connection)
        print('open', shown(simWS.getClientInfo(client).tls))
        simWS.send(client, connection, 'hello')
    end)
    simWS.setFailHandler(client, function(client, connection)
        print('fail', simWS.getConnectionInfo(client, connection).error)
    end)
    simWS.setMessageHandler(client, function(client, connection, data)
        print('message', data)
        simWS.disconnect(client)
    end)
    print('PORT 0')
end

local what = table.remove(arg, 1)
local ok, problem = pcall(what == 'serve' and serve or connect, table.unpack(arg))
if not ok then
    print('PORT 0')
    print('error', problem)
end
if simWS.run then simWS.run() end
