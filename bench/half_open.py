#!/usr/bin/python3
"""What a healthy client sees while others stop in the middle of TLS handshakes.

First of a quiet server, then beside 5,000 peers, each of which sends its first TLS message, or half of it, says no more, and
comes again when it's dropped: how long the client's echoes take, and connections with TLS, WebSocket's handshake and an
echo. Ends with exit code 1 when a median is more than twice the quiet server's. Needs two cores that do nothing else.
"""

import argparse
import json
import os
import pathlib
import resource
import socket
import ssl
import statistics
import subprocess
import sys
import time

from crowd_peers import Case, Crowd
from simws_bench import ROOT
from simws_bench.servers import Servers
from simws_bench.wire import BINARY, HANDSHAKE, frame, memory, receive_until

GOAL = 2  # times the quiet server's
PAYLOAD = b'still served?'
ANSWER = bytes([0x80 | BINARY, len(PAYLOAD)]) + PAYLOAD
KINDS = ('echo', 'connect')


def trusting():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def client_hello():
    outgoing = ssl.MemoryBIO()
    try:
        trusting().wrap_bio(ssl.MemoryBIO(), outgoing).do_handshake()
    except ssl.SSLWantReadError:
        pass
    return outgoing.read()


def crowd(port, count, part):
    """Until standard input ends. It yields to the client: it's the server that is measured."""
    os.nice(10)
    hello = client_hello()
    case = Case('', count, burst=hello[:int(len(hello) * part)], again=True)
    Crowd(case, port).run(3600)


class Client:
    def __init__(self, port):
        self.port, self.tls = port, trusting()
        self.open_one = self.connect()

    def connect(self):
        connection = self.tls.wrap_socket(socket.create_connection(('127.0.0.1', self.port), 60))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(HANDSHAKE)
        receive_until(connection, lambda data: data.endswith(b'\r\n\r\n'))
        return connection

    def echo(self, connection=None):
        connection = connection or self.open_one
        connection.sendall(frame(BINARY, PAYLOAD))
        if receive_until(connection, lambda data: len(data) >= len(ANSWER)) != ANSWER:
            raise ConnectionError('not an echo')

    def visit(self):
        with self.connect() as connection:
            self.echo(connection)

    def times(self, seconds):
        """Of each kind, in seconds."""
        seen = {kind: [] for kind in KINDS}
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for kind, work in (('echo', self.echo), ('connect', self.visit)):
                begun = time.perf_counter()
                work()
                seen[kind].append(time.perf_counter() - begun)
                time.sleep(0.005)
        return seen


def client(port, seconds):
    """After each line of standard input it measures, and prints what it saw."""
    one = Client(port)
    for _ in sys.stdin:
        print(json.dumps(one.times(seconds)), flush=True)


def start(*words):
    return subprocess.Popen([sys.executable, __file__, *map(str, words)], text=True, stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE)


def ask(process):
    process.stdin.write('\n')
    process.stdin.flush()
    return json.loads(process.stdout.readline())


def connections(server):
    """As many as the server has descriptors, but for those it has itself."""
    return len(os.listdir(f'/proc/{server.pid}/fd'))


def wait_for_crowd(server, count):
    end = time.monotonic() + 60
    while connections(server) < count:
        if time.monotonic() > end or server.poll() is not None:
            sys.exit(f'the server has {connections(server)} connections of {count}')
        time.sleep(0.1)


def measure(servers, peers, seconds):
    with servers.running('tls_echo', command=[servers.places.build / 'bench/bench_tls_echo']) as (server, port):
        witness = start('--client', port, '--seconds', seconds)
        processes = [witness]
        try:
            ask(witness)  # what is done for the first time takes longer
            quiet, before = ask(witness), memory(server.pid, 'VmRSS')
            processes += [start('--crowd', port, '--peers', peers // 2, '--part', part) for part in (0.5, 1)]
            wait_for_crowd(server, peers * 0.95)
            crowded, after = ask(witness), memory(server.pid, 'VmRSS')
            wait_for_crowd(server, peers * 0.9)
            return quiet, crowded, (after - before) / peers
        finally:
            for process in processes:
                process.kill()
                process.communicate()


def table(quiet, crowded):
    """Prints it; returns the worst ratio of the medians."""
    print('| | quiet, median | beside them | ratio | 99 % quiet | 99 % beside them |\n|---|---|---|---|---|---|')
    worst = 0
    for kind in KINDS:
        medians = [statistics.median(times[kind]) * 1000 for times in (quiet, crowded)]
        slow = [sorted(times[kind])[len(times[kind]) * 99 // 100] * 1000 for times in (quiet, crowded)]
        ratio = medians[1] / medians[0]
        worst = max(worst, ratio)
        print(f'| {kind} | {medians[0]:.2f} ms | {medians[1]:.2f} ms | {ratio:.2f} | {slow[0]:.2f} ms | {slow[1]:.2f} ms |')
    return worst


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--peers', type=int, default=5000)
    parser.add_argument('--seconds', type=float, default=10, help='for each of the two')
    parser.add_argument('--build', type=pathlib.Path, default=ROOT / 'build/release')
    for hidden in ('--client', '--crowd'):
        parser.add_argument(hidden, type=int, metavar='PORT', help=argparse.SUPPRESS)
    parser.add_argument('--part', type=float, default=1, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.client:
        return client(arguments.client, arguments.seconds)
    if arguments.crowd:
        return crowd(arguments.crowd, arguments.peers, arguments.part)
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < arguments.peers + 200:
        sys.exit(f'needs {arguments.peers + 200} descriptors; the limit is {hard}: raise it (ulimit -n)')
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    quiet, crowded, each = measure(Servers(arguments.build), arguments.peers, arguments.seconds)
    ratio = table(quiet, crowded)
    print(f'\n{arguments.peers:,} half-open TLS handshakes, {each:,.0f} bytes of resident memory for each (goal: at most {GOAL} times '
          f'the quiet server: {"met" if ratio <= GOAL else "MISSED"})')
    sys.exit(0 if ratio <= GOAL else 1)


if __name__ == '__main__':
    main()
