-- Decisions of an upgrade handler, right and wrong, by the path that is asked for.
local simWS = require 'simWS'

local server = simWS.start(0, {subprotocols = {'v1'}})

local answers = {
    ['/yes'] = function() return true end,
    ['/headers'] = function() return true, nil, {['X-Robot'] = 'R2'} end,
    ['/no'] = function() return false end,
    ['/full'] = function() return 503, 'full', {['Retry-After'] = '9'} end,
    ['/float'] = function() return 404.0 end,
    ['/nothing'] = function() end,
    ['/nil'] = function() return nil end,
    ['/ok'] = function() return 200 end,
    ['/text'] = function() return 'true' end,
    ['/error'] = function() error 'broken' end,
    ['/body'] = function() return true, 'body' end,
    ['/misplaced'] = function() return true, {['X-Robot'] = 'R2'} end,
    ['/own'] = function() return true, nil, {Upgrade = 'h2c'} end,
    ['/split'] = function() return true, nil, {A = 'b\r\nSet-Cookie: c'} end,
    ['/request'] = function(request)
        return true, nil, {['X-Request'] = table.concat({
            request.method, request.resource, request.query.a, request.query['b c'],
            request.headers['x-robot'], tostring(request.origin), table.concat(request.subprotocols, '+'),
            request.remoteAddress:match '^[%d.]+'}, ' ')}
    end,
    ['/unset'] = function()
        simWS.setUpgradeHandler(server, nil)
        return true
    end,
    ['/missing'] = function()
        simWS.setUpgradeHandler(server, 'nowhere')
        return true
    end,
    ['/stop'] = function()
        simWS.stop(server)
        return true
    end,
}

simWS.setUpgradeHandler(server, function(server, connection, request)
    assert(simWS.getConnectionInfo(server, connection).state == 'connecting')
    return answers[request.path](request)
end)
simWS.setOpenHandler(server, function(server, connection) print 'open' end)
simWS.setFailHandler(server, function(server, connection)
    print('fail ' .. simWS.getConnectionInfo(server, connection).error)
end)

print('PORT ' .. simWS.getServerInfo(server).port)
if not sim then simWS.run {threaded = true} end
