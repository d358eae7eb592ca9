#!/usr/bin/python3
"""What `simWS.send` costs the thread that calls it, in Python.

Sends messages to a reader in another process that keeps up, in batches; between them, off the
clock, it waits until they have left. Prints the processor time of the calling thread for each
call, and ends with exit code 1 when it's over the goal. With --instructions it counts those
instead (valgrind is needed): a figure to compare builds by that is the same on a busy machine.
"""
import argparse
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
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
    parser.add_argument('--pause', type=float, default=0.0002, help='seconds between two looks at what has left')
    parser.add_argument('--instructions', action='store_true')
    parser.add_argument('--only', choices=('str', 'bytes', 'memoryview'), help='one kind of data')
    return parser.parse_args()


def kinds(size):
    text = 'x' * size
    return {'str': text, 'bytes': text.encode(), 'memoryview': memoryview(text.encode())}


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
                time.sleep(arguments.pause)
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


def instructions_of_thread(arguments, kind, messages):
    """Of the thread that calls, in a process that sends so many messages."""
    with tempfile.TemporaryDirectory() as directory:
        # Valgrind knows programs, not the scripts that pyenv puts in the place of one.
        subprocess.run(['valgrind', '--tool=callgrind', '--fair-sched=yes', '--separate-threads=yes',
                        f'--callgrind-out-file={directory}/out', os.path.realpath(sys.executable), __file__,
                        '--build', arguments.build, '--only', kind, '--size', str(arguments.size),
                        '--messages', str(messages), '--pause', '0.3'],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        text = pathlib.Path(directory, 'out-01').read_text(encoding='utf-8')
    return int(re.search(r'^(?:summary|totals): (\d+)', text, re.MULTILINE)[1])


def count_instructions(arguments):
    few, many = 2000, 12000  # that what a process begins with falls out
    print(f'| messages of {arguments.size} bytes | instructions a call, with its loop |\n|---|---|')
    for kind in kinds(1):
        counts = [instructions_of_thread(arguments, kind, messages) for messages in (few, many)]
        print(f'| {kind} | {(counts[1] - counts[0]) / (many - few):.0f} |', flush=True)


def main():
    arguments = parse_arguments()
    if arguments.instructions:
        return count_instructions(arguments)
    sys.path.insert(0, str(arguments.build / 'python'))
    import simWS

    print(f'| {arguments.messages} messages of {arguments.size} bytes | µs a call |\n|---|---|')
    worst = 0.0
    for name, data in kinds(arguments.size).items():
        if arguments.only not in (None, name):
            continue
        cost = measure(simWS, arguments, data) * 1e6
        worst = max(worst, cost)
        print(f'| {name} | {cost:.3f} |', flush=True)
    met = worst < GOAL
    print(f'\ngoal: under {GOAL} µs for 1 KiB: {"met" if met else "missed"}')
    sys.exit(0 if met else 1)


if __name__ == '__main__':
    main()
