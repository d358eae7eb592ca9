-- An add-on that lets clients call the script's functions: a request in JSON is answered in JSON, one
-- in bytes is answered in bytes. It uses simWS as add-ons in wide use do.
local sim = require 'sim'
local simWS

robot = {joints = {}}
function robot.move(joint, angle)
    robot.joints[joint] = angle
    return angle
end
function robot.fail() error 'the robot is stuck' end

local function call(name, ...)
    local callee = _G
    for part in name:gmatch '[%w_]+' do callee = callee and callee[part] end
    if not callee then return false, 'no such function: ' .. name end
    return pcall(callee, ...)
end

local function jsonAnswer(text)
    local id, name, joint, angle = text:match '"id": ?(%d+), "func": ?"([%w_.]+)", "args": ?%[(%d+), ?(%d+)%]'
    if not id then return nil end
    local done, result = call(name, tonumber(joint), tonumber(angle))
    return string.format('{"id": %s, "success": %s, "ret": ["%s"]}', id, done, result)
end

local function binaryAnswer(text)
    if #text < 2 then error 'too short' end
    local done, result = call(string.unpack('s1', text))
    return string.pack('Bs1', done and 1 or 0, tostring(result))
end

function onMessage(server, connection, message)
    local request = message
    if request:byte(1) == 123 then
        local answer = jsonAnswer(tostring(request))
        if answer then
            simWS.send(server, connection, answer, simWS.opcode.text)
            return
        end
    end
    local decoded, answer = pcall(binaryAnswer, tostring(request))
    if decoded then
        simWS.send(server, connection, answer, simWS.opcode.binary)
        return
    end
    sim.addLog(sim.verbosity_errors, 'cannot decode the message')
    return ''
end

function sysCall_info() return {menu = 'Tests\nRemote calls'} end

function sysCall_init()
    simWS = require 'simWS'
    local port = sim.getNamedInt32Param 'remoteCalls.port' or 0
    server = simWS.start(port)
    sim.setNamedInt32Param('remoteCalls.port', simWS.getServerInfo(server).port)
    simWS.setMessageHandler(server, 'onMessage')
end

function sysCall_cleanup()
    if not simWS then return end
    if server then simWS.stop(server) end
end

function sysCall_addOnScriptSuspend() return {cmd = 'cleanup'} end
