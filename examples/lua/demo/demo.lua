-- A robot to look at and to drive from any browser:
--
--     simws run demo.lua [port]           then open http://localhost:9000
--
-- After each step, 60 times in a second by ./run, the state goes to everybody who looks, by topics:
--
--     pose   the robot's state in JSON; only the newest counts
--     arm    the joints' angles of an arm, as floats; likewise
--     map    what the robot has seen, in tiles that are retained: who comes later gets all of them
--     log    what has happened; each line counts, and the last ones are retained
--
-- Pages subscribe by themselves (web/link.js); a client without topics gets `pose` as plain messages. Who
-- sends {"type":"drive","v":0.4,"omega":1} drives the robot, alone until somebody else sends
-- {"type":"take"}; after 15 s without a command it goes its own way again. In CoppeliaSim the same
-- functions make an add-on or a scene's script.

local folder = debug.getinfo(1, 'S').source:match('^@(.*[/\\])') or './'
package.path = folder .. '?.lua;' .. package.path

local json = require 'dkjson'
local simWS = require 'simWS'
local Arena = require 'arena'
local Arm = require 'arm'
local Autopilot = require 'autopilot'
local Events = require 'events'
local Map = require 'map'
local Robot = require 'robot'

local IDLE_TIME = 15     -- seconds without a command until the autopilot takes over
local COMMAND_TIME = 3   -- seconds that one command holds; then the robot stands still
local TRAIL_TIME = 12    -- seconds of trail for those who join
local TOPICS = 'simws.topics.1' -- what pages speak that subscribe by themselves

local server
local events
local map = Map.new()
local robot = Robot.new(-2.35, 0, -math.pi / 2)
local autopilot = Autopilot.new()
local time = 0
local commandedAt = -math.huge
local driver             -- the connection whose commands the robot follows
local viewers = 0
local opened = 0
local numbers = {}       -- connection -> its number, for people to speak of
local trail = {}
local hasArm = false     -- what draws it has been installed

local function round(value)
    return math.floor(value * 1e4 + 0.5) / 1e4
end

local function isNumber(value)
    return type(value) == 'number' and value == value and math.abs(value) < math.huge
end

local function mode()
    return time - commandedAt < IDLE_TIME and 'manual' or 'auto'
end

-- The number of the viewer who drives; nil: nobody does.
local function driverNumber()
    return mode() == 'manual' and numbers[driver] or nil
end

local function state()
    local scan = {}
    for i, distance in ipairs(robot:scan()) do scan[i] = round(distance) end
    return {
        type = 'state',
        time = round(time),
        x = round(robot.x),
        y = round(robot.y),
        heading = round(robot.heading),
        v = round(robot.v),
        omega = round(robot.omega),
        left = round(robot.left),
        right = round(robot.right),
        command = {v = round(robot.command.v), omega = round(robot.command.omega)},
        mode = mode(),
        driver = driverNumber(),
        scan = scan,
        viewers = viewers,
    }
end

-- What a page needs to draw the scene before the first state arrives. A newcomer's says which
-- number it has.
local function snapshot(number)
    return json.encode {
        type = 'snapshot',
        you = number,
        arena = {width = Arena.width, height = Arena.height, pillars = Arena.pillars},
        robot = {
            radius = Robot.radius, wheelRadius = Robot.wheelRadius, track = Robot.track,
            maxSpeed = Robot.maxSpeed, maxTurn = Robot.maxTurn, range = Robot.range,
        },
        cell = Map.cell,
        hasArm = hasArm,
        trail = trail,
        state = state(),
    }
end

local function drive(connection, v, omega)
    if connection ~= driver or mode() == 'auto' then
        events:say(time, connection and 'viewer %d drives' or 'nobody drives', numbers[connection])
    end
    robot:drive(v, omega)
    autopilot:release()
    commandedAt, driver = time, connection
end

local function refusal(connection)
    local number = driverNumber()
    if number and driver ~= connection then
        return ('viewer %d drives: take over first'):format(number)
    end
