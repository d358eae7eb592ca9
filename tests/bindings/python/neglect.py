"""Starts a server, and computes until two messages have come, without ever serving."""
import simWS

server = simWS.start(0)
simWS.setMessageHandler(server, lambda *_: print('handled'))
print('PORT', simWS.getServerInfo(server)['port'], flush=True)
while simWS.getServerInfo(server)['messagesIn'] < 2:
    pass
