"""The table of goals, and what came of them."""

from dataclasses import dataclass

from simws_bench.peers import peer_named
from simws_bench.results import ratio
from simws_bench.works import CLIENT_CPU, CPU_MS, CPU_US, KIB, MEMORY, MIB, P50, P99, Metric, works_named

MET, MISSED, NOT_MEASURED = 'met', 'MISSED', 'not measured'
FAULTS = Metric('faults_per_message', 'page faults', '')
PEAK = Metric('peak_bytes', 'peak memory', 'MiB', 1 / MIB)
MEMORY_SHARES = (MIB, 16 * MIB, 64 * MIB)

# Without a checkout of uWebSockets: what it needed beside raw sockets on a quiet machine, in one run.
UWS_BY_RAW = {'big-1M-binary': 1.05, 'big-1M-text': 1.05, 'big-16M-binary': 1.05, 'big-16M-text': 1.05,
              'big-64M-binary': 1.05, 'big-64M-text': 1.05, 'echo-16K-16': 1.73, 'echo-64B-1': 1.0, 'echo-64B-16': 1.02,
              'echo-1K-1': 1.0, 'echo-1K-16': 1.0, 'fan-out-1': 0.97, 'fan-out-16': 0.97, 'echo-16K-utf8': 3.2}


@dataclass(frozen=True)
class Times:
    """At most `factor` times what `server` needs for the same work."""

    factor: float
    server: str

    def reference(self, results, goal):
        found = results.value(goal.work, self.server, goal.metric)
        if found is None and self.server == 'uws' and goal.work in UWS_BY_RAW:
            raw = results.value(goal.work, 'raw', goal.metric)
            return None if raw is None else raw * UWS_BY_RAW[goal.work]
        return found

    def text(self):
        return f'{self.factor:g} × {peer_named(self.server).title}'


@dataclass(frozen=True)
class Growth:
    """At most `factor` times the server's own figure of a smaller work, as raw sockets grow from that to this one."""

    factor: float
    smaller: str

    def reference(self, results, goal):
        own, raw, raw_before = (results.value(work, server, goal.metric) for work, server in (
            (self.smaller, goal.server), (goal.work, 'raw'), (self.smaller, 'raw')))
        return None if None in (own, raw, raw_before) else own * raw / raw_before

    def text(self):
        return f'{self.factor:g} × its own with 64, beyond what raw sockets pay'


@dataclass(frozen=True)
class TimesBest:
    """At most `factor` times what the best of these servers needs for the same work."""

    factor: float
    servers: tuple

    def reference(self, results, goal):
        found = [results.value(goal.work, server, goal.metric) for server in self.servers]
        return min((value for value in found if value is not None), default=None)

    def text(self):
        return f'{self.factor:g} × the best of ' + ' and '.join(peer_named(server).title for server in self.servers)


@dataclass(frozen=True)
class TimesOwn:
    """At most `factor` times the server's own figure of another work."""

    factor: float
    work: str

    def reference(self, results, goal):
        return results.value(self.work, goal.server, goal.metric)

    def text(self):
        return f'{self.factor:g} × its own: {works_named([self.work])[0].title}'


@dataclass(frozen=True)
class Most:
    """An absolute figure, in the metric's unit."""

    factor: float

    def reference(self, results, goal):
        return 1.0

    def text(self):
        return f'{self.factor:g}'


@dataclass(frozen=True)
class Goal:
    """The greater of `limits` is allowed, of those that could be measured."""

    work: str
    server: str
    limits: tuple
    metric: Metric = CPU_US

    def title(self):
        return f'{works_named([self.work])[0].title}: {self.metric.title}'

    def judge(self, results):
        value = results.value(self.work, self.server, self.metric)
        known = [(limit.factor * reference, reference, limit) for limit in self.limits
                 if (reference := limit.reference(results, self)) is not None]
        if value is None or not known:
            return Judgement(self, value, None, None, NOT_MEASURED)
        allowed, reference, limit = max(known, key=lambda entry: entry[0])
        return Judgement(self, value, allowed, None if isinstance(limit, Most) else ratio(value, reference),
                         MET if value <= allowed else MISSED)

    def text(self):
        unit = f' {self.metric.unit}' if isinstance(self.limits[0], Most) and self.metric.unit else ''
        return '≤ ' + ' or '.join(limit.text() for limit in self.limits) + unit


@dataclass(frozen=True)
class Judgement:
    goal: Goal
    value: float
    allowed: float
    ratio: float
    result: str


def big_goals():
    for size in MEMORY_SHARES:
        for kind, factors in (('binary', {'cpp': 1.1, 'lua': 1.5, 'python': 2}), ('text', {'python': 3})):
            work = f'big-{size // MIB}M-{kind}'
            for server, factor in factors.items():
                yield Goal(work, server, (Times(factor, 'uws'),), CPU_MS)
        work = f'big-{size // MIB}M-binary'
        for server in ('cpp', 'lua', 'python'):
            yield Goal(work, server, (Most(0.01 * size / (4 * KIB)),), FAULTS)
            yield Goal(work, server, (Most(3 * size / MIB),), PEAK)


