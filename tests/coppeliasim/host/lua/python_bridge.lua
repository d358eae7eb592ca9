-- How a Python script lives in the simulator: as a script in Lua that passes calls on to the Python
-- process and back. Here the "Python" functions are those of the table `python`, and `call` is what
-- the process asks of the simulator: a name and arguments, where functions come as 'name@func'.

python = {}

local function field(name)
    local value = _G
    for word in name:gmatch('[%w_]+') do
        value = value[word]
        if value == nil then return nil end
    end
    return value
end

-- Python gets no buffers and no functions: what arrives is copied.
local function received(value)
    if isbuffer(value) then return {bytes = tostring(value)} end
    if type(value) ~= 'table' then return value end
    local copy = {}
    for key, item in pairs(value) do copy[key] = received(item) end
    return copy
end

local function callPython(name, ...)
    local arguments = table.pack(...)
    for i = 1, arguments.n do arguments[i] = received(arguments[i]) end
    return python[name](table.unpack(arguments, 1, arguments.n))
end

function __require__(name) _G[name] = require(name) end

function call(name, ...)
    local callee = field(name)
    if not callee then error('No such function: ' .. name, 0) end
    local arguments = table.pack(...)
    for i = 1, arguments.n do
        local value = arguments[i]
        if type(value) == 'string' and value:sub(-5) == '@func' then
            local callback = value:sub(1, -6)
            arguments[i] = function(...) return callPython(callback, ...) end
        end
    end
    local function addTraceback(message) return (debug.traceback(message):gsub('\nstack traceback:.*', '')) end
    local results = table.pack(xpcall(function()
        return callee(table.unpack(arguments, 1, arguments.n))
    end, addTraceback))
    if not results[1] then error(results[2], 0) end
    return table.unpack(results, 2, results.n)
end

function sysCall_init()
    __require__ 'simWS'
    if python.sysCall_init then callPython('sysCall_init') end
end

function sysCall_cleanup()
    if python.sysCall_cleanup then callPython('sysCall_cleanup') end
end

function sysCall_ext(name, ...)
    if python[name] then return callPython(name, ...) end
    local callee = field(name)
    if type(callee) ~= 'function' then return '_*funcNotFound*_' end
    local results = table.pack(pcall(callee, ...))
    if not results[1] then return '_*runtimeError*_' end
    return table.unpack(results, 2, results.n)
end
