-- Prints the lines of the log as `LOG <level> <line>`. What a message says is done to the handler.
local simWS = require 'simWS'

local raises = false

local function onLog(level, line)
    io.write('LOG ', level, ' ', line, '\n')
    io.flush()
    if raises then error 'no room on the screen' end
end

onNamed = nil
simWS.setLogHandler(onLog)
local server = simWS.start(0)

local commands = {
    fail = function() error 'as the peer wished' end,
    raise = function() raises = true end,
    clear = function() simWS.setLogHandler(nil) end,
    set = function() simWS.setLogHandler(onLog) end,
    name = function() simWS.setLogHandler('onNamed') end,
    define = function() onNamed = onLog end,
    poll = function()
        simWS.setLogHandler(function(level, line)
            io.write('POLL ', tostring(select(2, pcall(simWS.poll))), '\n')
            io.flush()
        end)
    end,
}

simWS.setMessageHandler(server, function(server, connection, data)
    simWS.send(server, connection, data)
    if commands[data] then commands[data]() end
end)
io.write('PORT ', simWS.getServerInfo(server).port, '\n')
io.flush()
if not sim then simWS.run() end
