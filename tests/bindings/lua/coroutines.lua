-- What coroutines do, in words: the host's own resume and wrap are no different from Lua's.
local function say(...)
    local words = {}
    for i = 1, select('#', ...) do
        words[i] = tostring((select(i, ...))):gsub('^.*/', ''):gsub('0x%x+', 'x')
    end
    print(table.concat(words, ' '))
end

local function numbers(...)
    local given = coroutine.yield(...)
    while given do given = coroutine.yield(given, given + 1) end
    return 'end', nil
end

local co = coroutine.create(numbers)
say(coroutine.resume(co, 1, 2, 3))
say(coroutine.resume(co, 7))
say(coroutine.status(co), coroutine.isyieldable(co))
say(coroutine.resume(co))
say(coroutine.resume(co))
local wrapped = coroutine.wrap(numbers)
say(wrapped('a', nil))
say(wrapped(3))
say(wrapped())
say(pcall(wrapped))
say(pcall(coroutine.wrap(function() error 'words' end)))
say(pcall(coroutine.wrap(function() error {} end)))
say(coroutine.resume(coroutine.create(function() error 'words' end)))
say(coroutine.resume(coroutine.running()))
say(pcall(coroutine.resume, 1))
say(pcall(coroutine.wrap, 1))
local closed = coroutine.wrap(function()
    local x <close> = setmetatable({}, {__close = function(_, e) say('closed by', e) end})
    error 'failing'
end)
say(pcall(closed))
say(pcall(closed))
local self
self = coroutine.create(function() say(coroutine.resume(self)) end)
coroutine.resume(self)
for i in coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end end) do say(i) end