end

-- What a page may send, by its type. Each answers nil, or why nothing was done.
local commands = {}

function commands.drive(connection, message)
    if not (isNumber(message.v) and isNumber(message.omega)) then
        return 'drive needs the numbers v (m/s) and omega (rad/s)'
    end
    local refused = refusal(connection)
    if not refused then drive(connection, message.v, message.omega) end
    return refused
end

-- Whoever asks gets it, and the robot stands: what the driver before still sends is refused.
function commands.take(connection)
    drive(connection, 0, 0)
end

commands.stop = commands.take -- a robot must be stopped by whoever sees that it has to

function commands.reset(connection)
    local refused = refusal(connection)
    if refused then return refused end
    robot:place(-2.35, 0, -math.pi / 2)
    autopilot:release()
    commandedAt, driver = -math.huge, nil
    trail = {}
    events:say(time, 'viewer %d has put the robot back', numbers[connection])
    simWS.broadcast(server, snapshot())
end

function commands.ping(connection, message)
    if not isNumber(message.id) then return 'ping needs a number as id' end
    simWS.send(server, connection, json.encode {type = 'pong', id = message.id})
end

local function handle(connection, data)
    local decoded, message = pcall(json.decode, tostring(data))
    if not decoded or type(message) ~= 'table' then return 'a message must be a JSON object' end
    local command = commands[message.type]
    if not command then return 'type must be drive, take, stop, reset or ping' end
    return command(connection, message)
end

function onMessage(server, connection, data)
    local complaint = handle(connection, data)
    if complaint then
        simWS.send(server, connection, json.encode {type = 'error', message = complaint})
    end
end

function onOpen(server, connection)
    viewers, opened = viewers + 1, opened + 1
    numbers[connection] = opened
    simWS.send(server, connection, snapshot(opened))
    if simWS.getConnectionInfo(server, connection).subprotocol ~= TOPICS then
        simWS.subscribe(server, connection, 'pose')
    end
end

function onClose(_, connection)
    viewers = viewers - 1
    numbers[connection] = nil
    if connection == driver and mode() == 'manual' then drive(nil, 0, 0) end
end

function sysCall_init()
    server = simWS.start(tonumber(arg and arg[1]) or 9000, {topics = true, maxMessageSize = 65536})
    events = Events.new(server, 'log')
    events:say(time, 'the autopilot drives')
    simWS.setOpenHandler(server, 'onOpen')
    simWS.setCloseHandler(server, 'onClose')
    simWS.setMessageHandler(server, 'onMessage')
    simWS.serveFiles(server, '/', folder .. 'web')
    -- What npm has put beside the scripts, if it was asked to (npm ci): no page loads it from elsewhere.
    hasArm = pcall(simWS.serveFiles, server, '/three', folder .. 'node_modules/three/build')
    print('The robot is at http://localhost:' .. simWS.getServerInfo(server).port)
end

function sysCall_actuation()
    local dt = sim.getSimulationTimeStep()
    time = time + dt
    local silence = time - commandedAt
    if silence >= IDLE_TIME then
        if driver then events:say(time, 'the autopilot drives') end
        driver = nil
        robot:drive(autopilot:steer(robot))
    elseif silence >= COMMAND_TIME then
        robot:drive(0, 0)
    end
    robot:step(dt)
end

function sysCall_sensing()
    trail[#trail + 1] = {round(time), round(robot.x), round(robot.y)}
    if time - trail[1][1] > TRAIL_TIME then table.remove(trail, 1) end
    simWS.publish(server, 'pose', json.encode(state()))
    simWS.publish(server, 'arm', Arm.angles(time), simWS.opcode.binary)
    for tile, cells in pairs(map:see(robot, robot:scan())) do
        simWS.publish(server, 'map', json.encode(cells), simWS.opcode.text, {key = tile, retain = true})
    end
end

function sysCall_cleanup()
    simWS.stop(server)
end
