-- A server with topics for the tests of simws.js in browsers: robot.lua PORT SESSION [TOKEN]
local simWS = require 'simWS'

local port, session, token = tonumber(arg[1]), arg[2], arg[3]
local steps = 0
local server

local PAGE = [[<!doctype html><meta charset="utf-8"><title>robot</title><link rel="icon" href="data:,">
<script type="module">
  import {connect} from '/simws.js';
  Object.assign(window, {connect, isReady: true});
</script>]]

-- In a worker, and in one that pages share.
local WORKER = [[
  import {connect} from '/simws.js';
  const ports = globalThis.onconnect === undefined ? [globalThis] : [];
  globalThis.onconnect = ({ports: [port]}) => ports.push(port);
  const client = connect();
  client.subscribe('map', data => ports.forEach(port => port.postMessage(data)));
  client.subscribe('tick', () => ports.forEach(port => port.postMessage('tick')));
]]

function onHTTP(server, connection, resource)
    local path = resource:match('^[^?]*')
    if path == '/worker.js' then return 200, WORKER, {['Content-Type'] = 'text/javascript'} end
    if path == '/' then return 200, PAGE, {['Content-Type'] = 'text/html'} end
    return 404
end

-- Messages of many parts, of characters that are more than a byte.
local BIG_TEXT = ('grün '):rep(100000)
local BIG_BYTES = ('\0\1\2\255'):rep(100000)

local commands = {
    big = function()
        simWS.publish(server, 'big/text', BIG_TEXT)
        simWS.publish(server, 'big/bytes', BIG_BYTES, simWS.opcode.binary)
    end,
    leave = function(connection)
        simWS.close(server, connection, 4001, 'enough')
    end,
}

function onMessage(server, connection, data, opcode, topic)
    data = tostring(data)
    if topic then
        simWS.publish(server, 'driven', topic .. ' ' .. data)
    elseif commands[data] then
        commands[data](connection)
    else
        simWS.send(server, connection, data, opcode)
    end
end

function sysCall_init()
    server = simWS.start(port, {
        topics = {'tick', 'scan', 'map', 'driven', 'robot/#', 'big/#'}, publishable = {'drive'}, token = token,
    })
    simWS.setHTTPHandler(server, 'onHTTP')
    simWS.setMessageHandler(server, 'onMessage')
    simWS.publish(server, 'map', 'map of ' .. session, simWS.opcode.text, {key = 'hall', retain = true})
end

function sysCall_actuation()
    steps = steps + 1
    simWS.publish(server, 'tick', tostring(steps))
    simWS.publish(server, 'scan', steps .. (' '):rep(16000))
    for i = 1, 100 do simWS.publish(server, 'robot/' .. i, ('%d of %d'):format(steps, i)) end
end
