#!/usr/bin/python3
"""What an idle WebSocket connection costs a server in memory.

Opens 10,000 connections and prints by how much the server's resident memory grew for each. Ends
with exit code 1 when that is more than the goal of 1 KiB.
"""

import argparse
import pathlib
import re
import resource
import subprocess
import sys

from servers import ROOT, Servers

GOAL = 1024


def raise_descriptor_limit(needed):
    """For this process and those it starts."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft >= needed:
        return
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, max(needed, hard)))
    except (ValueError, PermissionError):
        sys.exit(f'needs {needed} descriptors; the limit is {hard}. Raise it (ulimit -n) or ask '
                 'for fewer --connections.')


def resident_bytes(process):
    text = pathlib.Path(f'/proc/{process.pid}/smaps_rollup').read_text()
    return 1024 * int(re.search(r'^Rss:\s+(\d+) kB', text, re.MULTILINE)[1])


def measure(servers, name, connections):
    with servers.running(name) as (server, port):
        hold(servers.load_command(name, port, '--idle', '--connections', 1))  # one-time costs
        before = resident_bytes(server)
        command = servers.load_command(name, port, '--idle', '--connections', connections)
        return hold(command, lambda: resident_bytes(server)) - before


def hold(command, while_open=lambda: None):
    """Opens connections by the load generator; the result of `while_open`."""
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as load:
        if not load.stdout.readline().startswith(b'open'):
            sys.exit('the connections could not be opened')
        result = while_open()
        load.stdin.close()
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--server', default='cpp')
    parser.add_argument('--connections', type=int, default=10000)
    parser.add_argument('--build', type=pathlib.Path, default=ROOT / 'build/release')
    arguments = parser.parse_args()
    raise_descriptor_limit(arguments.connections + 200)
    servers = Servers(arguments.build)
    if arguments.server not in servers.names() or not servers.exists(arguments.server):
        sys.exit(f'{arguments.server} is not built or installed')
    growth = measure(servers, arguments.server, arguments.connections)
    each = growth / arguments.connections
    print(f'{arguments.server}: {arguments.connections} idle connections, {growth / 1024:.0f} KiB '
          f'more resident memory, {each:.0f} bytes each (goal: at most {GOAL})')
    sys.exit(0 if each <= GOAL else 1)


if __name__ == '__main__':
    main()
