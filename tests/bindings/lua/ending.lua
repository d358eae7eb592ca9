-- Ways in which a script ends; the first argument says which.
-- Busy loops call the system: ThreadSanitizer hands signals on in such calls only.
local simWS, server

-- Made before the module, so this is finalized after it: the servers are gone then.
collected = setmetatable({}, {__gc = function() print(pcall(simWS.getServerInfo, server)) end})

simWS = require 'simWS'
local way = arg[1]
server = simWS.start(0)

simWS.setOpenHandler(server, function() print 'open' end)
simWS.setCloseHandler(server, function() print 'close' end)
simWS.setMessageHandler(server, function(server, connection, data)
    print(#data)
    if data == 'busy' then while true do os.time() end end
    for i = 1, 100 do simWS.send(server, connection, ('x'):rep(10000) .. i) end
    if way == 'error' then error 'the script goes on' end
    if way:find '^exit' then
        pcall(coroutine.wrap(function() os.exit(3, true) end))
        print 'never'
    end
    if way == 'poll' then way = 'polled' end
end)

simWS.setHTTPHandler(server, function() os.exit(3, true) end)

print('PORT ' .. simWS.getServerInfo(server).port)
if way == 'poll' or way == 'exitPoll' then
    while way ~= 'polled' do simWS.poll(60) end
elseif way == 'pollOnce' then
    local before = os.time()
    print('handled ' .. simWS.poll(600))
elseif not sim then
    simWS.run {threaded = way == 'threaded' or way == 'exitThreaded'}
end
print 'after'
