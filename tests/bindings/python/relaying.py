"""What a handler was told, sent on: as it is, to all, in fragments, and at the next message; and other objects that come to
lie where it lay. A text that is sent on gets no second form of its own."""
import gc
import sys

import simWS

server = simWS.start(0)
kept = None


def on_message(server, connection, data, opcode):
    global kept
    size = sys.getsizeof(data)
    simWS.send(server, connection, data)
    simWS.broadcast(server, data, opcode)
    simWS.send(server, connection, data, opcode, {'fin': False})
    simWS.send(server, connection, data, simWS.opcode.continuation)
    if 5000 < len(data) < 100_000 and sys.getsizeof(data) != size:
        print('GREW', flush=True)
    if kept:
        simWS.send(server, connection, *kept)
    kept = (data, opcode)
    if ('end' if isinstance(data, str) else b'end') in data:
        kept = None
        size = len(data)
        del data
        gc.collect()
        for _ in range(50):
            simWS.send(server, connection, 'x' * size)
    else:
        for _ in range(2):
            simWS.send(server, connection, data, opcode)


def on_close(server, connection):
    simWS.stop(server)


simWS.setMessageHandler(server, on_message)
simWS.setCloseHandler(server, on_close)
print('PORT', simWS.getServerInfo(server)['port'], flush=True)
simWS.run()
