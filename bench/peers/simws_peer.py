"""The server that is measured for Python: simws_peer.py <port> <role>"""
import os
import sys

import simWS

MIB = 1 << 20


def echo(server, connection, data):
    simWS.send(server, connection, data)


def fan_out(server, connection, data):
    simWS.broadcast(server, data)


contexts = {'serverContextTakeover': True, 'clientContextTakeover': True}
server = simWS.start(int(sys.argv[1]), {'maxConnections': 20000, 'maxMessageSize': 65 * MIB,
                                        'maxQueuedBytes': 256 * MIB, 'maxTotalQueuedBytes': 1024 * MIB,
                                        'tls': {'certificate': os.environ['BENCH_CERTIFICATE']} if sys.argv[2] == 'tls' else None,
                                        'compression': 'deflate' in sys.argv[2] and contexts})
simWS.setMessageHandler(server, fan_out if sys.argv[2].startswith('fan-out') else echo)
print('port', simWS.getServerInfo(server)['port'], flush=True)
simWS.run()
