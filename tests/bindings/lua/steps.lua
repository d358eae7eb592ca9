-- A script as CoppeliaSim steps it. The first argument says what happens in it.
-- Busy loops call the system: ThreadSanitizer hands signals on in such calls only.
sim = require 'sim'
simWS = require 'simWS'

local what = arg[1]
local steps = 0
local function time(seconds) return ('%.3f'):format(seconds) end

function sysCall_init()
    print('init', time(sim.getSimulationTime()), time(sim.getSimulationTimeStep()))
    server = simWS.start(0)
    simWS.setMessageHandler(server, 'onMessage')
    simWS.setCloseHandler(server, function() print 'closed' end)
    print('PORT ' .. simWS.getServerInfo(server).port)
    print(pcall(simWS.run))
    print(pcall(simWS.poll))
    print(pcall(simWS.fileno))
    if what == 'waitInit' then
        local before = sim.getSystemTime()
        sim.wait(0.05)
        print('waited', sim.getSystemTime() - before >= 0.05, time(sim.getSimulationTime()))
        sim.wait(3600, false)
    end
    if what == 'failInit' then error 'init failed' end
    if what == 'endInit' then return {cmd = 'cleanup'} end
end

function onMessage(server, connection, data)
    if data == 'busy' then
        print 'busy'
        while true do os.time() end
    end
    simWS.send(server, connection, 'step ' .. steps)
end

function sysCall_actuation()
    if steps < 3 then print('actuation', time(sim.getSimulationTime())) end
    if what == 'busy' then
        print 'busy'
        while true do os.time() end
    end
    if what == 'failStep' then error 'step failed' end
    if what == 'exitStep' then os.exit(false) end
end

function sysCall_sensing()
    steps = steps + 1
    if steps <= 3 then print('sensing', time(sim.getSimulationTime())) end
    if what == 'end' and steps == 3 then return {cmd = 'cleanup'} end
end

if what:lower():find 'thread' then
    function sysCall_thread()
        if what == 'realTimeThread' then
            sim.wait(0.01, false)
            print('real time', steps)
            return {cmd = 'cleanup'}
        end
        print('thread', steps)
        coroutine.yield()
        print('next step', steps)
        sim.wait(sim.getSimulationTimeStep() * 3)
        print('waited', steps)
        print(pcall(sim.wait, 0))
        sim.wait(0.001, false)
        print 'real time'
        if what == 'failThread' then error 'thread failed' end
        if what == 'exitThread' then os.exit(7) end
        if what == 'busyThread' then
            print 'busy'
            while true do os.time() end
        end
        return {cmd = 'cleanup'}
    end
end

function sysCall_cleanup()
    print('cleanup', simWS.getServerInfo(server).connections)
    if what == 'failCleanup' then error 'cleanup failed' end
end
