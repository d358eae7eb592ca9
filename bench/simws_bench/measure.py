"""Takes the measurements: each in a fresh process of the server, servers in turns."""

import contextlib
import time
from dataclasses import dataclass

from simws_bench.peers import CLIENT, DEFLATE, peer_named
from simws_bench.programs import measure_program
from simws_bench.results import NONE, REFERENCES
from simws_bench.servers import BenchError, busy_cores


@dataclass(frozen=True)
class Plan:
    works: tuple
    servers: tuple  # names of those that are there
    rounds: int = 3
    seconds: float = 1.0
    warm_up: float = 0.3
    is_quick: bool = False
    limit: float = float('inf')  # seconds for everything; what comes later isn't measured
    server_cpu: int = None
    client_cpu: int = None

    def servers_of(self, work):
        if work.programs:
            return [name for name in self.servers if name in work.programs]
        return [name for name in self.servers if work.role in peer_named(name).roles]

    def count(self):
        return self.rounds * sum(len(self.servers_of(work)) for work in self.works)


class Clock:
    """Whether there's time: where it's short, those go without who are neither ours nor what ours are compared with,
    and nobody is measured after the limit."""

    SLACK = 0.05  # of the limit

    def __init__(self, limit, clock=time.monotonic):
        self._limit, self._clock, self._begun = limit, clock, clock()

    def has_time(self, name, done):
        """`done` is the share of the cells before this one."""
        used = (self._clock() - self._begun) / self._limit
        is_needed = peer_named(name).is_ours or name in REFERENCES
        return used < 1 and (is_needed or used <= done + self.SLACK)


def measure_all(plan, servers, results, progress, on_work=lambda work: None):
    """Fills `results`; calls `on_work` as each work is done."""
    clock = Clock(plan.limit)
    for work in plan.works:
        for name in plan.servers:
            if work.role == DEFLATE and not {DEFLATE, CLIENT} & set(peer_named(name).roles):
                results.add_error(work.name, name, NONE)
        for number in range(1, plan.rounds + 1):
            for name in plan.servers_of(work):
                if clock.has_time(name, progress.share()):
                    measure_cell(plan, servers, results, progress, work, name, number)
                elif name not in results.servers(work.name):
                    results.add_error(work.name, name, f'no time left of {plan.limit:.0f} s')
                progress.finish()
        progress.clear()
        on_work(work)


def measure_cell(plan, servers, results, progress, work, name, number):
    progress.next(f'{work.group}, {work.title}', peer_named(name).title, number)
    try:
        if results.error(work.name, name) is None:  # a server that failed isn't asked again
            results.add(work.name, name, measure_once(plan, servers, work, name))
    except BenchError as error:
        results.add_error(work.name, name, str(error))


def measure_once(plan, servers, work, name):
    seconds = plan.seconds * work.seconds
    if work.programs:
        return measure_program(work, servers, seconds, plan.server_cpu)
    options = [*work.arguments(plan.is_quick), '--seconds', seconds, '--warm-up', plan.warm_up]
    if work.role == CLIENT:
        return servers.measure_client(name, work.option('connections', plan.is_quick), options, plan.server_cpu, plan.client_cpu)
    cpus = (plan.server_cpu, plan.client_cpu) if work.is_pinned else (None, None)
    with busy_cores() if work.is_busy else contextlib.nullcontext():
        run = servers.measure(name, work.role, options, *cpus)
    if work.compresses and not run.get('deflate', True):
        raise BenchError(NONE)
    return run
