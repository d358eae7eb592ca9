"""Starts a server, and computes until two messages have come, without ever serving. With "watch" it
ends at once, after it has asked for the descriptor that tells of events."""
import sys

import simWS

server = simWS.start(0)
simWS.setMessageHandler(server, lambda *_: print('handled'))
print('PORT', simWS.getServerInfo(server)['port'], flush=True)
if sys.argv[1:] == ['watch']:
    simWS.fileno()
    sys.exit()
while simWS.getServerInfo(server)['messagesIn'] < 2:
    pass
