"""The table of what is measured. Each row is one load, for all servers that have its role."""

from dataclasses import dataclass, replace

from simws_bench.peers import CLIENT, DEFLATE, ECHO, FAN_OUT, FAN_OUT_DEFLATE, PASS, SPIN, TLS

KIB, MIB = 1 << 10, 1 << 20


@dataclass(frozen=True)
class Metric:
    """A figure of a result: by its key there, times `scale`. Lower is better."""

    key: str
    title: str
    unit: str
    scale: float = 1.0


CPU_US = Metric('server_us_per_message', 'server CPU', 'µs', 1)
CLIENT_CPU = Metric('server_us_per_message', 'client CPU', 'µs', 1)
CPU_MS = Metric('server_us_per_message', 'server CPU', 'ms', 1e-3)
MEMORY = Metric('bytes_per_connection', 'memory', 'B')
P50 = Metric('p50_us', 'p50', 'µs')
P99 = Metric('p99_us', 'p99', 'µs')
P999 = Metric('p999_us', 'p99.9', 'µs')
AGE_P50 = Metric('p50_ms', 'age p50', 'ms')
AGE_P99 = Metric('p99_ms', 'age p99', 'ms')
SLOW_P99 = Metric('slow_p99_ms', "slow viewers' age p99", 'ms')
SLOW_ENDED = Metric('slow_ended', 'slow viewers cut off', 'of 4')


@dataclass(frozen=True)
class Work:
    """`mode` and `options` are the load generator's, `each` says what its messages are here; `metrics` has the one that
    counts first. A program of our own servers, instead of the load generator, is a work with `programs`."""

    name: str
    title: str
    group: str
    mode: str
    options: tuple = ()  # pairs; None where there is no value
    role: str = ECHO
    metrics: tuple = (CPU_US,)
    is_quick: bool = False
    quick_options: tuple = ()
    each: str = 'message'
    seconds: float = 1.0  # times what a measurement takes otherwise
    programs: tuple = ()  # names of the servers that have one
    is_pinned: bool = True
    is_busy: bool = False  # with something else to do on all cores

    @property
    def compresses(self):
        return 'deflate' in dict(self.options)

    @property
    def metric(self):
        return self.metrics[0]

    def option(self, name, is_quick=False):
        return {**dict(self.options), **(dict(self.quick_options) if is_quick else {})}.get(name)

    def arguments(self, is_quick=False):
        options = {**dict(self.options), **(dict(self.quick_options) if is_quick else {})}
        words = [(f'--{name}',) if value is None else (f'--{name}', str(value)) for name, value in options.items()]
        return ['--mode', self.mode, *(word for pair in words for word in pair)]


def echo(name, title, size, pipeline, connections=64, **more):
    payload = more.pop('payload', 'ascii')
    options = (('connections', connections), ('size', size), ('pipeline', pipeline), ('payload', payload))
    return Work(name, title, more.pop('group', 'echo'), 'echo', options, **more)


def client_echo(name, title, size, pipeline, **more):
    """The other way round: the load generator sends, 64 clients in one process echo."""
    return echo(f'client-{name}', title, size, pipeline, group='client', role=CLIENT, metrics=(CLIENT_CPU,), **more)


def tls_echo(name, title, size, pipeline, **more):
    return echo(f'tls-{name}', f'TLS, {title}', size, pipeline, group='tls', role=TLS, **more)


def big(size, payload, **more):
    kind = 'binary' if payload == 'binary' else 'text'
    return echo(f'big-{size // MIB}M-{kind}', f'{size // MIB} MiB {kind}', size, 1, 1, payload=payload, group='big',
                metrics=(CPU_MS,), **more)


def fan_out(name, title, pipeline, **more):
    options = (('connections', 1000), ('size', KIB), ('pipeline', pipeline), ('send', None))
    return Work(name, title, 'fan-out', 'fan-out', options, FAN_OUT, each='delivery', **more)


def deflate(name, title, *options, **more):
    options = (('connections', 64), ('size', KIB), ('payload', 'json'), ('deflate', None), *options)
    return Work(name, title, 'deflate', 'echo', options, DEFLATE, **more)


def deflate_fan_out(name, title, role, *options):
    options = (('connections', 1000), ('size', KIB), ('payload', 'json'), ('send', None), *options)
    return Work(name, title, 'deflate', 'fan-out', options, role, each='delivery')


def latency(rate, **more):
    options = (('connections', 64), ('size', 64), ('rate', rate))
    return Work(f'latency-{rate}', f'{rate:,} messages a second', 'latency', 'latency', options,
                metrics=(P99, P50, P999, CPU_US), seconds=2, **more)


def round_trip(name, title, role=PASS, **more):
    options = (('connections', 1), ('size', 64), ('rate', 200), ('wait', None))
    return Work(name, title, 'simulation', 'latency', options, role, (P50, P99), seconds=3, is_pinned=False, **more)


