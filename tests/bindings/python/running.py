"""Calls run itself. A callback computes until another message has come, which takes a network thread."""
import time

import simWS

server = simWS.start(0)


def on_message(server, connection, data):
    if data != 'first':
        return
    while simWS.getServerInfo(server)['messagesIn'] < 2:
        time.time()
    simWS.send(server, connection, 'the second has come')


simWS.setMessageHandler(server, on_message)
print('PORT', simWS.getServerInfo(server)['port'], flush=True)
simWS.run()
