-- HTTP beside WebSocket, on the same port: pages, JSON and commands for tools such as curl.
--
--     simws run http.lua [port]
--
--     curl localhost:9000/state
--     curl localhost:9000/speed -d '{"speed": 0.4}'
--     curl -I localhost:9000/            (HEAD: the headers of GET, made by the server itself)

local json = require 'dkjson'
local simWS = require 'simWS'

local robot = {name = 'Karel', speed = 0}
local page = '<!doctype html><title>%s</title><h1>%s</h1><p>Speed: %g m/s, <a href="/state">JSON</a>'

-- Status, data and headers. Without a Content-Type the server takes it from the resource's ending.
local function answerJson(status, value)
    return status, json.encode(value) .. '\n', {['Content-Type'] = 'application/json'}
end

local routes = {}

routes['GET /'] = function()
    local html = page:format(robot.name, robot.name, robot.speed)
    return 200, html, {['Content-Type'] = 'text/html; charset=utf-8'}
end

routes['GET /state'] = function()
    return answerJson(200, robot)
end

-- The body of the request comes as data.
routes['POST /speed'] = function(data)
    local decoded, body = pcall(json.decode, data)
    local speed = decoded and type(body) == 'table' and body.speed
    if type(speed) ~= 'number' or math.abs(speed) > 1 then
        return answerJson(400, {error = 'expected {"speed": a number from -1 to 1}'})
    end
    robot.speed = speed
    return answerJson(200, robot)
end

routes['GET /old-state'] = function()
    return 301, '', {Location = '/state'}
end

-- The fifth parameter tells method and headers. A resource is path and query as they were sent.
function onHttp(server, connection, resource, data, request)
    local path = resource:match('^[^?]*')
    local method = request.method == 'HEAD' and 'GET' or request.method
    local route = routes[method .. ' ' .. path]
    if route then return route(data) end
    return answerJson(404, {error = 'there is no ' .. method .. ' ' .. path})
end

local server = simWS.start(tonumber(arg[1]) or 9000)
simWS.setHTTPHandler(server, 'onHttp')
