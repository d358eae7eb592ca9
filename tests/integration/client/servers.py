"""Servers that others wrote, each a program that prints `port N`, and our client's program beside them.

All servers echo, choose the subprotocol robot.v1, and obey texts that begin with a slash: `/close CODE` closes with the reason
"as ordered"; `/ping` pings with "there?", and tells what the pong brings as the text "pong …"; `/fragments N` sends "0 1 2 … " in
N fragments; `/drop` ends the connection without a Close.
"""
import contextlib
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / 'support'))

from simws_host import DEADLINE, ROOT, Process, free_port, program  # noqa: E402, F401

FOLDER = Path(__file__).resolve().parent / 'servers'
BUILT = Path(program()).parent


class ForeignServer(Process):
    """The server of this name, on a port of its choice, or on the given one, where another was."""

    def __init__(self, name, port=0):
        super().__init__([*COMMANDS[name], port], env={'NODE_PATH': '/usr/share/nodejs:/usr/lib/nodejs'})

    @property
    def port(self):
        return int(self.wait_for(r'^port (\d+)$', 'stdout')[1])


COMMANDS = {
    'websockets': [sys.executable, '-B', FOLDER / 'websockets_server.py'],
    'aiohttp': [sys.executable, '-B', FOLDER / 'aiohttp_server.py'],
    'ws': ['node', FOLDER / 'ws_server.js'],
    'beast': [BUILT / 'beast_server'],
    'libwebsockets': [BUILT / 'libwebsockets_server'],
}


class Client(Process):
    """Our client. `expect` waits for its events in their order."""

    def __init__(self, uri, **options):
        words = [(f'--{name.replace("_", "-")}', value) for name, value in options.items()]
        super().__init__([program(), uri, *(word for pair in words for word in pair)], stdin=subprocess.PIPE)
        self._seen = 0

    def __exit__(self, *details):
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        super().__exit__(*details)

    def order(self, line):
        self.process.stdin.write(line + '\n')
        self.process.stdin.flush()

    def expect(self, event, matches=lambda line, event: line == event):
        with self._changed:
            self._changed.wait_for(
                lambda: len(self.stdout) > self._seen or not any(reader.is_alive() for reader in self._readers),
                DEADLINE)
        assert len(self.stdout) > self._seen, f'no {event!r}\n{self.transcript()}'
        line = self.stdout[self._seen]
        self._seen += 1
        assert matches(line, event), f'{line!r} instead of {event!r}\n{self.transcript()}'
        return line

    def expect_start(self, event):
        return self.expect(event, str.startswith)

    def leave(self):
        """It disconnects, and its program ends."""
        self.process.stdin.close()
        assert self.wait() == 0, self.transcript()


class ClientTest(unittest.TestCase):
    """Gives servers and clients that end with the test."""

    def serve(self, name, port=0):
        return self.enterContext(ForeignServer(name, port))

    def connect(self, server, path='/', **options):
        port = server if isinstance(server, int) else server.port
        return self.talk(f'ws://127.0.0.1:{port}{path}', **options)

    def talk(self, uri, **options):
        return self.enterContext(Client(uri, **{'proxy': '', **options}))

    def check_echo(self, client):
        client.order('text Grüße')
        client.expect('text Grüße')
