"""Echoes; a message 'fail' raises an error. Writes its port to the file named by the first argument."""
import sys

import simWS

server = simWS.start(0)


def on_message(server, connection, data):
    if data == 'fail':
        raise RuntimeError('as the peer wished')
    simWS.send(server, connection, data)


simWS.setMessageHandler(server, on_message)
port = simWS.getServerInfo(server)['port']
if sys.argv[1:]:
    with open(sys.argv[1], 'w') as file:
        file.write(str(port))
else:
    print('PORT', port, flush=True)
if 'sim' not in globals():
    simWS.run()
