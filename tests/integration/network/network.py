"""What the network's tests share: the server in a process of its own."""
import os
import re
import sys
import threading
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / 'support'))

from raw_client import (BINARY, CLOSE, HANDSHAKE, PING, PONG, TEXT, RawClient,  # noqa: E402, F401
                        frame)
from clients import each  # noqa: E402, F401
from simws_host import DEADLINE, Host, program  # noqa: E402, F401


def each_wire(case):
    """Decorates a class: each of its tests is there in plain and over TLS, (self, tls)."""
    return each((False, True), lambda tls: 'tls' if tls else 'plain')(case)


class NetworkServer(Host):
    """The program network_server with these options. Its events are lines of stdout. `through`: the command that runs it."""

    def __init__(self, is_log_stuck=False, through=(), **options):
        super().__init__('')
        self._is_log_stuck = is_log_stuck
        self._command = [*through, program()]
        for name, value in options.items():
            self._command += ['--' + name.replace('_', '-'), str(value)]

    @property
    def port(self):
        return int(self.wait_for(r'^port (\d+)$', 'stdout')[1])

    def events(self, prefix):
        return [line for line in list(self.stdout) if line.startswith(prefix)]

    def wait_for_count(self, prefix, count):
        with self._changed:
            self._changed.wait_for(lambda: len(self.events(prefix)) >= count, DEADLINE)
        assert len(self.events(prefix)) == count, self.transcript()

    def cpu_seconds(self):
        fields = Path(f'/proc/{self.pid}/stat').read_text().rsplit(')', 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')

    def descriptors(self):
        return len(os.listdir(f'/proc/{self.pid}/fd'))

    def sockets(self):
        """Of connections, and those it listens on."""
        links = [f'/proc/{self.pid}/fd/{number}' for number in os.listdir(f'/proc/{self.pid}/fd')]
        return sum(os.path.islink(link) and os.readlink(link).startswith('socket:') for link in links)

    def memory(self, field):
        """VmRSS, VmHWM (its highest) or VmSize, in bytes."""
        text = Path(f'/proc/{self.pid}/status').read_text()
        return 1024 * int(re.search(rf'^{field}:\s+(\d+) kB', text, re.MULTILINE)[1])


class Witness:
    """A well-behaved client: it answers pings, and has echoes all the while, in a thread of its own."""

    def __init__(self, client):
        self.client = client
        self.rounds, self.problem = 0, None
        self._changed = threading.Condition()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def has_more(self, count):
        """Waits until it has had so many more echoes: nobody holds it up."""
        with self._changed:
            goal = self.rounds + count
            self._changed.wait_for(lambda: self.rounds >= goal or self.problem, DEADLINE)
            assert self.rounds >= goal, self.problem or f'{self.rounds} of {goal} echoes after {DEADLINE} s'

    def leave(self):
        """It had all its echoes until now."""
        if self._over.is_set():
            return
        self._over.set()
        self._thread.join(DEADLINE)
        assert not self.problem, self.problem
        self.client.reset()

    def _work(self):
        try:
            while not self._over.wait(0.001):
                text = b'round %d' % self.rounds
                self.client.send(frame(TEXT, text))
                while (answer := self.client.receive_message()) and answer[0] == BINARY:
                    pass  # what another has had broadcast
                assert answer == (TEXT, text), answer
                with self._changed:
                    self.rounds += 1
                    self._changed.notify_all()
        except Exception as problem:
            with self._changed:
                self.problem = repr(problem)
                self._changed.notify_all()


class NetworkTest(unittest.TestCase):
    """A server for each test, with the options of the class or of `serve`; it must end well."""

    options = {}

    def serve(self, **options):
        server = self.enterContext(NetworkServer(**{**self.options, **options}))
        self.addCleanup(self._end, server)
        self.server = server
        self.tls = options.get('tls', False)
        return server.port

    def client(self, *args, **kwargs):
        return self.enterContext(RawClient(self.server.port, *args, tls=self.tls, **kwargs))

    def witness(self, **kwargs):
        """Leaves at the end of the test, and had all its echoes then."""
        witness = Witness(self.client(**kwargs))
        self.addCleanup(witness.leave)
        return witness

    def until(self, holds, what):
        """Waits for what no event tells of, such as figures of the system."""
        end = time.monotonic() + DEADLINE
        while not holds():
            self.assertLess(time.monotonic(), end, f'{what}\n{self.server.transcript()[-3000:]}')
            time.sleep(0.02)

    def _end(self, server):
        self.assertEqual(server.terminate(), 0, server.transcript())
