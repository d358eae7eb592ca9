# Serves for a moment.
import simWS

simWS.stop(simWS.start(0))
