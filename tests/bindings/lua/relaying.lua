-- What a handler was told, sent on: as it is, to all, in fragments, at the next message, and by a coroutine;
-- and other strings that come to lie where it lay.
local simWS = require 'simWS'

local server = simWS.start(0)
local kept = {}

function onMessage(server, connection, data, opcode)
    simWS.send(server, connection, data, opcode)
    simWS.broadcast(server, data, opcode)
    simWS.send(server, connection, data, opcode, {fin = false})
    simWS.send(server, connection, data, simWS.opcode.continuation)
    if kept.data then simWS.send(server, connection, kept.data, kept.opcode) end
    kept.data, kept.opcode = data, opcode
    if not data:find('end', 1, true) then
        return coroutine.wrap(function()
            for i = 1, 2 do simWS.send(server, connection, data, opcode) end
        end)()
    end

    local size = #data
    kept.data, data = nil, nil
    collectgarbage()
    for i = 1, 50 do
        simWS.send(server, connection, ('x'):rep(size))
    end
end

function onClose() simWS.stop(server) end

simWS.setMessageHandler(server, 'onMessage')
simWS.setCloseHandler(server, 'onClose')
print('PORT ' .. simWS.getServerInfo(server).port)
io.stdout:flush()
simWS.run()
