-- Two simulations that exchange their states over one connection. Each goes on when the other is
-- away, and they find each other again, whichever of them was restarted.
--
--     simws run peer.lua 9000                    the one that serves
--     simws run peer.lua ws://localhost:9000     the one that connects
--
-- Each swings a pendulum, and a spring joins the two: one hands its swing to the other and gets it
-- back. The peers in ../../python and ../../cpp say the same, so any two of them make a pair.

local simWS = require 'simWS'

local STIFFNESS = 2 -- of the spring, 1/s^2

local peer          -- the handle of the server, or of the client
local time, angle, speed = 0, 0, 0
local other         -- the other's angle; nil: it's away, or has not said it yet

function onOpen()
    print('the other is here')
end

function onMessage(_, _, data)
    local number = tonumber(data)
    if number and math.abs(number) <= 2 * math.pi then other = number end
end

function onClose()
    if #simWS.getConnections(peer) > 0 then return end
    other = nil
    print('the other is away')
end

-- Only the newest state counts: while the one before still waits, this one isn't sent. Nor is it
-- while the other is away, as nobody is connected then.
local function tell(state)
    for _, connection in ipairs(simWS.getConnections(peer)) do
        local info = simWS.getConnectionInfo(peer, connection, {'queuedBytes'})
        if info.queuedBytes == 0 then simWS.send(peer, connection, state) end
    end
end

function sysCall_init()
    local where = arg[1] or '9000'
    if tonumber(where) then
        peer = simWS.start(tonumber(where))
        angle = 1
    else
        peer = simWS.connect(where, {reconnect = {max = 2}})
    end
    simWS.setOpenHandler(peer, 'onOpen')
    simWS.setMessageHandler(peer, 'onMessage')
    simWS.setCloseHandler(peer, 'onClose')
end

function sysCall_actuation()
    local dt = sim.getSimulationTimeStep()
    local pull = other and STIFFNESS * (other - angle) or 0
    time = time + dt
    speed = speed + (pull - 9.81 * math.sin(angle)) * dt
    angle = angle + speed * dt
end

function sysCall_sensing()
    tell(('%.4f'):format(angle))
    local steps = math.floor(time / sim.getSimulationTimeStep() + 0.5)
    if steps % 20 == 0 then
        local theirs = other and ('%+.2f'):format(other) or 'silent'
        print(('%.0f s: %+.2f, the other %s'):format(time, angle, theirs))
    end
end
