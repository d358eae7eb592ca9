#!/usr/bin/python3
"""How fast files are served, and what another client sees meanwhile.

`wrk` asks for a file of 1 MiB over 32 connections, of simWS and of nginx in turn, several times; the medians of rates and of
the servers' processor time are compared. Beside each, and beside no files at all, a client of a simWS server has messages echoed:
the one of the server that serves the files, and, while nginx does, one that does nothing else on a machine that is as busy.
Where real-time priority is allowed, the echo is measured once more with the server and its client before all else, so that `wrk`
takes no processor from them; what it's judged by then. Ends with exit code 1 when a goal is missed. Needs wrk and nginx, and
cores that do nothing else.
"""

import argparse
import json
import os
import pathlib
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time

from simws_bench import BENCH, ROOT
from simws_bench.programs import percentile
from simws_bench.servers import FIRST, may_be_first
from simws_bench.wire import BINARY, HANDSHAKE, frame, receive_until

RATE_GOAL = 0.7  # of nginx'
ECHO_GOAL = 1.5  # times the 99 % without files
MIB = 1 << 20
PAYLOAD = b'still served?'
ANSWER = bytes([0x80 | BINARY, len(PAYLOAD)]) + PAYLOAD
TICKS = os.sysconf('SC_CLK_TCK')
NGINX = '''
daemon off;
worker_processes 1;
pid {folder}/pid;
error_log stderr crit;
events {{}}
http {{
    access_log off;
    sendfile {sendfile};
    tcp_nopush on;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        root {www};
    }}
}}
'''


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def wait_for(port):
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            return socket.create_connection(('127.0.0.1', port), 30).close()
        except ConnectionRefusedError:
            time.sleep(0.05)
    sys.exit(f'nothing listens on port {port}')


def processor_time(pid):
    """Of a process and its children, in seconds."""
    children = pathlib.Path(f'/proc/{pid}/task/{pid}/children').read_text().split()
    fields = pathlib.Path(f'/proc/{pid}/stat').read_text().rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS + sum(map(processor_time, children))


