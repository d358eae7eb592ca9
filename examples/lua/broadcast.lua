-- Broadcast: the state of a simulation to everybody who listens, after each of its steps.
--
--     simws run broadcast.lua [port]
--
-- The host calls the sysCall functions as CoppeliaSim does: init once, actuation and sensing each
-- step (50 ms), cleanup at the end. Here a pendulum swings; put your own robot in its place.

local json = require 'dkjson'
local simWS = require 'simWS'

local server
local time, angle, speed = 0, 1, 0 -- s, rad, rad/s
local names = {}                   -- connection -> a name to print
local joined = 0

-- A newcomer gets the constants once; all that changes comes by broadcast.
function onOpen(server, connection)
    joined = joined + 1
    names[connection] = 'listener ' .. joined
    print(names[connection] .. ' joined from ' ..
          simWS.getConnectionInfo(server, connection).remoteAddress)
    simWS.send(server, connection, json.encode {type = 'hello', name = names[connection], length = 1})
end

-- Comes exactly once for each connection that opened, whatever ended it, so that the books are
-- right. The reason can still be asked for in here.
function onClose(server, connection)
    print(names[connection] .. ' left, code ' ..
          simWS.getConnectionInfo(server, connection).closeCode)
    names[connection] = nil
end

function sysCall_init()
    server = simWS.start(tonumber(arg[1]) or 9000)
    simWS.setOpenHandler(server, 'onOpen')
    simWS.setCloseHandler(server, 'onClose')
end

function sysCall_actuation()
    local dt = sim.getSimulationTimeStep()
    time = time + dt
    speed = speed - 9.81 * math.sin(angle) * dt
    angle = angle + speed * dt
end

-- broadcast encodes the message once and never waits: a slow listener doesn't slow the simulation.
function sysCall_sensing()
    simWS.broadcast(server, json.encode {
        type = 'state', time = time, angle = angle, listeners = #simWS.getConnections(server),
    })
end

function sysCall_cleanup()
    simWS.stop(server)
end
