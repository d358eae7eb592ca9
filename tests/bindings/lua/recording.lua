-- Does what clients ask it to do with recordings: one call a message, what comes of it is the answer.
local json = require 'dkjson'
local simWS = require 'simWS'

local server = simWS.start(0)
local calls = {
    startRecording = simWS.startRecording,
    stopRecording = simWS.stopRecording,
    broadcast = simWS.broadcast,
    publish = simWS.publish,
    stop = simWS.stop,
}

simWS.setMessageHandler(server, function(server, connection, data)
    local call = json.decode(data)
    local done, result = pcall(calls[call[1]], server, table.unpack(call, 2))
    if call[1] ~= 'stop' then simWS.send(server, connection, 'answer ' .. json.encode({done, result or false})) end
end)
print('PORT ' .. simWS.getServerInfo(server).port)
if not sim then simWS.run() end
