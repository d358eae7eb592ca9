"""Measurements that are programs of their own: what the simulation's thread pays and when it wakes."""

import json
import re
import subprocess

from simws_bench import BENCH
from simws_bench.peers import PYTHON
from simws_bench.servers import BenchError, pinned

LIMIT = 60  # seconds
PASS_FIGURES = {'idle_ns': r'^idle pass.* (\d+) ns$', 'message_ns': r'^  of it the plugin +(\d+) ns$'}


def measure_program(work, servers, seconds, cpu):
    if work.mode == 'pass':
        return pass_figures(run(pass_command(servers.places.build, seconds), servers, cpu))
    return json.loads(run(lateness_command(work, servers, seconds), servers, cpu))


def pass_command(build, seconds):
    return [build / 'bench/bench_coppelia_pass', build / 'coppeliasim/libsimWS.so', max(1000, int(seconds * 100_000))]


def pass_figures(text):
    """Of what bench_coppelia_pass prints."""
    found = {name: re.search(pattern, text, re.MULTILINE) for name, pattern in PASS_FIGURES.items()}
    if None in found.values():
        raise BenchError(f'bench_coppelia_pass printed {text[:200]!r}')
    return {name: float(match[1]) for name, match in found.items()}


def lateness_command(work, servers, seconds):
    count = max(20, int(1000 * seconds))
    if work.name == 'poll':
        return [PYTHON, BENCH / 'peers/lateness.py', count]
    return [servers.host, 'run', '--step', '1ms', BENCH / 'peers/lateness.lua', work.name, count]


def run(command, servers, cpu):
    """What it prints."""
    try:
        done = subprocess.run(pinned(command, cpu), env=servers.places.environment(), stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, timeout=LIMIT)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BenchError(str(error)) from None
    if done.returncode != 0 or not done.stdout.strip():
        raise BenchError(done.stderr.strip()[-300:] or f'{command[0]} ended with {done.returncode}, and printed little')
    return done.stdout


def percentile(values, share):
    """The nearest rank, as the load generator has it."""
    ordered = sorted(values)
    index = max(1, -(-int(round(share * 1000)) * len(ordered) // 1000)) - 1
    return ordered[min(index, len(ordered) - 1)]


