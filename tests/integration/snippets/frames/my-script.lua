-- Serves for a moment.
local simWS = require 'simWS'
simWS.stop(simWS.start(0))
