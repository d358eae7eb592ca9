-- A program that computes in a loop of its own.
local simWS = require 'simWS'

local server = simWS.start(9000)
simWS.setMessageHandler(server, function(server, connection, data, opcode)
    simWS.send(server, connection, data, opcode)
end)
local running, steps = true, 0
local function step() steps = steps + 1 end

SNIPPET
