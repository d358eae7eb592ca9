"""Servers that are visited, and what becomes of them. See run."""
import asyncio
import collections
import contextlib
import pathlib
import random
import tempfile
import time

from certificates import Authority
from network import NetworkServer
from peer import Peer
from raw_client import TEXT, frame
from visits import BAD, GOOD, Visit

MIB = 1 << 20
MOST_GROWTH = 16 * MIB  # what the allocator's chance may make of the same load: contexts take 300 KiB for a connection
PATIENCE = 120  # seconds that a visit may take, far beyond what a busy machine needs
SETTLING = 6  # seconds until memory that is kept for the next message has been given back
TOLD = 10  # problems of a kind
# As long as a good client of a busy machine may need.
OPTIONS = {'handshake_timeout': 30, 'close_timeout': 30, 'ping_interval': 1, 'ping_timeout': 60,
           'keep_alive_timeout': 30, 'max_queued_bytes': 1_000_000, 'max_message_size': 4 << 20}


class Watch:
    """A healthy client that stays with a server: it has all its echoes, however long they take."""

    def __init__(self, port, tls):
        self.peer = Peer(port, tls)
        self.rounds, self.worst, self.is_over = 0, 0, False

    async def run(self):
        async with self.peer as peer:
            await peer.upgrade()
            while not self.is_over:
                begun = time.monotonic()
                text = b'round %d' % self.rounds
                await peer.send(frame(TEXT, text))
                assert await peer.message() == (TEXT, text)
                self.rounds += 1
                self.worst = max(self.worst, time.monotonic() - begun)
                await asyncio.sleep(0.02)
            await peer.leave()


class ScriptServer(NetworkServer):
    """The script beside this file, in the program simws with a network thread of its own. `tls`: a certificate's files."""

    def __init__(self, program, tls=()):
        super().__init__()
        script = pathlib.Path(__file__).with_name('serve.lua')
        self._command = [*map(str, (program, 'run', '--threaded', script, *tls))]


class House:
    """A server, its watch, and its visitors."""

    def __init__(self, name, server, tls, options):
        self.name, self.server, self.tls = name, server, tls
        self.options = options
        self.chance = random.Random(f'{options.seed} {name}')
        self.visits = collections.Counter()
        self.problems = []
        self.figures = []  # (sockets, memory) after the first while, and at the end

    async def begin(self):
        self.watch = Watch(self.server.port, self.tls)
        self.watching = asyncio.create_task(self.watch.run())
        while self.watch.rounds == 0 and not self.watching.done():
            await asyncio.sleep(0.01)
        self.sockets = self.server.sockets()

    async def be_visited(self, end):
        await asyncio.gather(*[self.come_and_go(end) for _ in range(self.options.peers)])

    async def come_and_go(self, end):
        kinds = {**GOOD, **BAD}
        while time.monotonic() < end and len(self.problems) < TOLD:
            kind, = self.chance.choices(list(kinds), kinds.values())
            self.visits[kind] += 1
            await self.be_visited_by(kind, Visit(self.server.port, self.tls, random.Random(self.chance.random())))

    async def be_visited_by(self, kind, visit):
        try:
            await asyncio.wait_for(kind(visit), PATIENCE)
        except (OSError, asyncio.IncompleteReadError) as problem:
            if kind in GOOD:
                self.problems.append(f'{self.name}: {kind.__name__} was dropped: {problem!r}')
        except Exception as problem:
            self.problems.append(f'{self.name}: {kind.__name__}: {problem!r}')

    async def look(self):
        """Once all visitors have been forgotten."""
        end = time.monotonic() + PATIENCE
        while self.server.sockets() > self.sockets and time.monotonic() < end:
            await asyncio.sleep(0.1)
        memory = []
        for _ in range(SETTLING):
            await asyncio.sleep(1)
            memory.append(self.server.memory('VmRSS'))
        self.figures.append((self.server.sockets(), min(memory)))

    async def finish(self):
        self.watch.is_over = True
        try:
            await self.watching
        except Exception as problem:
            self.problems.append(f'{self.name}: the client that stayed: {problem!r}')
        code = await asyncio.to_thread(self.server.terminate)
        if code != 0:
            self.problems.append(f'{self.name}: the server ended with {code}\n' + '\n'.join(self.server.stderr[-40:]))
        self.judge()

    def judge(self):
        opened, closed = len(self.server.events('open')), len(self.server.events('close'))
        if opened != closed:
            self.problems.append(f'{self.name}: {opened} were opened, {closed} closed')
        (_, before), (sockets, after) = self.figures
        if sockets != self.sockets:
            self.problems.append(f'{self.name}: {sockets} sockets, at the start {self.sockets}')
        if after - before > MOST_GROWTH and not self.options.ignore_memory:
            self.problems.append(f'{self.name}: memory grew by {(after - before) / MIB:.1f} MiB')

    def tell(self):
        (_, before), (sockets, after) = self.figures
        print(f'{self.name}: {sum(self.visits.values()):,} visits, {len(self.server.events("open")):,} opened, '
              f'{len(self.server.events("fail")):,} failed; memory {before / MIB:.1f} MiB, at the end {after / MIB:.1f} MiB; '
              f'sockets {self.sockets}, at the end {sockets}; {len(self.server.stderr):,} log lines; '
              f'the client that stayed had {self.watch.rounds:,} echoes, the slowest in {self.watch.worst * 1000:,.0f} ms')
        print('   ' + ', '.join(f'{kind.__name__} {count:,}' for kind, count in self.visits.most_common()), flush=True)


class Soak:
    def __init__(self, options):
        self.options = options
        self.seconds = 60 * options.minutes

    async def run(self):
        """Returns what was wrong."""
        with contextlib.ExitStack() as servers:
            folder = servers.enter_context(tempfile.TemporaryDirectory())
            houses = [House(name, servers.enter_context(server), tls, self.options)
                      for name, server, tls in self.servers(folder)]
            await self.all(houses, House.begin)
            first = min(120, self.seconds / 3)
            for seconds in (first, self.seconds - first):
                end = time.monotonic() + seconds
                await self.all(houses, lambda house, end=end: house.be_visited(end))
                await self.all(houses, House.look)
            await self.all(houses, House.finish)
            for house in houses:
                house.tell()
        return [problem for house in houses for problem in house.problems]

    def servers(self, folder):
        """All of them compress for who offers it; those over TLS take contexts over."""
        yield 'plain', NetworkServer(compression='none', **OPTIONS), False
        yield 'tls', NetworkServer(tls=True, compression='both', **OPTIONS), True
        if self.options.simws:
            yield 'script', ScriptServer(self.options.simws), False
            yield 'script, tls', ScriptServer(self.options.simws, Authority(folder).issue()), True

    async def all(self, houses, work):
        await asyncio.gather(*map(work, houses))
