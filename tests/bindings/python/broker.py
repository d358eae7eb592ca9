"""Serves with the options given as JSON, besides what the test may publish to. Does what its clients ask, and
tells all of them what viewers of edges publish. Where it can't be started, another server tells why.
"""
import json
import sys

import simWS

problem = None
try:
    server = simWS.start(0, {**json.loads(sys.argv[1]), 'publishable': ['orders/#']})
except Exception as error:
    problem = str(error)
    server = simWS.start(0)


def info():
    broker = simWS.getServerInfo(server)['broker']
    return {key: value for key, value in broker.items() if value is not None}


calls = {
    'info': info,
    'publish': lambda topic, data, options=None: simWS.publish(server, topic, data, simWS.opcode.text, options or {}),
}


def on_open(_, connection):
    if problem:
        simWS.send(server, connection, problem)


def on_message(_, connection, data, opcode, topic, remote):
    if remote:
        simWS.broadcast(server, json.dumps({
            'connection': connection, 'size': len(data), 'opcode': opcode, 'topic': topic, 'remote': remote}))
        return
    name, *arguments = json.loads(data)
    if name == 'stop':
        simWS.stop(server)
        return
    simWS.send(server, connection, json.dumps(calls[name](*arguments)))


simWS.setOpenHandler(server, on_open)
simWS.setMessageHandler(server, on_message)
print('PORT', simWS.getServerInfo(server)['port'], flush=True)
if 'sim' not in globals():
    simWS.run()
