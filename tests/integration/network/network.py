"""What the network's tests share: the server in a process of its own."""
import os
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / 'support'))

from raw_client import (BINARY, CLOSE, HANDSHAKE, PING, PONG, TEXT, RawClient,  # noqa: E402, F401
                        frame)
from simws_host import DEADLINE, Host, program  # noqa: E402, F401


class NetworkServer(Host):
    """The program network_server with these options. Its events are lines of stdout."""

    def __init__(self, is_log_stuck=False, **options):
        super().__init__('')
        self._is_log_stuck = is_log_stuck
        self._command = [program()]
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


class NetworkTest(unittest.TestCase):
    """A server for each test, with the options of the class or of `serve`; it must end well."""

    options = {}

    def serve(self, **options):
        server = self.enterContext(NetworkServer(**{**self.options, **options}))
        self.addCleanup(self._end, server)
        self.server = server
        return server.port

    def client(self, *args, **kwargs):
        return self.enterContext(RawClient(self.server.port, *args, **kwargs))

    def _end(self, server):
        self.assertEqual(server.terminate(), 0, server.transcript())
