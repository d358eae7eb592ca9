-- What the simulator gives every script besides `sim`: buffers, and modules that load themselves
-- when they are first used.

io.stdout:setvbuf 'line'

Buffer = {}

local function isBuffer(value) return getmetatable(value) == Buffer end

-- Methods are those of strings: buffer:byte(1), buffer:sub(2).
function Buffer.__index(self, key)
    local method = string[key]
    if not method then return nil end
    return function(_, ...) return method(rawget(self, '__buff__'), ...) end
end

function Buffer.__tostring(self) return rawget(self, '__buff__') end
function Buffer.__len(self) return #rawget(self, '__buff__') end
function Buffer.__concat(a, b) return tobuffer(tostring(a) .. tostring(b)) end
function Buffer.__eq(a, b) return isBuffer(a) and isBuffer(b) and tostring(a) == tostring(b) end
function Buffer.__isbuffer(self) return isBuffer(self) end

isbuffer = isBuffer

function tobuffer(value)
    if isBuffer(value) then return value end
    return setmetatable({__buff__ = value}, Buffer)
end

local function loadLazily(name)
    local function field(_, key)
        rawset(_G, name, nil)
        local module = require(name)
        rawset(_G, name, module)
        return module[key]
    end
    _G[name] = setmetatable({}, {__index = field})
end

loadLazily 'simWS'

function _removeLazyLoaders() _G.simWS = nil end

if isPython then require 'python_bridge' end
