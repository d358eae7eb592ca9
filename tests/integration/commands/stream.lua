-- The server of the tests of simws record: a stream of messages to whoever connects.
local simWS = require 'simWS'

local kind = arg[2] or 'messages'
local server = simWS.start(tonumber(arg[1]) or 0, {topics = kind == 'topics' and {'pose', 'large/#'} or false})

if kind == 'topics' then
    for key, text in pairs {a = '1', b = '2', c = '3'} do
        simWS.publish(server, 'pose', text, simWS.opcode.text, {key = key, retain = true})
    end
    simWS.publish(server, 'large/one', ('x'):rep(200000), simWS.opcode.text, {retain = true})
end

function onOpen(server, connection)
    print('opened')
    if kind ~= 'messages' then return end
    simWS.send(server, connection, '{"n": 1}')
    simWS.send(server, connection, '\0\xFF', simWS.opcode.binary)
    simWS.send(server, connection, '{"n": 2}')
end

simWS.setOpenHandler(server, 'onOpen')
