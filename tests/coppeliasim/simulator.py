"""Runs the simulator of the tests with a plugin, for tests written in Python.

    with Simulator(NEW, folder) as simulator:
        simulator.add('robot', 'server = simWS.start(0)')
        port = simulator.port('robot')
        assert simulator.quit() == 0

Scripts are files of the folder, or of the folder lua/. Commands are those of host/commands.cpp; each waits for its answer.
"""
import asyncio
import contextlib
import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import websockets

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / 'support'))

from certificates import trusting  # noqa: E402, F401
from clients import ClientTest, answer_to, each  # noqa: E402
from helper_words import PlayedHelper  # noqa: E402, F401
from simws_host import DEADLINE, Process  # noqa: E402
from websocket_client import connect  # noqa: E402


# Sanitizers keep freed memory, and may have a thread of their own.
SANITIZED = 'SIMHOST_SANITIZED' in os.environ
IDLE_THREADS = (1, 2) if SANITIZED else (1,)


@dataclass(frozen=True)
class Version:
    """An interface of the simulator, with the core that has it."""

    name: str
    core: str
    has_buffers: bool = False
    is_old: bool = False


V4_6 = Version('4.6', '4_6', is_old=True)
V4_9 = Version('4.9', '4_9')
NEW = Version('new', 'new', has_buffers=True)
VERSIONS = (V4_6, V4_9, NEW)


class CommandFailed(Exception):
    """The host answered `error …`."""


class Simulator(Process):
    """A simulator whose clock and passes the test drives; `passing` lets it pass by itself."""

    def __init__(self, version, folder, plugin=None, options=()):
        cores = Path(os.environ['SIMHOST']).parent
        plugin = plugin or os.environ['SIMWS_PLUGIN']
        folders = [HERE / 'host' / 'lua', folder]
        if 'SIMWS_PLUGIN_LUA' in os.environ:
            folders.insert(0, os.environ['SIMWS_PLUGIN_LUA'])
        self.version = version
        super().__init__([
            os.environ['SIMHOST'], f'--core={cores}/libcoppeliasim_core_{version.core}.so',
            f'--plugin={plugin}', f'--version={version.name}',
            *[f'--lua={folder}' for folder in folders], *options],
            stdin=subprocess.PIPE)
        self.folder = folder
        self._answers = 0
        self._turn = threading.Lock()

    def __exit__(self, *failure):
        super().__exit__(*failure)
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass

    def command(self, *words):
        """Sends a command and returns what it answers."""
        with self._turn:
            self.process.stdin.write(' '.join(map(str, words)) + '\n')
            self.process.stdin.flush()
            self._answers += 1
            answer = self._wait_for_answer(self._answers)
        kind, _, text = answer.partition(' ')
        if kind != 'ok':
            raise CommandFailed(text)
        return text

    def _wait_for_answer(self, number):
        """What was printed and logged before the answer has been read then, too."""
        def answers():
            return [line[2:] for line in self.stdout if line.startswith('> ')]

        def has_come():
            return len(answers()) >= number and self.stderr.count('>') >= number

        end = time.monotonic() + DEADLINE
        with self._changed:
            while not has_come():
                ended = not any(reader.is_alive() for reader in self._readers)
                if (ended and not has_come()) or time.monotonic() >= end:
                    raise AssertionError(f'no answer\n{self.transcript()}')
                self._changed.wait(0.05)
            return answers()[number - 1]

    def _settle(self):
        """Everything that the simulator has printed so far has been read then."""
        if self.process.poll() is None:
            try:
                self.command('scene', 'uid')
            except (AssertionError, BrokenPipeError):
                self.process.wait(DEADLINE)

    def script(self, kind, name, path, *arguments):
        """Adds a script; one of a simulation begins with it. Returns its handle."""
        return int(self.command('script', kind, name, HERE / 'lua' / path, *arguments))

    def write(self, name, text):
        """Makes the file of a script, or a new one of the same name."""
        path = self.folder / f'{name}.lua'
        path.write_text(text)
        return path

    def add(self, name, text, *arguments, kind='customization'):
        """Adds a script of this text. Returns its handle."""
        return self.script(kind, name, self.write(name, text), *arguments)

    def lua(self, script, code):
        """What the code returns in the script, as text."""
        return self.command('lua', script, ' '.join(code.split('\n')))

    def port(self, script, server='server'):
        return int(self.lua(script, f'return simWS.getServerInfo({server}).port'))

    def is_alive(self, script):
        return self.command('alive', script) == 'yes'

    def statistics(self):
        words = (word.split('=') for word in self.command('stats').split())
        return {'threads': self.threads(), **{name: float(value) for name, value in words}}

    def threads(self):
        """How many it has now, without the kernel's for io_uring: libuv 1.45 to 1.48 has one of these for each event loop."""
        of_io_uring = 0x10  # PF_IO_WORKER
        count = 0
        for thread in Path(f'/proc/{self.pid}/task').iterdir():
            with contextlib.suppress(OSError):  # it has just ended
                flags = (thread / 'stat').read_text().rpartition(')')[2].split()[6]
                count += not int(flags) & of_io_uring
        return count

    def quit(self, order=''):
        """Ends the simulator and returns its exit code."""
        self.command('quit', order)
        return self.wait()

    def lines(self, prefix):
        """What scripts have printed so far, of the lines with the prefix, without it."""
        self._settle()
        return [line[len(prefix):] for line in list(self.stdout) if line.startswith(prefix)]

    def logged(self, text):
        """The log lines so far that have the text."""
        self._settle()
        return [line for line in list(self.stderr) if text in line]


class SimulatorTest(ClientTest):
    """A test starts its simulator with `self.start`; `each_version` repeats it for each interface."""

    def start(self, version, *, passing=True, **options):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.simulator = self.enterContext(Simulator(version, folder, **options))
        if passing:
            self.simulator.command('auto', 'on')
        return self.simulator

    async def line(self, pattern, stream='stdout'):
        return await self.do(self.simulator.wait_for, pattern, stream)

    async def connect(self, port, path='/', **options):
        socket = await connect(f'ws://127.0.0.1:{port}{path}', max_queue=None, max_size=None,
                               ping_interval=None, **options)
        self.addAsyncCleanup(self._leave, socket)
        return socket

    @staticmethod
    async def _leave(socket):
        try:
            await socket.close()
        except websockets.ConnectionClosed:
            pass  # the server was faster

    async def receive(self, socket):
        return await asyncio.wait_for(socket.recv(), DEADLINE)

    async def until(self, condition, what):
        """Waits, while the simulator passes, until a condition of its state holds."""
        end = time.monotonic() + DEADLINE
        while not await self.do(condition):
            self.assertLess(time.monotonic(), end, f'{what}\n{self.simulator.transcript()}')

    async def fetch(self, port, path, data=None, method=None):
        """Status, headers and body of the answer to an HTTP request."""
        return await self.do(answer_to, f'http://127.0.0.1:{port}{path}', data, method)

    async def ask(self, socket, message):
        await socket.send(message)
        return await self.receive(socket)


def each_version(versions=VERSIONS):
    """Makes a test of every test method for every version: (self, version)."""
    return each(versions, lambda version: version.core)
