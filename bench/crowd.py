#!/usr/bin/python3
"""What a healthy client sees while others misbehave.

For each case a fresh server, a crowd of peers that stop in the middle of requests and messages,
send byte by byte or flood, and beside them one client in a process of its own: how long its
echoes take, pages on new connections, and handshakes with an echo, at worst; and by how much the
server's memory grows. Prints a table, and ends with exit code 1 when a goal is missed: 100 ms for
each, memory within maxPendingBytes, one maxMessageSize, and 64 KiB for each peer in the middle of
something. Needs two cores that do nothing else; the case "nobody" shows whether they are busy.
"""

import argparse
import contextlib
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile

from crowd_peers import cases
from simws_bench import BENCH, ROOT
from simws_bench.servers import Servers
from simws_bench.wire import memory

GOAL = 0.1  # seconds
MIB = 1 << 20
PENDING = 16 * MIB  # maxPendingBytes
LARGEST_MESSAGE = {'cpp': 65 * MIB}  # maxMessageSize, where it isn't the default
FOR_EACH_PEER = 64 << 10
SLACK = 8 * MIB
KINDS = ('echo', 'page', 'handshake')
WAYS = ('direct', 'threaded', 'stepped', 'cpp')
FEW_DESCRIPTORS = 'handshakes-1024'  # the case 'handshakes' at 1,024 descriptors, which has no goal


class Row:
    """What was measured of one case with one server."""

    def __init__(self, name, way, text):
        self.name, self.way, self.text = name, way, text
        self.seen = {}
        self.growth = self.allowed = 0
        self.died = None
        self.log = ''

    def is_met(self):
        return (self.died is None and self.growth <= self.allowed and
                all(self.is_kind_met(kind) for kind in KINDS))

    def is_kind_met(self, kind):
        seen = self.seen.get(kind)
        return bool(seen) and not seen['error'] and seen['worst'] <= GOAL

    def cells(self):
        goal = 'told' if self.name == FEW_DESCRIPTORS else 'met' if self.is_met() else 'MISSED'
        ended = '' if self.died is None else f'; the server ended with {self.died}'
        return (self.text, self.way, *map(self.time, KINDS),
                f'{self.growth / MIB:.1f} of {self.allowed / MIB:.0f} MiB', goal + ended)

    def time(self, kind):
        seen = self.seen.get(kind)
        if not seen:
            return 'none'
        bound = '> ' if seen['unfinished'] else ''
        error = f', then {seen["error"]}' if seen['error'] else ''
        return f'{bound}{seen["worst"] * 1000:,.0f} ms ({seen["count"]}){error}'


def server_command(servers, way, work):
    if way == 'cpp':
        return None  # as the table of servers has it
    script = [servers.host, 'run', '--step', '10ms', BENCH / 'crowd_server.lua', '0', str(work)]
    if way == 'threaded':
        script.insert(2, '--threaded')
    if way == 'stepped':
        script.append('stepped')
    return script


def python(script, *arguments):
    return subprocess.Popen([sys.executable, BENCH / script, *map(str, arguments)], text=True,
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE)


@contextlib.contextmanager
def ended(process):
    """Kills what still runs."""
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def measure(servers, way, name, seconds):
    case = cases()[name.removesuffix('-1024')]
    command = server_command(servers, way, case.work)
    row = Row(name, way, case.text + (', 1,024 descriptors' if name == FEW_DESCRIPTORS else ''))
    row.allowed = PENDING + LARGEST_MESSAGE.get(way, 32 * MIB) + FOR_EACH_PEER * case.peers + SLACK
    with (tempfile.TemporaryFile('w+') as log,
          servers.running(way, log=log, command=command) as (server, port)):
        if name == FEW_DESCRIPTORS:
            resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (1024, 1024))
        watch(row, server, port, seconds)
        log.seek(0)
        row.log = log.read()
    return row


def watch(row, server, port, seconds):
    """The witness has its connection before the crowd comes."""
    with ended(python('crowd_witness.py', port, seconds)) as witness:
        if witness.stdout.readline() != 'open\n':
            sys.exit('the healthy client could not even connect')
        before = memory(server.pid, 'VmRSS')
        with ended(python('crowd_peers.py', row.name.removesuffix('-1024'), port, seconds + 5)):
            witness.stdin.write('\n')
            witness.stdin.flush()
            told = witness.stdout.readline()
            row.died = server.poll()
            if row.died is None:
                row.growth = memory(server.pid, 'VmHWM') - before
    row.seen = json.loads(told) if told else {}


def print_table(rows):
    print('| others | server | echo | page | handshake | memory | |\n|---|---|---|---|---|---|---|')
    for row in rows:
        print('| ' + ' | '.join(row.cells()) + ' |')
    print('\nTimes are the worst of as many as stand in brackets; > means that it took longer still.')
    for row in rows:
        if row.name == FEW_DESCRIPTORS:
            lines = [line for line in row.log.splitlines() if 'descriptor' in line]
            print(f'{row.way} at 1,024 descriptors: its log has {len(row.log.splitlines())} lines, of which '
                  f'{len(lines)} speak of descriptors' + ''.join(f'\n    {line}' for line in lines[:3]))


def raise_descriptor_limit():
    """For the crowd, and for servers that don't do it themselves."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if hard < 5200:
        sys.exit(f'needs 5,200 descriptors; the limit is {hard}: raise it (ulimit -n)')


def names_of(text, known):
    names = list(known) if text == 'all' else text.split(',')
    if unknown := set(names) - set(known):
        sys.exit(f'unknown: {", ".join(unknown)}; known: {", ".join(known)}')
    return names


def main():
    known = [*cases(), FEW_DESCRIPTORS]
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--servers', default='direct,threaded', help=f'all, or of {", ".join(WAYS)}')
    parser.add_argument('--cases', default='all', help=f'all, or of {", ".join(known)}')
    parser.add_argument('--seconds', type=float, default=12, help='for each case')
    parser.add_argument('--build', type=pathlib.Path, default=ROOT / 'build/release')
    arguments = parser.parse_args()
    ways, names = names_of(arguments.servers, WAYS), names_of(arguments.cases, known)
    raise_descriptor_limit()
    servers = Servers(arguments.build)
    if not os.access(servers.host, os.X_OK):
        sys.exit(f'{servers.host} is not built: build the release preset first')
    rows = []
    for way in ways:
        for name in names:
            if way == 'cpp' and cases()[name.removesuffix('-1024')].work:
                continue  # it only echoes
            rows.append(measure(servers, way, name, arguments.seconds))
            print(f'{way} {name}: {rows[-1].cells()[2:]}', file=sys.stderr, flush=True)
    print_table(rows)
    sys.exit(0 if all(row.is_met() for row in rows if row.name != FEW_DESCRIPTORS) else 1)


if __name__ == '__main__':
    main()
