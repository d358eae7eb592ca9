#!/usr/bin/python3
"""What an idle WebSocket connection costs a server in memory.

Opens 10,000 connections and prints by how much the server's resident memory grew for each. Ends
with exit code 1 when that is more than the goal of 1 KiB.
"""

import argparse
import pathlib
import sys

from simws_bench import ROOT
from simws_bench.peers import ECHO, NAMES, peer_named
from simws_bench.servers import BenchError, Servers, raise_descriptor_limit

GOAL = 1024


def measure(servers, name, connections):
    options = ['--mode', 'idle', '--connections', connections]
    return servers.measure(name, ECHO, options)['bytes_per_connection']


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--server', choices=NAMES, default='cpp')
    parser.add_argument('--connections', type=int, default=10000)
    parser.add_argument('--build', type=pathlib.Path, default=ROOT / 'build/release')
    arguments = parser.parse_args()
    servers = Servers(arguments.build)
    if not servers.places.has(peer_named(arguments.server)):
        sys.exit(f'{arguments.server} is not built or installed')
    try:
        raise_descriptor_limit(arguments.connections + 200)
        each = measure(servers, arguments.server, arguments.connections)
    except BenchError as error:
        sys.exit(str(error))
    print(f'{arguments.server}: {arguments.connections} idle connections, {each:.0f} bytes more resident memory for '
          f'each (goal: at most {GOAL})')
    sys.exit(0 if each <= GOAL else 1)


if __name__ == '__main__':
    main()
