#!/usr/bin/python3
"""What `simWS.send` costs the thread that calls it, in Python.

Sends messages to a reader in another process that keeps up, in batches; between them, off the
clock, it waits until they have left. Prints the processor time of the calling thread for each
call, and ends with exit code 1 when it's over the goal.
"""
import argparse
import pathlib
import socket
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
GOAL = 1.0  # microseconds for each call with 1 KiB
READER = '''
import socket, sys
peer = socket.create_connection(('127.0.0.1', int(sys.argv[1])))
peer.sendall(b'GET / HTTP/1.1\\r\\nHost: localhost\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\n'
             b'Sec-WebSocket-Version: 13\\r\\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\\r\\n\\r\\n')
buffer = bytearray(1 << 20)
while peer.recv_into(buffer):
    pass
'''


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--build', type=pathlib.Path, default=ROOT / 'build/release')
    parser.add_argument('--messages', type=int, default=1_000_000)
    parser.add_argument('--size', type=int, default=1024)
    parser.add_argument('--batch', type=int, default=1000)
    return parser.parse_args()


def measure(simWS, arguments, data):
    """Processor seconds of this thread for one call, over all messages."""
    server = simWS.start(0, {'pingInterval': 0})
    opened = []
    simWS.setOpenHandler(server, lambda server, connection: opened.append(connection))
    reader = subprocess.Popen([sys.executable, '-c', READER, str(simWS.getServerInfo(server)['port'])])
    try:
        while not opened:
            simWS.poll(1)
        spent = 0.0
        for _ in range(arguments.messages // arguments.batch):
            spent += batch(simWS, server, opened[0], data, arguments.batch)
            while simWS.getConnectionInfo(server, opened[0])['queuedBytes'] > arguments.size:
                time.sleep(0.0002)
        return spent / arguments.messages
    finally:
        simWS.stop(server)
        reader.wait()


def batch(simWS, server, connection, data, count):
    send = simWS.send
    begun = time.thread_time()
    for _ in range(count):
        send(server, connection, data)
    return time.thread_time() - begun


def main():
    arguments = parse_arguments()
    sys.path.insert(0, str(arguments.build / 'python'))
    import simWS

    print(f'| {arguments.messages} messages of {arguments.size} bytes | µs a call |\n|---|---|')
    worst = 0.0
    for name, data in (('str', 'x' * arguments.size), ('bytes', b'x' * arguments.size),
                       ('memoryview', memoryview(b'x' * arguments.size))):
        cost = measure(simWS, arguments, data) * 1e6
        worst = max(worst, cost)
        print(f'| {name} | {cost:.3f} |', flush=True)
    met = worst < GOAL
    print(f'\ngoal: under {GOAL} µs for 1 KiB: {"met" if met else "missed"}')
    sys.exit(0 if met else 1)


if __name__ == '__main__':
    main()
