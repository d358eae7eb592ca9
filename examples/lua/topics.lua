-- Topics: what changes all the time, what stays, and what must not be missed, each as it needs it.
--
--     simws run topics.lua [port]
--
-- Every WebSocket client that connects is subscribed, however slow it is. `pose` is state: who
-- can't take all of it gets the newest. `map` is kept for those who come later, a key for each
-- wall. Of `log` everybody gets everything.

local simWS = require 'simWS'

local server
local steps = 0

function onOpen(server, connection)
    simWS.subscribe(server, connection, 'pose', {policy = 'latest', rate = 30})
    simWS.subscribe(server, connection, 'map')
    simWS.subscribe(server, connection, 'log')
    simWS.publish(server, 'log', ('log somebody came, now they are %d'):format(#simWS.getConnections(server)))
end

function sysCall_init()
    server = simWS.start(tonumber(arg[1]) or 9000, {topics = true}) -- pages may subscribe by themselves
    simWS.setOpenHandler(server, 'onOpen')
    for name, wall in pairs {north = '0 5 5 5', east = '5 0 5 5'} do
        simWS.publish(server, 'map', ('map %s %s'):format(name, wall), simWS.opcode.text, {key = name, retain = true})
    end
end

function sysCall_sensing()
    steps = steps + 1
    local angle = steps / 20
    simWS.publish(server, 'pose', ('pose %.3f %.3f'):format(math.cos(angle), math.sin(angle)))
    if steps % 40 == 0 then simWS.publish(server, 'log', ('log step %d'):format(steps)) end
end

function sysCall_cleanup()
    simWS.stop(server)
end