WORKS = (
    echo('echo-64B-1', '64 B, one in flight', 64, 1, is_quick=True),
    echo('echo-64B-16', '64 B, 16 in flight', 64, 16, is_quick=True),
    echo('echo-1K-1', '1 KiB, one in flight', KIB, 1, is_quick=True),
    echo('echo-1K-16', '1 KiB, 16 in flight', KIB, 16, is_quick=True),
    echo('echo-16K-utf8', '16 KiB of UTF-8 text, one in flight', 16 * KIB, 1, payload='utf8', is_quick=True),
    echo('echo-16K-16', '16 KiB, 16 in flight', 16 * KIB, 16, is_quick=True),
    echo('echo-1000', '64 B, one in flight, 1,000 connections', 64, 1, 1000),
    echo('echo-10000', '64 B, one in flight, 10,000 connections', 64, 1, 10000),
    big(MIB, 'binary'),
    big(MIB, 'ascii'),
    big(16 * MIB, 'binary', is_quick=True),
    big(16 * MIB, 'ascii'),
    big(64 * MIB, 'binary'),
    big(64 * MIB, 'ascii'),
    fan_out('fan-out-1', '1 KiB to 1,000, one in flight', 1),
    fan_out('fan-out-16', '1 KiB to 1,000, 16 in flight', 16, is_quick=True),
    Work('connect', 'connect, handshake, close', 'connections', 'connect', (('connections', 16),), is_quick=True,
         each='connection'),
    Work('idle', 'an idle connection', 'connections', 'idle', (('connections', 10000),), metrics=(MEMORY,),
         is_quick=True, quick_options=(('connections', 1000),), each='connection'),
    client_echo('64B-1', 'clients, 64 B, one in flight', 64, 1, is_quick=True),
    client_echo('64B-16', 'clients, 64 B, 16 in flight', 64, 16, is_quick=True),
    client_echo('1K-1', 'clients, 1 KiB, one in flight', KIB, 1, is_quick=True),
    client_echo('1K-16', 'clients, 1 KiB, 16 in flight', KIB, 16, is_quick=True),
    Work('client-idle-1000', 'an idle client of 1,000', 'client', 'idle', (('connections', 1000),), CLIENT, (MEMORY,),
         is_quick=True, each='connection'),
    Work('client-idle', 'an idle client of 10,000', 'client', 'idle', (('connections', 10000),), CLIENT, (MEMORY,),
         each='connection'),
    tls_echo('1K-1', '1 KiB, one in flight', KIB, 1, is_quick=True),
    tls_echo('1K-16', '1 KiB, 16 in flight', KIB, 16, is_quick=True),
    Work('tls-connect', 'connect, both handshakes, close', 'tls', 'connect', (('connections', 16),), TLS,
         each='connection', is_quick=True),
    Work('tls-idle', 'an idle connection with TLS', 'tls', 'idle', (('connections', 1000),), TLS, (MEMORY,),
         each='connection', is_quick=True),
    deflate('deflate', 'echo of JSON, 1 KiB, each by itself', is_quick=True),
    deflate('deflate-context', 'the same in a context', ('in-context', None)),
    deflate_fan_out('fan-out-json', 'JSON of 1 KiB to 1,000, plain', FAN_OUT),
    deflate_fan_out('fan-out-deflate', 'the same, compressed', FAN_OUT_DEFLATE, ('deflate', None)),
    Work('idle-deflate', 'an idle connection that compresses', 'deflate', 'idle',
         (('connections', 10000), ('deflate', None)), DEFLATE, (MEMORY,), quick_options=(('connections', 1000),),
         each='connection'),
    Work('age', '64 KiB at 60 Hz to 16, beside 4 slow viewers', 'stream', 'age',
         (('connections', 16), ('slow', 4), ('slow-rate', 1_000_000), ('rate', 60), ('size', 64 * KIB), ('send', None)),
         FAN_OUT,
         metrics=(AGE_P99, AGE_P50, SLOW_P99, SLOW_ENDED, CPU_US), is_quick=True, each='delivery', seconds=3),
    latency(1000),
    latency(10000, is_quick=True),
    latency(30000),
    round_trip('round-trip', 'a round trip of 64 B through a pass each millisecond'),
    round_trip('round-trip-busy', 'the same, with all cores busy', is_busy=True),
    round_trip('round-trip-spinning', 'a round trip of 64 B through passes without a wait', SPIN),
    round_trip('round-trip-spinning-busy', 'through passes without a wait, with all cores busy', SPIN, is_busy=True),
    Work('pass', "the simulation's thread in CoppeliaSim", 'simulation', 'pass', programs=('coppelia',),
         metrics=(Metric('message_ns', '64 B received and answered, the plugin', 'ns'),
                  Metric('idle_ns', 'idle pass', 'ns')), is_quick=True),
    Work('poll', 'poll(timeout), 1,000 times a second', 'simulation', 'lateness', programs=('python',),
         metrics=(Metric('p50_ms', 'late by, p50', 'ms'), Metric('p99_ms', 'p99', 'ms')), is_quick=True),
    Work('steps', 'steps of the host, 1,000 a second', 'simulation', 'lateness', programs=('lua',),
         metrics=(Metric('p50_ms', 'late by, p50', 'ms'), Metric('p99_ms', 'p99', 'ms')), is_quick=True),
    Work('wait', 'sim.wait, 1,000 times a second', 'simulation', 'lateness', programs=('lua',),
         metrics=(Metric('p50_ms', 'late by, p50', 'ms'), Metric('p99_ms', 'p99', 'ms'))),
)
GROUPS = {
    'echo': 'Echo, 64 connections',
    'big': 'Echo of big messages, one connection',
    'fan-out': 'Fan-out',
    'connections': 'Connections',
    'client': 'Clients, 64 in one process',
    'tls': 'TLS 1.3, 64 connections',
    'deflate': 'Compression',
    'stream': 'A live stream with slow viewers',
    'latency': 'Latency on a fixed schedule, 64 B over 64 connections',
    'simulation': "What the simulation's thread sees",
}


def works_named(names):
    known = {work.name: work for work in WORKS}
    return tuple(known[name] for name in names)


def with_connections(work, connections):
    """The same work with fewer of them; others are as they are."""
    options = tuple((name, min(value, connections) if name == 'connections' else value) for name, value in work.options)
    return replace(work, options=options)
