"""Starts servers, and the load generator, `simws bench`, beside them."""

import contextlib
import json
import os
import re
import resource
import shutil
import subprocess
import tempfile
import threading

from simws_bench.peers import CLIENT, ECHO, PYTHON, TLS, Places, peer_named

PATIENCE = 30  # seconds that the load generator waits for an answer
START_LIMIT = 20  # seconds
STOP_LIMIT = 5
LOAD_LIMIT = 120
PORT = re.compile(r'\bport (\d+)$')
FIRST = ('chrt', '--fifo', '10')  # before all that the machine does besides
NOT_FIRST = ('chrt', '--other', '0')


class BenchError(Exception):
    """Something could not be measured; its text says why."""


class Servers:
    """Knows how to start each server; `build` is the build folder."""

    def __init__(self, build):
        self.places = Places(build)
        self.host = self.places.host
        self.load = [str(self.host), 'bench', '--json', '--timeout', str(PATIENCE)]

    @contextlib.contextmanager
    def running(self, name, role=ECHO, cpu=None, log=None, command=None):
        """Starts a server; gives its process and its port, which takes connections. `command` takes the place of the
        table's. Its standard error goes to the file `log`, else it's told when the server doesn't start."""
        command = command or self.places.command(peer_named(name), role)
        if role == TLS:
            make_certificate(self.places.certificate)
        with contextlib.ExitStack() as files:
            errors = log or files.enter_context(tempfile.TemporaryFile('w+'))
            process = subprocess.Popen(pinned(command, cpu), env=self.places.environment(), text=True,
                                       stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors)
            files.callback(stop, process)
            yield process, read_port(process, name, errors)

    def measure(self, name, role, options, server_cpu=None, client_cpu=None):
        """One measurement with a fresh server: what the load generator printed."""
        with contextlib.ExitStack() as running:
            process, port = running.enter_context(self.running(name, role, server_cpu))
            if role == TLS:
                port = running.enter_context(self.encrypted(port, client_cpu))
            command = self.load_command(name, port, '--server', process.pid, *options)
            return run_load(pinned(command, client_cpu), process)

    @contextlib.contextmanager
    def encrypted(self, port, cpu=None):
        """The port of a relay, behind which the load generator's connections go on over TLS."""
        relay = self.places.build / 'bench/bench_tls_relay'
        with self.running(f'the relay to port {port}', cpu=cpu, command=[str(relay), str(port)]) as (_, entrance):
            yield entrance

    def measure_client(self, name, connections, options, client_cpu=None, load_cpu=None):
        """The same of a client, which comes to the load generator."""
        load = pinned([*self.load, '--clients', *options], load_cpu)
        more = 1 if 'idle' in options else 0  # that one comes before the first figure is taken
        with contextlib.ExitStack() as open_things:
            errors = open_things.enter_context(tempfile.TemporaryFile('w+'))
            listening = subprocess.Popen(load, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True)
            open_things.callback(stop, listening)
            open_things.callback(listening.stdin.close)
            port = read_port(listening, 'the load generator', errors)
            command = self.places.command(peer_named(name), CLIENT, port) + [str(connections + more)]
            client = subprocess.Popen(pinned(command, client_cpu), env=self.places.environment(), stdin=subprocess.DEVNULL,
                                      stdout=subprocess.DEVNULL, stderr=errors)
            open_things.callback(end, client)
            return told_by(listening, client.pid, errors)

    def load_command(self, name, port, *options):
        """The load generator for this server."""
        mode = ['--raw'] if peer_named(name).is_raw else []
        return [*self.load, f'ws://127.0.0.1:{port}/', *mode, *map(str, options)]


def make_certificate(file):
    """With its private key in the same file, unless it's there."""
    if file.exists():
        return
    words = ['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc', '-days', '30',
             '-subj', '/CN=localhost', '-keyout', str(file), '-out', str(file)]
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode != 0:
        raise BenchError(f'no certificate: {done.stderr.strip()[-500:]}')


def told_by(load, client, errors):
    """What the load generator prints of a client's process."""
    try:
        out, _ = load.communicate(f'{client}\n', timeout=LOAD_LIMIT)
    except subprocess.TimeoutExpired:
        raise BenchError(f'no end after {LOAD_LIMIT} s') from None
    if load.returncode == 0:
        return json.loads(out)
    errors.seek(0)
    raise BenchError(errors.read().strip()[-500:] or f'the load generator ended with {load.returncode}')


def run_load(command, server):
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=LOAD_LIMIT)
    except subprocess.TimeoutExpired:
        raise BenchError(f'no end after {LOAD_LIMIT} s') from None
    if done.returncode == 0 or done.stdout:  # of a server that doesn't compress there's that one figure
        return json.loads(done.stdout)
    ended = '' if server.poll() is None else f'; the server ended with {server.returncode}'
    raise BenchError((done.stderr.strip() or f'the load generator ended with {done.returncode}') + ended)


def pinned(command, cpu):
    command = list(map(str, command))
    return command if cpu is None else ['taskset', '-c', str(cpu), *command]


def may_be_first():
    """Real-time priority is a matter of rights."""
    return shutil.which('chrt') is not None and subprocess.run([*FIRST, 'true'], stderr=subprocess.DEVNULL).returncode == 0


def end(process):
    process.terminate()
    try:
        process.wait(STOP_LIMIT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def stop(process):
    end(process)
    process.stdout.close()


def read_port(process, name, errors):
    """What the server prints: lines, of which one ends in `port <number>`."""
    timer = threading.Timer(START_LIMIT, process.kill)
    timer.start()
    try:
        for line in process.stdout:
            if found := PORT.search(line.rstrip()):
                return int(found[1])
    finally:
        timer.cancel()
    process.wait()
    errors.seek(0)
    raise BenchError(f'{name} does not start: {errors.read().strip()[-500:] or process.returncode}')


def raise_descriptor_limit(needed):
    """For this process and those it starts."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft >= needed:
        return
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, max(needed, hard)))
    except (ValueError, PermissionError):
        raise BenchError(f'needs {needed} descriptors; the limit is {hard}: raise it (ulimit -n)') from None


@contextlib.contextmanager
def busy_cores():
    """Each core has something to do that never ends."""
    burners = [subprocess.Popen([PYTHON, '-c', 'while True: pass']) for _ in os.sched_getaffinity(0)]
    try:
        yield
    finally:
        for burner in burners:
            burner.kill()
            burner.wait()


def processors():
    """One for the server and one for the client, each None where there is only one."""
    free = sorted(os.sched_getaffinity(0))
    return tuple(free[:2]) if len(free) > 1 else (None, None)
