"""Measures simWS beside other servers. bench/run installs and builds what it needs, then calls this.

Prints a table for each kind of work as it's done, then the goals; writes RESULTS.md, charts/*.svg and results.json.
Ctrl-C ends it with what was measured so far. Exit code 1 when a goal that was measured is missed.
"""

import argparse
import pathlib
import signal
import sys

from simws_bench import BENCH, ROOT, machine, report
from simws_bench.goals import is_any_missed, judge
from simws_bench.measure import Plan, measure_all
from simws_bench.peers import NAMES
from simws_bench.progress import Progress
from simws_bench.results import Results
from simws_bench.servers import BenchError, Servers, processors, raise_descriptor_limit
from simws_bench.table import details, goal_count, goal_table, reference_of, summary
from simws_bench.works import GROUPS, WORKS, with_connections, works_named

QUICK_LIMIT = 165  # seconds: with what's around it under three minutes
QUICK = {'rounds': 1, 'seconds': 0.25, 'warm_up': 0.1}
USUAL = {'rounds': 3, 'seconds': 1.0, 'warm_up': 0.3}
SPARE_DESCRIPTORS = 200
INTERRUPTED = 128 + signal.SIGINT  # as shells have it


def names(known):
    def parse(text):
        found = text.split(',')
        if unknown := set(found) - set(known):
            raise argparse.ArgumentTypeError(f'unknown: {", ".join(sorted(unknown))}; known: {", ".join(known)}')
        return found
    return parse


def over_zero(kind):
    def parse(text):
        number = kind(text)
        if not 0 < number < float('inf'):
            raise argparse.ArgumentTypeError(f'{text} is not over 0')
        return number
    parse.__name__ = kind.__name__  # argparse names it where the text is no number
    return parse


def parse_arguments(words):
    parser = argparse.ArgumentParser(prog='bench/run', description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--quick', action='store_true', help='the most important works, once: three minutes at most')
    parser.add_argument('--works', type=names([work.name for work in WORKS]),
                        help=f'of {", ".join(work.name for work in WORKS)}')
    parser.add_argument('--servers', type=names(NAMES), help=f'of {", ".join(NAMES)}')
    parser.add_argument('--rounds', type=over_zero(int), help=f'default: {USUAL["rounds"]}')
    parser.add_argument('--seconds', type=over_zero(float), help=f'of a measurement; default: {USUAL["seconds"]:g}')
    parser.add_argument('--warm-up', type=over_zero(float), help=f'seconds before it; default: {USUAL["warm_up"]:g}')
    parser.add_argument('--connections', type=over_zero(int), help='at most so many, for machines with little memory')
    parser.add_argument('--build', type=pathlib.Path, default=ROOT / 'build/bench',
                        help='measures what is built in this folder; installs and builds nothing')
    parser.add_argument('--output', type=pathlib.Path, default=BENCH, help='folder of what is written')
    parser.add_argument('--results', type=pathlib.Path, help='measures nothing: a results.json of an earlier run')
    parser.add_argument('--update', action='store_true',
                        help='keeps of the results in the folder of --output the works that are not measured now')
    parser.add_argument('--publish', action='store_true', help='writes the tables of README.md and docs too')
    return parser.parse_args(words)


def chosen_works(arguments):
    works = works_named(arguments.works) if arguments.works else tuple(
        work for work in WORKS if work.is_quick or not arguments.quick)
    limit = arguments.connections
    return works if limit is None else tuple(with_connections(work, limit) for work in works)


def make_plan(arguments, servers):
    usual = QUICK if arguments.quick else USUAL
    settings = {name: usual[name] if (given := getattr(arguments, name)) is None else given for name in usual}
    there = tuple(name for name in arguments.servers or NAMES if name not in servers.places.missing())
    server_cpu, client_cpu = processors()
    is_quick = arguments.quick and not arguments.connections
    return Plan(chosen_works(arguments), there, is_quick=is_quick, server_cpu=server_cpu, client_cpu=client_cpu,
                **({'limit': QUICK_LIMIT} if arguments.quick else {}), **settings)


def measure(arguments):
    servers = Servers(arguments.build)
    if not servers.host.exists():
        raise BenchError(f'{servers.host} is not built')
    plan = make_plan(arguments, servers)
    most = max((work.option('connections', plan.is_quick) or 0 for work in plan.works), default=0)
    raise_descriptor_limit(most + SPARE_DESCRIPTORS)
    results = Results(machine.describe(servers.places),
                      {'rounds': plan.rounds, 'seconds': plan.seconds, 'is_quick': arguments.quick,
                       'connections': arguments.connections},
                      servers.places.missing(arguments.servers or NAMES))
    for name, reason in results.missing.items():
        print(f'not measured: {name}: {reason}', file=sys.stderr)
    progress = Progress(plan.count())
    try:
        measure_all(plan, servers, results, progress, lambda work: print_work(results, work))
    except KeyboardInterrupt:
        progress.clear()
        results.settings['ended_after'] = f'{progress.done} of {progress.count} measurements'
    return results


def print_work(results, work):
    print(f'\n### {GROUPS[work.group]}: {work.title}\n\n{details(results, work, reference_of(results))}', end='')
    for name, error in results.errors.get(work.name, {}).items():
        print(f'\n{name}: {error}', end='')
    print(flush=True)


def print_end(results, folder):
    reference = reference_of(results)
    print(f'\n## All\n\n{report.about_ratios(reference)}\n{summary(results, reference=reference)}')
    print(f'## Goals\n\n{goal_table(results)}\n{goal_count(judge(results))}\n')
    print(f'{folder}/RESULTS.md, charts/, results.json')


def main(words=None):
    arguments = parse_arguments(words)
    try:
        results = Results.load(arguments.results) if arguments.results else measure(arguments)
    except BenchError as error:
        sys.exit(f'bench/run: {error}')
    before = arguments.output / 'results.json'
    if arguments.update and before.exists():
        results = Results.load(before).replaced_by(results)
    report.write(results, arguments.output)
    ended = results.settings.get('ended_after')
    if arguments.publish and not ended:
        report.publish(results)
    print_end(results, arguments.output)
    if ended:
        print(f'bench/run: interrupted after {ended}; these are there, nothing is published', file=sys.stderr)
        return INTERRUPTED
    return 1 if is_any_missed(judge(results)) else 0

