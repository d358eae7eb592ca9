-- An arm that many watch: what it publishes travels by a NATS server to any number of edges, which
-- serve the viewers.
--
--     SIMWS_BROKER=nats://127.0.0.1:4222 simws run simulation.lua [port]
--     simws edge --broker nats://127.0.0.1:4222 --name arm --port 9001 --files web
--
-- It has its own viewers too, and goes on whatever becomes of the broker.

local simWS = require 'simWS'

local server
local steps = 0

function onMessage(server, connection, data, opcode, topic, from)
    local who = from and ('%s at %s'):format(from.viewer.address, from.edge) or 'a viewer here'
    simWS.publish(server, 'log', ('%s says %s: %s'):format(who, topic, data))
end

function sysCall_init()
    server = simWS.start(tonumber(arg[1]) or 9000, {
        broker = os.getenv('SIMWS_BROKER') or 'nats://127.0.0.1:4222',
        name = 'arm',
        topics = true,
        publishable = {'commands/#'},
    })
    simWS.setMessageHandler(server, 'onMessage')
    simWS.setTopic(server, 'pose', {policy = 'latest'})
    for name, size in pairs {table = '1.2 0.8 0.7', box = '0.2 0.2 0.3'} do
        simWS.publish(server, 'map', size, simWS.opcode.text, {key = name, retain = true})
    end
end

function sysCall_sensing()
    steps = steps + 1
    local angle = steps / 20
    simWS.publish(server, 'pose', ('[%.3f,%.3f]'):format(math.cos(angle), math.sin(angle)))
    if steps % 100 == 0 then simWS.publish(server, 'log', ('step %d'):format(steps)) end
end

function sysCall_cleanup()
    simWS.stop(server)
end
