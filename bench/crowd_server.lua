-- What bench/crowd.py lets be crowded. Arguments: port (0 chooses one), milliseconds that a message takes, and "stepped".
local simWS = require 'simWS'

local port, work, way = tonumber(arg[1]), tonumber(arg[2]) / 1000, arg[3]
local server = simWS.start(port)
print('port ' .. simWS.getServerInfo(server).port)
io.stdout:flush()

local function compute()
    local clock = os.clock
    local finish = clock() + work
    while clock() < finish do end
end

-- Small messages are those of the healthy client.
simWS.setMessageHandler(server, function(server, connection, data, opcode)
    if work > 0 then compute() end
    if #data < 126 then simWS.send(server, connection, data, opcode) end
end)

simWS.setHTTPHandler(server, function() return 200, '<!DOCTYPE html><p>page</p>' end)

if way == 'stepped' then
    function sysCall_actuation() end
end
