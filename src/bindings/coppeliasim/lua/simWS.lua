-- Generated from the table of functions by `simws coppeliasim-module`: don't edit.
--
-- Loads the plugin simWS for a script. A handler is a function or the name of one; when it raises an
-- error, the log gets it with its traceback, and the script goes on.
local simWS = loadPlugin 'simWS'
local published = rawget(_G, '__simWS')
-- Each script has one table of the plugin, which is complete when this file runs once more.
if published and published.module == simWS then return simWS end
local useModule = assert(simWS._useModule,
    'simWS.lua and libsimWS belong together: install both files of one package')
simWS._useModule = nil

-- Handlers that are functions, by event and server. That of log lines is of none.
local noServer = ''
local functions = {open = {}, fail = {}, close = {}, message = {}, http = {}, upgrade = {}, drop = {}, log = {}}
-- The script's own sysCall_ext, if it has one: the simulator calls that instead of functions by name.
-- Python scripts have one, which passes all arguments on. Functions in Python must name each of them, so
-- they get those of the WS plugin.
local ownExt
-- What the plugin calls, by the name it uses.
local entries = {}

local function intercepted(name, ...)
    local entry = entries[name]
    if entry then return entry(...) end
    return ownExt(name, ...)
end

local function intercept()
    local ext = rawget(_G, 'sysCall_ext')
    if ext == nil or ext == intercepted then return end
    ownExt = ext
    rawset(_G, 'sysCall_ext', intercepted)
end

local function walk(name)
    local value = _G
    for part in name:gmatch('[^.]+') do
        if type(value) ~= 'table' then return nil end
        value = value[part]
    end
    return value
end

-- Dotted names too, through tables that may refuse, the global one as well.
local function lookUp(name)
    local value = rawget(_G, name)
    if value == nil then
        local found, walked = pcall(walk, name)
        value = found and walked
    end
    if type(value) == 'function' then return value end
end

local function handler(event, name, server)
    if name == '' then return functions[event][server or noServer] end
    if not ownExt then return lookUp(name) end
    return function(...) return ownExt(name, ...) end
end

local function traced(failure)
    return debug.traceback(tostring(failure), 2)
end

-- What the plugin is told when the sysCall_ext of Python answers with one of its marks: false when there's
-- no such function, a text when it failed. Nil for what a function has returned.
local function refusal(result)
    if result == '_*funcNotFound*_' then return false end
    if result == '_*runtimeError*_' then return 'the function raised an error' end
end

-- The results of a Python function come in one list.
local function unpacked(first, ...)
    local isBuffer = rawget(_G, 'isbuffer')
    if ownExt and type(first) == 'table' and not (isBuffer and isBuffer(first)) then
        return table.unpack(first, 1, 3)
    end
    return first, ...
end

-- What the plugin is told of a call: nothing, or true and the results, when it went well.
local function told(ok, result)
    if not ok then return result end
    return refusal(result)
end

local function answered(ok, result, ...)
    if not ok then return result end
    local refused = refusal(result)
    if refused ~= nil then return refused end
    return true, unpacked(result, ...)
end

entries['__simWS.open'] = function(name, serverOrClientHandle, connectionHandle)
    local run = handler('open', name, serverOrClientHandle)
    if not run then return false end
    return told(xpcall(run, traced, serverOrClientHandle, connectionHandle))
end
entries['__simWS.fail'] = function(name, serverOrClientHandle, connectionHandle)
    local run = handler('fail', name, serverOrClientHandle)
    if not run then return false end
    return told(xpcall(run, traced, serverOrClientHandle, connectionHandle))
end
entries['__simWS.close'] = function(name, serverOrClientHandle, connectionHandle)
    local run = handler('close', name, serverOrClientHandle)
    if not run then return false end
    return told(xpcall(run, traced, serverOrClientHandle, connectionHandle))
end
entries['__simWS.message'] = function(name, serverOrClientHandle, connectionHandle, data, opcode, topic)
    local run = handler('message', name, serverOrClientHandle)
    if not run then return false end
    if ownExt then return told(xpcall(run, traced, serverOrClientHandle, connectionHandle, data)) end
    return told(xpcall(run, traced, serverOrClientHandle, connectionHandle, data, opcode, topic))
end
entries['__simWS.http'] = function(name, serverHandle, connectionHandle, resource, data, request)
    local run = handler('http', name, serverHandle)
    if not run then return false end
    if ownExt then return answered(xpcall(run, traced, serverHandle, connectionHandle, resource, data)) end
    return answered(xpcall(run, traced, serverHandle, connectionHandle, resource, data, request))
end
entries['__simWS.upgrade'] = function(name, serverHandle, connectionHandle, request)
    local run = handler('upgrade', name, serverHandle)
    if not run then return false end
    return answered(xpcall(run, traced, serverHandle, connectionHandle, request))
end
entries['__simWS.drop'] = function(name, serverHandle, connectionHandle, topic, count)
    local run = handler('drop', name, serverHandle)
    if not run then return false end
    return told(xpcall(run, traced, serverHandle, connectionHandle, topic, count))
end
entries['__simWS.log'] = function(name, level, line)
    local run = handler('log', name)
    if not run then return false end
    return told(xpcall(run, traced, level, line))
end

-- The simulator finds them by dotted names.
published = {module = simWS}
for name, entry in pairs(entries) do published[name:match('%.(.*)')] = entry end
rawset(_G, '__simWS', published)

local kept = '<a function that simWS.lua keeps>'

-- The simulator tells errors by the line of this file: the script wants to know its own.
local function try(run, ...)
    local ok, failure = pcall(run, ...)
    if not ok then error((tostring(failure):gsub('^.-(simWS%.%a+: )', '%1')), 3) end
end

-- Lets functions be handlers; `place` is that of the function among the arguments.
local function keeping(event, set, place)
    return function(...)
        local server = place > 1 and ... or noServer
        local arguments = table.pack(...)
        local callback = arguments[place]
        local isFunction = type(callback) == 'function'
        if isFunction then arguments[place] = kept end
        intercept()
        useModule()  -- again: the plugin may have been unloaded and loaded since
        try(set, table.unpack(arguments, 1, arguments.n))
        functions[event][server] = isFunction and callback or nil
    end
end

simWS.setCloseHandler = keeping('close', simWS.setCloseHandler, 2)
simWS.setFailHandler = keeping('fail', simWS.setFailHandler, 2)
simWS.setHTTPHandler = keeping('http', simWS.setHTTPHandler, 2)
simWS.setMessageHandler = keeping('message', simWS.setMessageHandler, 2)
simWS.setOpenHandler = keeping('open', simWS.setOpenHandler, 2)
simWS.setLogHandler = keeping('log', simWS.setLogHandler, 1)
simWS.setUpgradeHandler = keeping('upgrade', simWS.setUpgradeHandler, 2)
simWS.setDropHandler = keeping('drop', simWS.setDropHandler, 2)

-- Names that scripts written for the WS plugin may use.
simWS.opcode_continuation = 0
simWS.sim_ws_opcode_continuation = 0
rawset(_G, 'sim_ws_opcode_continuation', 0)
simWS.opcode_text = 1
simWS.sim_ws_opcode_text = 1
rawset(_G, 'sim_ws_opcode_text', 1)
simWS.opcode_binary = 2
simWS.sim_ws_opcode_binary = 2
rawset(_G, 'sim_ws_opcode_binary', 2)

local stop = simWS.stop
function simWS.stop(...)
    try(stop, ...)
    local server = ...
    for _, byServer in pairs(functions) do byServer[server] = nil end
end

intercept()
useModule()
return simWS
