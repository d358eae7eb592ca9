-- The server of the tests of simws connect: echoes, and does what messages ask for.
local simWS = require 'simWS'

local doings = {}

function doings.close(connection, code, reason)
    simWS.close(server, connection, tonumber(code), reason)
end

-- Text of these bytes, hex.
function doings.say(connection, hex)
    simWS.send(server, connection, (hex:gsub('%x%x', function(byte) return string.char(tonumber(byte, 16)) end)))
end

function doings.binary(connection, hex)
    local bytes = hex:gsub('%x%x', function(byte) return string.char(tonumber(byte, 16)) end)
    simWS.send(server, connection, bytes, simWS.opcode.binary)
end

function doings.field(connection, name)
    simWS.send(server, connection, tostring(simWS.getConnectionInfo(server, connection).headers[name]))
end

function doings.subprotocol(connection)
    simWS.send(server, connection, simWS.getConnectionInfo(server, connection).subprotocol)
end

-- To all others.
function doings.tell(connection, text)
    for _, other in ipairs(simWS.getConnections(server)) do
        if other ~= connection then simWS.send(server, other, text) end
    end
end

function onMessage(server, connection, data, opcode)
    local word, first, rest = data:match('^!(%w+) ?(%S*) ?(.*)$')
    if word and opcode == simWS.opcode.text then return doings[word](connection, first, rest) end
    print((opcode == simWS.opcode.text and 'text ' or 'binary ') .. data)
    simWS.send(server, connection, data, opcode)
end

function onClose(server, connection)
    print('closed ' .. simWS.getConnectionInfo(server, connection).closeCode)
end

server = simWS.start(tonumber(arg[1]) or 0, {subprotocols = {'robot.v2', 'robot.v1'}, origins = {'https://lab.example'}})
simWS.setMessageHandler(server, 'onMessage')
simWS.setCloseHandler(server, 'onClose')
