"""Tells each client what is counted of it, and of the server."""
import json

import simWS

server = simWS.start(0, {'metrics': True, 'pingInterval': 0.01})
FIELDS = ['messagesIn', 'messagesOut', 'bytesIn', 'bytesOut', 'dropped', 'queueAge']


def on_message(server, connection, data):
    simWS.send(server, connection, json.dumps({
        'server': simWS.getServerInfo(server),
        'connection': simWS.getConnectionInfo(server, connection, FIELDS)}))


simWS.setMessageHandler(server, on_message)
print('PORT', simWS.getServerInfo(server)['port'], flush=True)
if 'sim' not in globals():
    simWS.run()
