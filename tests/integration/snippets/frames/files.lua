-- A script that serves the files beside it.
local simWS = require 'simWS'
local folder = debug.getinfo(1, 'S').source:match('^@(.*[/\\])') or './'
local server = simWS.start(9000)

SNIPPET
