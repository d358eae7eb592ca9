-- A script with a page in a file beside it.
local simWS = require 'simWS'
local folder = debug.getinfo(1, 'S').source:match('^@(.*[/\\])') or './'
local page <close> = assert(io.open(folder .. 'page.html', 'w'))
page:write('<!doctype html><title>page</title>')
page:flush()

SNIPPET

simWS.setHTTPHandler(simWS.start(9000), 'onHTTP')
