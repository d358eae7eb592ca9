-- How late the host's steps are, or `sim.wait` of a thread: simws run --step 1ms lateness.lua steps|wait <count>
-- Prints milliseconds as JSON. A step is due a millisecond after the one before was, or, where that had been late by more
-- than a step, after it came; the earliest step was in time.
local sim = require 'sim'
local simWS = require 'simWS'

local STEP = 0.001
local kind, count = arg[1], tonumber(arg[2])
local late, first, due = {}, nil, nil

simWS.start(0)

local function percentile(share)
    local earliest = kind == 'steps' and late[1] or 0
    return late[math.max(1, math.ceil(share * #late - 1e-9))] - earliest
end

local function report()
    local seconds = sim.getSystemTime() - first
    table.sort(late)
    print(('{"p50_ms": %.6f, "p99_ms": %.6f, "per_second": %.3f}'):format(
        percentile(0.5), percentile(0.99), #late / seconds))
    io.stdout:flush()
    os.exit(0)
end

local function note(now)
    late[#late + 1] = (now - due) * 1000
    if #late >= count then report() end
end

function sysCall_actuation()
    if kind ~= 'steps' then return end
    local now = sim.getSystemTime()
    if not first then
        first, due = now, now
        return
    end
    due = due + STEP
    note(now)
    if now - due > STEP then due = now end
end

function sysCall_thread()
    if kind ~= 'wait' then return end
    first = sim.getSystemTime()
    while true do
        due = sim.getSystemTime() + STEP
        sim.wait(STEP, false)
        note(sim.getSystemTime())
    end
end
