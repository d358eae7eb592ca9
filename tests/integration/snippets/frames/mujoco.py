# A program with a simulation that is stepped as MuJoCo's are.
import types

import simWS

mujoco = types.SimpleNamespace(mj_step=lambda model, data: data.append(model))
model, data = 'model', []
server = simWS.start(9000)
simWS.setMessageHandler(server, lambda server, connection, data: simWS.send(server, connection, data))

try:
    SNIPPET
except KeyboardInterrupt:
    pass
