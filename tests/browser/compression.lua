-- An echo that compresses: who takes contexts over says the argument.
local simWS = require 'simWS'

local who = arg[1]
local server = simWS.start(0, {compression = {
    threshold = 0,
    serverContextTakeover = who == 'server' or who == 'both',
    clientContextTakeover = who == 'client' or who == 'both',
}})
simWS.setMessageHandler(server, function(server, connection, data, opcode)
    assert(simWS.getConnectionInfo(server, connection, {'compression'}).compression)
    simWS.send(server, connection, data, opcode)
end)
