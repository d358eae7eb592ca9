#!/usr/bin/python3
"""What a flood of small messages does to a script whose callback takes 50 µs.

Floods a dispatcher with messages while another connection sends one every 10 ms, and prints a
table: how long the passes of the script took, how long the other connection's messages waited,
whether all arrived, and by how much the server's memory grew at most. Ends with exit code 1 when
a goal is missed. Needs two cores that do nothing else.
"""

import argparse
import json
import pathlib
import struct
import subprocess
import sys
import threading
import time

from simws_bench import ROOT
from simws_bench.wire import BINARY, CLOSE, connect, frame, memory

BOUND = 16 << 20  # maxPendingBytes
SLACK = 4 << 20  # what the allocator and the network thread need besides
INTERVAL = 0.01  # seconds between messages of the other connection


def message(letter, number, size):
    return frame(BINARY, (letter + struct.pack('<Q', number)).ljust(size, b'.'))


class Other(threading.Thread):
    """The connection that sends a message now and then."""

    def __init__(self, connection, size):
        super().__init__()
        self.connection, self.size = connection, size
        self.sent = 0
        self.ended = threading.Event()

    def run(self):
        while not self.ended.wait(INTERVAL):
            self.connection.sendall(message(b'o', time.monotonic_ns(), self.size))
            self.sent += 1


def start_floods(port, arguments):
    """Sends the flood from as many threads as it has connections; gives the connections."""
    each = arguments.messages // arguments.floods
    wire = b''.join(message(b'f', number, arguments.size) for number in range(each))
    connections = [connect(port) for _ in range(arguments.floods)]
    for connection in connections:
        threading.Thread(target=connection.sendall, args=[wire], daemon=True).start()
    return connections


def measure(process, arguments):
    port = int(process.stdout.readline().split()[1])
    other = Other(connect(port), arguments.size)
    before = memory(process.pid, 'VmRSS')
    other.start()
    begun = time.monotonic()
    floods = start_floods(port, arguments)
    if process.stdout.readline() != 'delivered\n':
        sys.exit('the flood was not delivered')
    seconds = time.monotonic() - begun
    growth = memory(process.pid, 'VmHWM') - before
    other.ended.set()
    other.join()
    for connection in [*floods, other.connection]:
        connection.sendall(frame(CLOSE, struct.pack('!H', 1000)))
    return {**json.loads(process.stdout.readline()), 'sent_by_other': other.sent,
            'seconds': seconds, 'growth': growth}


def print_result(result, arguments):
    """True when all goals are met."""
    median, nearly_all, longest = (result[f'latency_{name}_us'] / 1000
                                   for name in ('median', '99', 'max'))
    rows = [
        ('flood delivered, in order',
         f'{result["flood"]:,} of {arguments.messages:,} in {result["seconds"]:.1f} s',
         result['flood'] == arguments.messages and result['out_of_order'] == 0),
        ('no pass over its 5 ms by more than one callback',
         f'{result["over"]} of {result["passes"]:,} were; furthest from it '
         f'{result["furthest_over_us"]:+.0f} µs; the longest took '
         f'{result["longest_us"] / 1000:.2f} ms, with what the system took away',
         result['over'] == 0),
        ("other connection's messages delivered",
         f'{result["others"]:,} of {result["sent_by_other"]:,}; waited {median:.2f} ms (median), '
         f'{nearly_all:.2f} ms (99 %), {longest:.2f} ms (longest)',
         result['others'] == result['sent_by_other'] > 0),
        (f'memory within {BOUND >> 20} MiB and {SLACK >> 20} MiB of slack',
         f'{result["growth"] / (1 << 20):.1f} MiB', result['growth'] <= BOUND + SLACK),
    ]
    print('| goal | measured | |\n|---|---|---|')
    for name, value, is_met in rows:
        print(f'| {name} | {value} | {"met" if is_met else "MISSED"} |')
    if result['stolen'] > 0.02:
        print(f'\nOther programs had the processor for {result["stolen"]:.0%} of the time of the '
              'passes: times are those of a busy machine.')
    return all(is_met for _, _, is_met in rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--messages', type=int, default=500_000)
    parser.add_argument('--floods', type=int, default=1, help='connections that flood')
    parser.add_argument('--size', type=int, default=16, help='bytes of a message, 9 to 125')
    parser.add_argument('--build', type=pathlib.Path, default=ROOT / 'build/release')
    arguments = parser.parse_args()
    if not 9 <= arguments.size <= 125 or arguments.floods < 1:
        parser.error('--size must be 9 to 125, --floods at least 1')
    arguments.messages -= arguments.messages % arguments.floods
    program = arguments.build / 'bench/bench_flood'
    if not program.exists():
        sys.exit(f'{program} is not built: build the release preset first')
    command = [program, str(arguments.messages)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            result = measure(process, arguments)
        finally:
            process.kill()
    sys.exit(0 if print_result(result, arguments) else 1)


if __name__ == '__main__':
    main()
