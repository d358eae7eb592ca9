"""Networks of a test's own, in namespaces of the system: machines, and wires from the test's own to each.

    networks.enter()  # before all else: the program starts again in a network of its own

    with Machine() as machine:
        wire = machine.wire(1)
        start([*machine.command, 'server', ...])
        connect_to(wire.address)
        wire.cut()

Where the system allows none of it, `refusal` says why.
"""
import os
import subprocess
import sys

_MARK = 'SIMWS_TEST_NETWORK'
_WAYS = (['unshare', '--net'], ['unshare', '--user', '--map-root-user', '--net'])


def _run(*command):
    """What it printed when it failed; empty: it didn't."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    except FileNotFoundError:
        return f'{command[0]} is not installed'
    return '' if done.returncode == 0 else done.stdout.strip() or f'{command[0]} ended with {done.returncode}'


def _do(*command):
    if problem := _run(*command):
        raise RuntimeError(f'{" ".join(command)}: {problem}')


def enter():
    """Does nothing where it's refused, and when it has been done."""
    if _MARK in os.environ:
        return
    problems = []
    for way in _WAYS:
        problem = _run(*way, 'ip', 'link', 'set', 'lo', 'up')
        if not problem:
            os.environ[_MARK] = ''
            os.execvp('unshare', [*way, 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh',
                                  sys.executable, '-B', *sys.argv])
        problems.append(problem)
    os.environ[_MARK] = 'the system allows no network of its own: ' + '; '.join(problems)


def refusal():
    return os.environ.get(_MARK, 'not entered')


def has_netem():
    """Whether the kernel can delay and lose what it sends."""
    problem = _run('tc', 'qdisc', 'add', 'dev', 'lo', 'root', 'netem', 'delay', '1ms')
    if not problem:
        _do('tc', 'qdisc', 'del', 'dev', 'lo', 'root')
    return not problem


class Machine:
    """Has a network apart, for as long as this lives. `command` runs a program there."""

    def __enter__(self):
        self._holder = subprocess.Popen(['unshare', '--net', 'sh', '-c', 'ip link set lo up && echo && exec cat'],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        if not self._holder.stdout.readline():
            raise RuntimeError('there is no second network')
        self._wires = []
        self.command = ['nsenter', f'--net=/proc/{self._holder.pid}/ns/net', '--']
        return self

    def __exit__(self, *_):
        for wire in self._wires:
            wire.remove()
        self._holder.stdin.close()
        self._holder.stdout.close()
        self._holder.wait()

    def wire(self, number):
        self._wires.append(Wire(self, self._holder.pid, number))
        return self._wires[-1]


class Wire:
    """From the test's machine to the other, which has `address` at its end, `near_address` is at ours. Goes with that machine."""

    def __init__(self, machine, pid, number):
        self._there = machine.command
        self._near, self._far = f'near{number}', f'far{number}'
        self.address, self.near_address = f'10.99.{number}.2', f'10.99.{number}.1'
        _do('ip', 'link', 'add', self._near, 'type', 'veth', 'peer', 'name', self._far, 'netns', str(pid))
        _do('ip', 'address', 'add', f'{self.near_address}/24', 'dev', self._near)
        _do(*self._there, 'ip', 'address', 'add', f'{self.address}/24', 'dev', self._far)
        _do('ip', 'link', 'set', self._near, 'up')
        self.mend()

    def cut(self):
        """Takes the other machine's end down: from there no way leads here any more, and here no carrier is."""
        _do(*self._there, 'ip', 'link', 'set', self._far, 'down')

    def mend(self):
        _do(*self._there, 'ip', 'link', 'set', self._far, 'up')

    def remove(self):
        """Both ends of it; by itself it would go a while after the machine."""
        _do('ip', 'link', 'delete', self._near)

    def slow(self, rate):
        """Lets so much through each way, such as '2mbit', and drops what can't wait."""
        self._qdisc('tbf', 'rate', rate, 'burst', '16kb', 'latency', '100ms')

    def disturb(self):
        """Delays what passes, each way, changes its order and loses some. REQUIRES: has_netem."""
        self._qdisc('netem', 'delay', '20ms', '10ms', 'loss', '5%', 'reorder', '10%')

    def _qdisc(self, *words):
        _do('tc', 'qdisc', 'replace', 'dev', self._near, 'root', *words)
        _do(*self._there, 'tc', 'qdisc', 'replace', 'dev', self._far, 'root', *words)
