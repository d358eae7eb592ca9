-- What nginx runs for each connection; nginx_peer.py sets `role`.
local websockets = require 'nginx.websocket.server'

local LARGEST = 65 * 1024 * 1024
local HOURS = 10 * 3600 * 1000 -- milliseconds

-- Fan-out: each connection has a light thread that sends what its queue has.
queues = queues or {}

local function sendAll(socket, queue)
    while not queue.ended do
        if queue.first > queue.last then queue.ready:wait(3600) end
        while queue.first <= queue.last do
            local data = queue[queue.first]
            queue[queue.first] = nil
            queue.first = queue.first + 1
            if not socket:send_text(data) then return end
        end
    end
end

local function queueForAll(data)
    for queue in pairs(queues) do
        queue.last = queue.last + 1
        queue[queue.last] = data
        if queue.last == queue.first then queue.ready:post(1) end
    end
end

local function takePart(socket)
    local queue = {first = 1, last = 0, ready = require 'ngx.semaphore'.new()}
    queues[queue] = true
    ngx.thread.spawn(sendAll, socket, queue)
    return queue
end

local function answer(socket, data, kind)
    if kind == 'text' then
        if role == 'fan-out' then queueForAll(data) else return socket:send_text(data) end
    elseif kind == 'binary' then
        return socket:send_binary(data)
    elseif kind == 'ping' then
        return socket:send_pong(data)
    end
    return true
end

local socket = assert(websockets:new{timeout = HOURS, max_payload_len = LARGEST})
local queue = role == 'fan-out' and takePart(socket)
while true do
    local data, kind = socket:recv_frame()
    if not data then break end
    if kind == 'close' then
        socket:send_close(1000)
        break
    end
    if not answer(socket, data, kind) then break end
end
if queue then
    queue.ended = true
    queues[queue] = nil
    queue.ready:post(1)
end
ngx.exit(ngx.OK)
