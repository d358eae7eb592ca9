-- Scripts that don't end by themselves; the first argument says how.
-- Busy loops call the system: ThreadSanitizer hands signals on in such calls only.
local simWS = require 'simWS'
local what = arg[1]

local function busy()
    print 'busy'
    while true do os.time() end
end

local function catch_all()
    print 'busy'
    while true do pcall(function() while true do os.time() end end) end
end

local ways = {
    loop = busy,
    caught = catch_all,
    coroutine = function() coroutine.wrap(busy)() end,
    resumed = function() print(coroutine.resume(coroutine.create(catch_all))) busy() end,
    nested = function()
        coroutine.wrap(function() pcall(coroutine.wrap(catch_all)) catch_all() end)()
    end,
    poll = function()
        simWS.start(0)
        print 'busy'
        while true do simWS.poll(.1) end
    end,
    pollForever = function()
        simWS.start(0)
        print 'busy'
        while true do pcall(simWS.poll, -1) end
    end,
    exit = function()
        coroutine.wrap(function()
            pcall(coroutine.wrap(function() os.exit(5) end))
            catch_all()
        end)()
    end
}

if what:sub(1, 6) == 'thread' then
    function sysCall_thread() ways[what:sub(7):lower()]() end
elseif what:sub(1, 4) == 'step' then
    function sysCall_actuation() ways[what:sub(5):lower()]() end
else
    ways[what]()
end

function sysCall_cleanup() print 'cleanup' end