class Server:
    def __init__(self, name, port, command):
        self.name, self.port = name, port
        self.process = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def end(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


def serve_by_simws(build, folder, order=()):
    port = free_port()
    server = Server('simWS', port, [*order, build / 'bin/simws', 'run', BENCH / 'files_server.lua', folder / 'www', port])
    server.process.stdout.readline()
    return server


def serve_by_nginx(folder, sendfile):
    port = free_port()
    own = folder / f'nginx-{sendfile}'
    own.mkdir()
    (own / 'conf').write_text(NGINX.format(folder=own, www=folder / 'www', port=port, sendfile=sendfile))
    server = Server(f'nginx, sendfile {sendfile}', port, ['nginx', '-p', own, '-c', own / 'conf', '-e', 'stderr'])
    wait_for(port)
    return server


class Echo:
    """A client in a process of its own, which measures while it's asked to."""

    def __init__(self, port, order=()):
        self.process = subprocess.Popen([*order, sys.executable, __file__, '--echo', str(port)], text=True, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)

    def start(self, seconds):
        self.process.stdin.write(f'{seconds}\n')
        self.process.stdin.flush()

    def times(self):
        return json.loads(self.process.stdout.readline())

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def echo(port):
    with socket.create_connection(('127.0.0.1', port), 60) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(HANDSHAKE)
        receive_until(connection, lambda data: data.endswith(b'\r\n\r\n'))
        for line in sys.stdin:
            seen, end = [], time.monotonic() + float(line)
            while time.monotonic() < end:
                begun = time.perf_counter()
                connection.sendall(frame(BINARY, PAYLOAD))
                assert receive_until(connection, lambda data: len(data) >= len(ANSWER)) == ANSWER
                seen.append(time.perf_counter() - begun)
                time.sleep(0.002)
            print(json.dumps(seen), flush=True)


def load(server, seconds):
    """MiB a second, and the server's processor time for each, in milliseconds."""
    before = processor_time(server.process.pid)
    done = subprocess.run(['wrk', '-t1', '-c32', f'-d{seconds}s', f'http://127.0.0.1:{server.port}/file.bin'], check=True,
                          stdout=subprocess.PIPE, text=True)
    spent = processor_time(server.process.pid) - before
    count = int(re.search(r'(\d+) requests in', done.stdout)[1])
    assert 'Non-2xx' not in done.stdout, done.stdout
    return float(re.search(r'Requests/sec: +([\d.]+)', done.stdout)[1]), spent / count * 1000


def measure(servers, echoes, rounds, seconds):
    """By name: rates, times and echoes of each round; of no server, echoes only."""
    seen = {server.name: {'rate': [], 'cpu': [], 'echo': []} for server in servers}
    seen['nobody'] = {'echo': []}
    for _ in range(rounds):
        echoes['simWS'].start(seconds)
        seen['nobody']['echo'].append(echoes['simWS'].times())
        for server in servers:
            client = echoes['simWS' if server.name == 'simWS' else 'beside']
            client.start(seconds)
            rate, cpu = load(server, seconds)
            seen[server.name]['rate'].append(rate)
            seen[server.name]['cpu'].append(cpu)
            seen[server.name]['echo'].append(client.times())
    return seen


def measure_first(build, folder, rounds, seconds):
    """The echo, by 99 %, with files by that without: server and client come before `wrk`."""
    slow = {'alone': [], 'beside': []}
    rates = []
    server = serve_by_simws(build, folder, FIRST)
    client = Echo(server.port, FIRST)
    try:
        for _ in range(rounds):
            for name, of in slow.items():
                client.start(seconds)
                if name == 'beside':
                    rates.append(load(server, seconds)[0])
                of.append(percentile(client.times(), 0.99) * 1e6)
    finally:
        client.end()
        server.end()
    alone, beside = (statistics.median(of) for of in slow.values())
    print(f'\nwrk gets what is left of the processors: {statistics.median(rates):,.0f} MiB/s; echo, 99 %: {beside:,.0f} µs, '
          f'{alone:,.0f} without files')
    return beside / alone


def report(seen, measure_again):
    """Prints a table. Returns whether the goals are met."""
    print('| files by | MiB/s | processor time per MiB | echo, median | echo, 99 % |\n|---|---|---|---|---|')
    slow = {}
    for name, of in seen.items():
        slow[name] = statistics.median(percentile(times, 0.99) for times in of['echo']) * 1e6
        middle = statistics.median(statistics.median(times) for times in of['echo']) * 1e6
        rate, cpu = (f'{statistics.median(of[key]):,.{digits}f}' if of.get(key) else '-'
                     for key, digits in (('rate', 0), ('cpu', 3)))
        print(f'| {name} | {rate} | {cpu} ms | {middle:,.0f} µs | {slow[name]:,.0f} µs |')
    best = max(statistics.median(of['rate']) for name, of in seen.items() if name.startswith('nginx'))
    share = statistics.median(seen['simWS']['rate']) / best
    ratio = measure_again() if may_be_first() else slow['simWS'] / slow['nobody']
    print(f'\nsimWS serves {share:.2f} of nginx\' rate (goal: at least {RATE_GOAL}: {"met" if share >= RATE_GOAL else "MISSED"}); '
          f'echoes take {ratio:.2f} times what they do without files (goal: at most {ECHO_GOAL}: '
          f'{"met" if ratio <= ECHO_GOAL else "MISSED"})')
    return share >= RATE_GOAL and ratio <= ECHO_GOAL


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--rounds', type=int, default=5)
    parser.add_argument('--seconds', type=int, default=3, help='for each measurement')
    parser.add_argument('--size', type=int, default=MIB, help='of the file, in bytes')
    parser.add_argument('--build', type=pathlib.Path, default=ROOT / 'build/release')
    parser.add_argument('--echo', type=int, metavar='PORT', help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.echo:
        return echo(arguments.echo)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        (folder / 'www').mkdir()
        (folder / 'www/file.bin').write_bytes(os.urandom(arguments.size))
        servers = [serve_by_simws(arguments.build, folder), serve_by_nginx(folder, 'on'), serve_by_nginx(folder, 'off')]
        beside = serve_by_simws(arguments.build, folder)
        echoes = {'simWS': Echo(servers[0].port), 'beside': Echo(beside.port)}
        try:
            is_met = report(measure(servers, echoes, arguments.rounds, arguments.seconds),
                            lambda: measure_first(arguments.build, folder, arguments.rounds, arguments.seconds))
        finally:
            for each in (*echoes.values(), *servers, beside):
                each.end()
    sys.exit(0 if is_met else 1)


if __name__ == '__main__':
    main()
