-- Records what it streams, when a viewer asks for it.
--
--     simws run recording.lua [port] [folder]
--
-- `pose` is streamed to every WebSocket client. One that sends "record" begins a recording, one that sends "stop" ends it:
-- run-1.jsonl.gz, run-2.jsonl.gz ... in the folder, the current one if none is named. Later, without the simulation:
--
--     simws replay run-1.jsonl.gz        to the same viewers, at its times
--     npx simws-to-mcap run-1.jsonl.gz run-1.mcap        for Foxglove

local simWS = require 'simWS'

local server
local folder = arg[2] or '.'
local runs, steps = 0, 0

local commands = {}

function commands.record()
    local file = ('%s/run-%d.jsonl.gz'):format(folder, runs + 1)
    simWS.startRecording(server, file)
    runs = runs + 1
    return 'recording ' .. file
end

function commands.stop()
    local recording = simWS.stopRecording(server)
    return ('%s has %d lines'):format(recording.file, recording.lines)
end

function onOpen(server, connection)
    simWS.subscribe(server, connection, 'pose', {policy = 'latest', rate = 30})
end

-- What can't be done, as recording twice or in a folder that isn't there, the viewer hears too.
function onMessage(server, connection, data)
    local command = commands[data]
    local _, answer = pcall(command or function() error('say "record" or "stop"', 0) end)
    simWS.send(server, connection, answer)
end

function sysCall_init()
    server = simWS.start(tonumber(arg[1]) or 9000, {topics = true})
    simWS.setOpenHandler(server, 'onOpen')
    simWS.setMessageHandler(server, 'onMessage')
end

function sysCall_sensing()
    steps = steps + 1
    local angle = steps / 20
    simWS.publish(server, 'pose', ('{"x":%.3f,"y":%.3f}'):format(math.cos(angle), math.sin(angle)))
end

function sysCall_cleanup()
    simWS.stop(server) -- what is still being recorded ends in order
end
