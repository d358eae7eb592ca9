"""Runs a script in the program simws, for tests written in Python.

    with Host('examples/lua/echo.lua', 0) as host:
        connect_to(f'ws://127.0.0.1:{host.port}/')
        assert host.terminate() == 0

The program is named by the environment variable SIMWS (ctest sets it), else found on PATH.
Every wait ends when the awaited thing happens, when the program ends, or at a deadline, and a wait
that fails shows everything the program wrote.
"""
import fcntl
import os
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

import older_python  # noqa: F401

ROOT = Path(__file__).resolve().parents[2]
DEADLINE = 60.0  # seconds; far beyond what a busy machine needs

_LISTENING = r'listening on (?:\w+://)?(?:\[[^\]]*\]|[^\s:/]+):(\d+)'


def program():
    """The path of the program simws."""
    path = os.environ.get('SIMWS') or shutil.which('simws')
    if not path:
        raise RuntimeError('set the environment variable SIMWS to the path of the program simws')
    return path


def free_port():
    """A port that was free a moment ago. Prefer port 0 and Host.port where the script allows it."""
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def fill(pipe):
    """One line of dots, after which the pipe takes no more. Returns its size."""
    size = fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, 4096)
    os.write(pipe, b'.' * (size - 1) + b'\n')
    return size


class Process:
    """A program that runs, as a context manager.

    stdout and stderr are lists that grow by the lines the program writes. Leaving the context kills
    the program if it still runs. With `is_log_stuck` stderr is a pipe that is full, and is read from
    `read_stderr` on.
    """

    def __init__(self, command, env=None, cwd=None, stdin=subprocess.DEVNULL, is_log_stuck=False):
        self._command = [*map(str, command)]
        self._environment = {**os.environ, **(env or {})}
        self._folder = cwd
        self._stdin = stdin
        self._is_log_stuck = is_log_stuck
        self._changed = threading.Condition()
        self.stdout = []
        self.stderr = []

    def start_by_shell(self, first=':', redirections=''):
        """The program is started by a shell that does `first`. The library of a sanitizer that it may
        need is loaded into it alone: not every shell bears it."""
        preloaded = self._environment.pop('LD_PRELOAD', '')
        if preloaded:
            first += f'; export LD_PRELOAD={preloaded}'
        self._command = ['sh', '-c', f'{first}; exec "$@" {redirections}', 'sh', *self._command]

    def __enter__(self):
        read_end, write_end = os.pipe()
        if self._is_log_stuck:
            fill(write_end)
        self._log = open(read_end, errors='replace')
        try:
            self.process = subprocess.Popen(
                self._command, env=self._environment, cwd=self._folder, text=True, errors='replace',
                stdin=self._stdin, stdout=subprocess.PIPE, stderr=write_end)
        finally:
            os.close(write_end)
        self._readers = [self._read(self.process.stdout, self.stdout)]
        if not self._is_log_stuck:
            self.read_stderr()
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self._finish()

    @property
    def pid(self):
        return self.process.pid

    def read_stderr(self):
        self._readers.append(self._read(self._log, self.stderr))

    def wait_for(self, pattern, stream='stderr', timeout=DEADLINE):
        """The match of the first line of the stream ('stdout' or 'stderr') that has the pattern."""
        lines = getattr(self, stream)
        search = re.compile(pattern).search
        end = time.monotonic() + timeout
        seen = 0
        with self._changed:
            while True:
                for line in lines[seen:]:
                    if match := search(line):
                        return match
                seen = len(lines)
                if not any(reader.is_alive() for reader in self._readers):
                    raise AssertionError(f'{stream} ended without {pattern!r}\n{self.transcript()}')
                if time.monotonic() >= end:
                    raise AssertionError(
                        f'{stream} has no {pattern!r} after {timeout:g} s\n{self.transcript()}')
                self._changed.wait(0.2)

    def terminate(self, timeout=DEADLINE):
        """Asks the program to end with SIGTERM, and returns its exit code."""
        return self.signal(signal.SIGTERM, timeout)

    def signal(self, number, timeout=DEADLINE):
        """Sends a signal and returns the exit code of the program that it ends."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.wait(timeout)

    def kill(self):
        """Ends the program at once, as a crash would, and returns its exit code."""
        self.process.kill()
        return self.wait()

    def wait(self, timeout=DEADLINE):
        """The exit code of a program that ends by itself."""
        try:
            code = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise AssertionError(
                f'{self._command} still runs after {timeout:g} s\n{self.transcript()}') from None
        self._finish()
        return code

    def transcript(self):
        """Everything the program wrote, for the message of a failing test."""
        return '\n'.join([f'$ {" ".join(self._command)}', *('out: ' + x for x in list(self.stdout)),
                          *('err: ' + x for x in list(self.stderr))])

    def _read(self, pipe, lines):
        def work():
            for line in pipe:
                with self._changed:
                    lines.append(line.rstrip('\n'))
                    self._changed.notify_all()

        reader = threading.Thread(target=work, daemon=True)
        reader.start()
        return reader

    def _finish(self):
        self.process.wait()
        for reader in self._readers:
            reader.join(DEADLINE)
        if not any(reader.is_alive() for reader in self._readers):
            self.process.stdout.close()
            self._log.close()


class Host(Process):
    """`simws run [options] script [args]`. A relative script path starts at the project's root."""

    def __init__(self, script, *args, options=(), env=None, cwd=None):
        super().__init__([program(), 'run', *options, ROOT / script, *args], env, cwd)

    @property
    def port(self):
        """The port of the script's first server. Waits until it listens."""
        return int(self.wait_for(_LISTENING)[1])
