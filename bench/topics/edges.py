"""A broker and edges for what is measured behind them."""
import contextlib
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import time

LISTENING = re.compile(r'listening on \S*?:(\d+)\b')


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


class Broker:
    """nats-server with JetStream; ends with the `with` block."""

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory()
        self.port = free_port()
        self.url = f'nats://127.0.0.1:{self.port}'
        self._process = subprocess.Popen(['nats-server', '-a', '127.0.0.1', '-p', str(self.port), '-js', '-sd', self._folder.name],
                                         stderr=subprocess.DEVNULL)
        self._wait()
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait()
        self._folder.cleanup()

    def stop(self):
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self):
        self._process.send_signal(signal.SIGCONT)

    def _wait(self):
        for _ in range(500):
            with contextlib.suppress(OSError), socket.create_connection(('127.0.0.1', self.port)):
                return
            time.sleep(0.02)
        raise RuntimeError("nats-server doesn't listen")


class Edge:
    """`simws edge`, of the simulation `bench`; ends with the `with` block."""

    def __init__(self, servers, broker, name='edge'):
        self._command = [servers.host, 'edge', '--broker', broker.url, '--name', 'bench', '--id', name, '--port', '0']

    def __enter__(self):
        self._errors = tempfile.NamedTemporaryFile('w+')
        self._process = subprocess.Popen(list(map(str, self._command)), stderr=self._errors)
        self.pid = self._process.pid
        for _ in range(500):
            if found := LISTENING.search(pathlib.Path(self._errors.name).read_text()):
                self.port = int(found[1])
                return self
            time.sleep(0.02)
        raise RuntimeError(f"the edge doesn't listen: {pathlib.Path(self._errors.name).read_text()}")

    def __exit__(self, *_):
        self._process.terminate()
        self._process.wait()
        self._errors.close()
