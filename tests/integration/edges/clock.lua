-- What the tests of an absent broker watch: `time` counts steps; of `kept` each key's newest is retained. With a second
-- argument `bulk` has so many bytes in each step.
local simWS = require 'simWS'

local server
local steps = 0

function sysCall_init()
    server = simWS.start(0, {broker = arg[1], name = 'arm', topics = true})
    simWS.setTopic(server, 'time', {policy = 'latest'})
    simWS.setTopic(server, 'bulk', {policy = 'latest'})
end

function sysCall_sensing()
    steps = steps + 1
    if arg[2] then simWS.publish(server, 'bulk', ('.'):rep(tonumber(arg[2]))) end
    simWS.publish(server, 'time', tostring(steps))
    if steps % 10 == 0 then
        local key = steps % 20 == 0 and 'a' or 'b'
        simWS.publish(server, 'kept', tostring(steps), simWS.opcode.text, {key = key, retain = true})
    end
end
