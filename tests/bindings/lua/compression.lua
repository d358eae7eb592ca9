-- A server and a client that compress: what goes over the network for what is sent.
local simWS = require 'simWS'

local server = simWS.start(0, {compression = {threshold = 100, level = 9, serverContextTakeover = true}})
local client = simWS.connect('ws://127.0.0.1:' .. simWS.getServerInfo(server).port, {compression = true, proxy = ''})
local text = ('{"joint":1}'):rep(1000)
local bytesBefore, step = 0, 0

local steps = {
    {'sent', function(connection) simWS.send(server, connection, text) end},
    {'sent plain', function(connection)
        simWS.send(server, connection, text, simWS.opcode.text, {compress = false})
    end},
    {'broadcast', function() simWS.broadcast(server, text) end},
    {'broadcast plain', function() simWS.broadcast(server, text, simWS.opcode.text, {compress = false}) end},
    {'in fragments', function(connection)
        simWS.send(server, connection, text:sub(1, 500), simWS.opcode.text, {fin = false})
        simWS.send(server, connection, text:sub(501), simWS.opcode.continuation)
    end},
    {'in plain fragments', function(connection)
        simWS.send(server, connection, text:sub(1, 500), simWS.opcode.text, {fin = false, compress = false})
        simWS.send(server, connection, text:sub(501), simWS.opcode.continuation)
    end},
}

simWS.setMessageHandler(server, function(server, connection)
    step = step + 1
    bytesBefore = simWS.getServerInfo(server).bytesOut
    steps[step][2](connection)
end)
simWS.setOpenHandler(client, function(client, connection)
    print('agreed', simWS.getConnectionInfo(client, connection).compression)
    simWS.send(client, connection, 'next')
end)
simWS.setMessageHandler(client, function(client, connection, data)
    local bytes = simWS.getServerInfo(server).bytesOut - bytesBefore
    print(steps[step][1], data == text, bytes < #text / 10 and 'small' or 'large')
    if step < #steps then return simWS.send(client, connection, 'next', simWS.opcode.text, {compress = false}) end
    simWS.disconnect(client)
    simWS.stop(server)
end)
print(select(2, pcall(simWS.start, 0, {compression = {level = 10}})))
print(select(2, pcall(simWS.start, 0, {compression = {serverWindowBits = 8}})))
print(select(2, pcall(simWS.start, 0, {compression = 'yes'})))
print('PORT ' .. simWS.getServerInfo(server).port)
if not sim then simWS.run() end
