-- A simulation with a broker, whose URL is its argument: retains a map, and answers what viewers publish.
local simWS = require 'simWS'

local server = simWS.start(0, {topics = true, publishable = {'commands'}, broker = arg[1], name = 'whole'})
simWS.publish(server, 'map', 'a wall', simWS.opcode.text, {key = 'north', retain = true})

simWS.setMessageHandler(server, function(server, connection, data, opcode, topic, viewer)
    simWS.publish(server, 'answers', data .. ' from ' .. (viewer and viewer.edge or 'here'))
end)

function sysCall_actuation()
end
