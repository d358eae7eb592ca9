"""The echo servers that are measured, and how they are started and loaded."""

import contextlib
import json
import os
import pathlib
import shutil
import socket
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BENCH = ROOT / 'bench'


class Servers:
    """Knows the command of each server; `build` is the build folder."""

    def __init__(self, build):
        self.programs = build / 'bench'
        self.module = build / 'python'  # where Python finds simWS
        self.host = next((path for path in (build / 'bin/simws', build / 'src/host/simws')
                          if path.exists()), build / 'src/host/simws')
        python = '/usr/bin/python3'
        self.commands = {
            'cpp': [self.programs / 'bench_cpp_echo', '{port}'],
            'lua': [self.host, 'run', BENCH / 'lua_echo.lua', '{port}'],
            'python': [python, BENCH / 'python_echo.py', '{port}'],
            'beast': [self.programs / 'bench_beast_echo', '{port}'],
            'beast-tuned': [self.programs / 'bench_beast_echo', '{port}', 'tuned'],
            'websockets': [python, BENCH / 'peers/websockets_echo.py', '{port}'],
            'aiohttp': [python, BENCH / 'peers/aiohttp_echo.py', '{port}'],
            'ws': ['node', BENCH / 'peers/ws_echo.js', '{port}'],
            'raw': [self.programs / 'bench_raw_echo', '{port}'],
        }

    def names(self):
        return list(self.commands)

    def exists(self, name):
        if name == 'python' and not self.module.is_dir():
            return False
        return shutil.which(self.commands[name][0]) is not None

    @contextlib.contextmanager
    def running(self, name, cpu=None, log=None):
        """Starts a server; gives its process and its port, which takes connections. Its standard
        error goes to the file `log`, else to ours."""
        port = free_port()
        command = [str(part).format(port=port) for part in self.commands[name]]
        environment = {**os.environ, 'NODE_PATH': '/usr/share/nodejs', 'PYTHONPATH': str(self.module)}
        process = subprocess.Popen(pinned(command, cpu), env=environment,
                                   stdin=subprocess.DEVNULL, stderr=log)
        try:
            wait_until_listening(process, port)
            yield process, port
        finally:
            process.terminate()
            process.wait()

    def load_command(self, name, port, *options):
        """The load generator for this server."""
        mode = ['--raw'] if name == 'raw' else []
        return [str(self.programs / 'bench_load'), '--port', str(port), *mode, *map(str, options)]

    def measure(self, name, options, server_cpu=None, client_cpu=None):
        """One measurement with a fresh server; the load generator's result."""
        with self.running(name, server_cpu) as (process, port):
            command = self.load_command(name, port, '--server', process.pid, *options)
            output = subprocess.run(pinned(command, client_cpu), check=True,
                                    stdout=subprocess.PIPE, text=True).stdout
        return json.loads(output)


def pinned(command, cpu):
    return command if cpu is None else ['taskset', '-c', str(cpu), *command]


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def wait_until_listening(process, port, timeout=10):
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f'{process.args}: ended with {process.returncode}')
        try:
            socket.create_connection(('127.0.0.1', port)).close()
            return
        except ConnectionRefusedError:
            time.sleep(0.02)
    raise RuntimeError(f'{process.args}: does not listen on port {port}')
