#!/usr/bin/python3
"""What an echoed message costs a server, beside other servers.

Starts each server anew in each round, alternating between them, and prints the median of the
server's processor time per message as a Markdown table, with the ratio to Boost.Beast. Ends with
the goals, and with exit code 1 when one of those measured is missed.
"""

import argparse
import os
import pathlib
import statistics
import sys
from dataclasses import dataclass

from servers import ROOT, Servers


@dataclass(frozen=True)
class Case:
    size: int
    pipeline: int
    payload: str = 'ascii'

    def title(self):
        size = f'{self.size} B' if self.size < 1024 else f'{self.size // 1024} KiB'
        return f'{size} {self.payload}, pipeline {self.pipeline}'


CASES = [
    Case(64, 1),
    Case(64, 16),
    Case(1024, 1),
    Case(1024, 16),
    Case(16384, 1, 'utf8'),
]


def goals(server, case):
    """Other servers, with the highest ratio to each that is allowed."""
    if case.payload == 'utf8':
        return {'beast': 0.5} if server == 'cpp' else {}
    if server == 'python':
        limits = {1: {'websockets': 1 / 5, 'aiohttp': 1 / 3}, 16: {'websockets': 1 / 10, 'aiohttp': 1 / 10}}
        return limits[case.pipeline] if case.size == 1024 else {}
    limits = {'cpp': {1: 0.9, 16: 0.2}, 'lua': {1: 1.0, 16: 0.35}}
    return {'beast': limits[server][case.pipeline]} if server in limits else {}


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--servers', nargs='+', help='default: all that are built or installed')
    parser.add_argument('--build', type=pathlib.Path, default=ROOT / 'build/release')
    parser.add_argument('--rounds', type=int, default=5)
    parser.add_argument('--seconds', type=float, default=1.0, help='of each measurement')
    parser.add_argument('--connections', type=int, default=64)
    parser.add_argument('--quick', action='store_true', help='3 rounds of 0.3 seconds')
    parser.add_argument('--server-cpu', type=int, default=0)
    parser.add_argument('--client-cpu', type=int, default=1)
    parser.add_argument('--no-pinning', action='store_true')
    arguments = parser.parse_args()
    if arguments.quick:
        arguments.rounds, arguments.seconds = 3, 0.3
    if arguments.no_pinning or len(os.sched_getaffinity(0)) < 2:
        arguments.server_cpu = arguments.client_cpu = None
    return arguments


def choose(servers, wanted):
    unknown = set(wanted or []) - set(servers.names())
    if unknown:
        sys.exit(f'unknown: {", ".join(sorted(unknown))}; known: {", ".join(servers.names())}')
    chosen = [name for name in servers.names() if servers.exists(name)
              and (not wanted or name in wanted)]
    missing = [name for name in wanted or servers.names() if name not in chosen]
    if missing:
        print(f'not measured, as it is not built or installed: {", ".join(missing)}',
              file=sys.stderr)
    return chosen


def measure_case(servers, names, case, arguments):
    """Medians by server, each of `rounds` measurements taken in turns."""
    results = {name: [] for name in names}
    warm_up = min(0.3, arguments.seconds)
    options = ['--connections', arguments.connections, '--size', case.size, '--pipeline',
               case.pipeline, '--payload', case.payload, '--seconds', arguments.seconds,
               '--warm-up', warm_up]
    for _ in range(arguments.rounds):
        for name in names:
            results[name].append(servers.measure(name, options, arguments.server_cpu,
                                                 arguments.client_cpu))
    return {name: {key: statistics.median(run[key] for run in runs) for key in runs[0]}
            for name, runs in results.items()}


def ratio(row, name, other='beast'):
    if other not in row:
        return None
    return row[name]['server_us_per_message'] / row[other]['server_us_per_message']


def print_case(case, row):
    print(f'\n### {case.title()}\n')
    print('| server | server µs per message | ratio to Beast | messages per second '
          '| server busy | client busy |')
    print('|---|---:|---:|---:|---:|---:|')
    for name, result in row.items():
        relative = ratio(row, name)
        print(f'| {name} | {result["server_us_per_message"]:.3f} '
              f'| {"" if relative is None else f"{relative:.2f}"} '
              f'| {result["messages_per_second"]:,.0f} '
              f'| {result["server_busy"]:.0%} | {result["client_busy"]:.0%} |', flush=True)


def print_goals(rows):
    """True when all goals that were measured are met."""
    measured = [(name, case, other, ratio(row, name, other), allowed)
                for case, row in rows.items() for name in row
                for other, allowed in goals(name, case).items() if other in row]
    if not measured:
        return True
    print('\n### Goals\n\n| server | case | beside | ratio | goal | |\n|---|---|---|---:|---:|---|')
    for name, case, other, found, allowed in measured:
        print(f'| {name} | {case.title()} | {other} | {found:.3f} | ≤ {allowed:.3g} '
              f'| {"met" if found <= allowed else "MISSED"} |')
    return all(found <= allowed for _, _, _, found, allowed in measured)


def main():
    arguments = parse_arguments()
    servers = Servers(arguments.build)
    names = choose(servers, arguments.servers)
    if not names:
        sys.exit('nothing to measure: build the release preset first')
    print(f'{arguments.connections} connections, {arguments.rounds} rounds of '
          f'{arguments.seconds} s, medians')
    rows = {}
    for case in CASES:
        rows[case] = measure_case(servers, names, case, arguments)
        print_case(case, rows[case])
    sys.exit(0 if print_goals(rows) else 1)


if __name__ == '__main__':
    main()
