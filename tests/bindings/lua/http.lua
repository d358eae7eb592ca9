-- Answers of an http handler, right and wrong.
local simWS = require 'simWS'

local server = simWS.start(0)

local answers = {
    ['/plain.txt'] = function() return 200, 'plain' end,
    ['/created'] = function() return 201, 'made', {['Content-Type'] = 'text/x-made', ['X-Robot'] = 'R2'} end,
    ['/status'] = function() return 204 end,
    ['/float'] = function() return 200.0, 'float' end,
    ['/nothing'] = function() end,
    ['/nil'] = function() return nil, 'not here' end,
    ['/binary'] = function() return 200, '\0\xff' end,
    ['/large'] = function() return 200, ('x'):rep(3000000) end,
    ['/error'] = function() error 'broken' end,
    ['/badStatus'] = function() return '200', 'x' end,
    ['/zero'] = function() return 0, 'x' end,
    ['/huge'] = function() return 2 ^ 53, 'x' end,
    ['/badBody'] = function() return 200, {} end,
    ['/badHeaders'] = function() return 200, 'x', 'y' end,
    ['/badHeader'] = function() return 200, 'x', {Age = 5} end,
    ['/splitHeader'] = function() return 200, 'x', {A = 'b\r\nSet-Cookie: c'} end,
    ['/splitName'] = function() return 200, 'x', {['A: b\r\nC'] = 'd'} end,
    ['/request'] = function(data, request)
        return 200, table.concat({request.method, request.headers['x-robot'] or '-', request.remoteAddress:match '^[%d.]+', data}, ' ')
    end,
    ['/unset'] = function()
        simWS.setHTTPHandler(server, nil)
        return 200, 'unset'
    end,
    ['/missing'] = function()
        simWS.setHTTPHandler(server, 'nowhere')
        return 200, 'missing'
    end,
    ['/four'] = function()
        simWS.setHTTPHandler(server, function(server, connection, resource, data) return 200, resource .. data end)
        return 200, 'four'
    end,
}

simWS.setHTTPHandler(server, function(server, connection, resource, data, request)
    return answers[resource:match '^[^?]*'](data, request)
end)

print('PORT ' .. simWS.getServerInfo(server).port)
if not sim then simWS.run {threaded = true} end
