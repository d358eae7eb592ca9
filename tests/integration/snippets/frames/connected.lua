-- A script whose own loop serves, with one client connected, and a client of its own.
local json = require 'dkjson'
local simWS = require 'simWS'

local state, page = {x = 1, y = 2}, '<!doctype html><title>page</title>'
local x, y, z = 1, 2, 3
local working, steps = true, 0
local function work()
    steps = steps + 1
    working = steps < 3
end

local server = simWS.start(9000)
local connection
while not connection do
    simWS.poll(-1)
    connection = simWS.getConnections(server)[1]
end

local client = simWS.connect('ws://localhost:9000')

local run, hasRun = simWS.run, false
function simWS.run()
    hasRun = true
    run()
end

SNIPPET
if onFail then simWS.setFailHandler(server, 'onFail') end
if onMessage then simWS.setMessageHandler(server, 'onMessage') end
if onHTTP then simWS.setHTTPHandler(server, 'onHTTP') end
if not hasRun then simWS.run() end
