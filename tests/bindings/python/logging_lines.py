"""Serves with Python's logging as the first argument says: configured or not; then as a loop of its own."""
import logging
import sys

import simWS

if sys.argv[1] == 'configured':
    logging.basicConfig(level=logging.INFO, format='%(name)s|%(levelname)s|%(message)s')

server = simWS.start(0)


def on_message(server, connection, data):
    simWS.send(server, connection, data)
    raise RuntimeError('as the peer wished')


simWS.setMessageHandler(server, on_message)
print('PORT', simWS.getServerInfo(server)['port'], flush=True)
if 'sim' not in globals():
    while sys.argv[2] == 'polls':
        simWS.poll(60)
    simWS.run()