def small_goals():
    for size in ('64B', '1K'):
        for pipeline in (1, 16):
            yield Goal(f'echo-{size}-{pipeline}', 'cpp', (Times(0.95, 'uws'), Times(1.05, 'raw')))
        for server in ('lua', 'python'):
            yield Goal(f'echo-{size}-16', server, (Times(1.5, 'cpp'),))


def peers_goals():
    """Beside what most people use."""
    for size in ('64B', '1K'):
        for pipeline, cpp, lua in ((1, 0.9, 1.0), (16, 0.2, 0.35)):
            yield Goal(f'echo-{size}-{pipeline}', 'cpp', (Times(cpp, 'beast'),))
            yield Goal(f'echo-{size}-{pipeline}', 'lua', (Times(lua, 'beast'),))
    for pipeline, websockets, aiohttp in ((1, 1 / 5, 1 / 3), (16, 1 / 10, 1 / 10)):
        yield Goal(f'echo-1K-{pipeline}', 'python', (Times(round(websockets, 3), 'websockets'),))
        yield Goal(f'echo-1K-{pipeline}', 'python', (Times(round(aiohttp, 3), 'aiohttp'),))
    yield Goal('echo-16K-utf8', 'cpp', (Times(0.5, 'beast'),))


def client_goals():
    for size in ('64B', '1K'):
        for pipeline in (1, 16):
            yield Goal(f'client-{size}-{pipeline}', 'cpp-client', (Times(0.9, 'beast-client'),), CLIENT_CPU)
            yield Goal(f'client-{size}-{pipeline}', 'python-client', (Times(0.25, 'websockets-client'),), CLIENT_CPU)
    for work in ('client-idle-1000', 'client-idle'):
        yield Goal(work, 'cpp-client', (Most(1536),), MEMORY)


def tls_goals():
    yield Goal('tls-1K-1', 'cpp', (Times(0.8, 'beast'),))
    yield Goal('tls-1K-16', 'cpp', (Times(0.3, 'beast'),))
    yield Goal('tls-connect', 'cpp', (Times(1.0, 'nginx'),))
    yield Goal('tls-idle', 'cpp', (Most(12 * KIB),), MEMORY)


def simulation_goals():
    for work, server in (('poll', 'python'), ('steps', 'lua'), ('wait', 'lua')):
        p50, p99 = works_named([work])[0].metrics
        yield Goal(work, server, (Most(0.1),), p50)
        yield Goal(work, server, (Most(0.3),), p99)
    for passes in ('round-trip', 'round-trip-spinning'):
        yield Goal(passes, 'coppelia', (Times(1.2, 'websocketpp-polled'),), P50)
        yield Goal(f'{passes}-busy', 'coppelia', (Times(1.5, 'websocketpp-polled'),), P99)
    message, idle = works_named(['pass'])[0].metrics
    yield Goal('pass', 'coppelia', (Most(500),), message)
    yield Goal('pass', 'coppelia', (Most(50),), idle)


def deflate_goals():
    for work in ('deflate', 'deflate-context'):
        yield Goal(work, 'cpp', (TimesBest(0.8, ('beast', 'websocketpp')),))
    yield Goal('fan-out-deflate', 'cpp', (TimesOwn(1.3, 'fan-out-json'),))
    # The offer takes 100 bytes in the head of the request, which is kept for the script.
    yield Goal('idle-deflate', 'cpp', (TimesOwn(1.2, 'idle'),), MEMORY)


GOALS = (
    *big_goals(),
    Goal('echo-16K-16', 'cpp', (Times(0.9, 'uws'),)),
    Goal('echo-16K-16', 'lua', (Times(1.2, 'uws'),)),
    Goal('echo-16K-16', 'python', (Times(1.5, 'uws'),)),
    *small_goals(),
    Goal('echo-1000', 'cpp', (Growth(1.15, 'echo-64B-1'),)),
    Goal('echo-10000', 'cpp', (Growth(1.15, 'echo-64B-1'),)),
    *(Goal(work, server, (Times(0.9, 'uws'), Times(1.05, 'raw')))
      for work in ('fan-out-1', 'fan-out-16') for server in ('cpp', 'lua', 'python')),
    *(Goal('connect', server, (Times(1.05, 'raw'),)) for server in ('cpp', 'lua', 'python')),
    Goal('echo-16K-utf8', 'python', (Times(1.0, 'uws'),)),
    Goal('idle', 'cpp', (Most(1024),), MEMORY),
    Goal('idle', 'lua', (Most(1536),), MEMORY),
    Goal('idle', 'python', (Most(1536),), MEMORY),
    *client_goals(),
    *tls_goals(),
    *simulation_goals(),
    *peers_goals(),
    *deflate_goals(),
)


def judge(results, goals=GOALS):
    return [goal.judge(results) for goal in goals]


def is_any_missed(judgements):
    return any(judgement.result == MISSED for judgement in judgements)
