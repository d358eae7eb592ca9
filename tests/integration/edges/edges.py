"""What the tests of edges share: the deployment of examples/edges on loopback addresses, and viewers of it."""
import contextlib
import json
import re
import shlex
import socket
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1] / 'support'), str(HERE.parent / 'client'), str(HERE.parent / 'broker')]

from broker import NatsServer, until  # noqa: E402, F401
from clients import answer_to  # noqa: E402, F401
from proxies import find, libraries  # noqa: E402
from raw_client import CLOSE, HANDSHAKE, TEXT, RawClient, frame  # noqa: E402
from simws_host import DEADLINE, ROOT, Host, Process, free_port, program  # noqa: E402, F401

EXAMPLE = ROOT / 'examples/edges'
VIEWERS = 'arm.example'  # by which they reach the proxy
PASSWORDS = {'SIMULATION_PASSWORD': 'one', 'EDGE_PASSWORD': 'two'}


class ExampleNats(NatsServer):
    """By the configuration of the example, but for where it listens and what it stores in."""

    def start(self):
        text = (EXAMPLE / 'nats.conf').read_text()
        text = replaced(text, r'^listen: .*$', f'listen: 127.0.0.1:{self.port}')
        text = replaced(text, r'store_dir: .*$', f'store_dir: "{self.folder.name}/store"')
        configuration = Path(self.folder.name) / 'nats.conf'
        configuration.write_text(text)
        self.process = Process([find('usr/sbin/nats-server'), '--config', configuration], env=PASSWORDS)
        self.process.__enter__()
        self.process.wait_for('Server is ready')

    def url_of(self, user):
        return f'nats://{user}:{PASSWORDS[user.upper() + "_PASSWORD"]}@127.0.0.1:{self.port}'


def replaced(text, pattern, by):
    text, count = re.subn(pattern, lambda _: by, text, flags=re.MULTILINE)
    assert count == 1, pattern
    return text


def unit_command(name, port):
    """What a unit of the example starts, at another port."""
    text = (EXAMPLE / 'systemd' / name).read_text()
    [line] = re.findall(r'^ExecStart=(.*)$', text, re.MULTILINE)
    line = line.replace('%i', str(port)).replace('9100', str(port)).replace('${SIMWS_VIEWERS}', VIEWERS)
    line = line.replace('/usr/share/simws/edges', str(EXAMPLE)).replace('/usr/bin/simws', program(), 1)
    return shlex.split(line)


class Unit(Process):
    """A server that a unit of the example starts."""

    def __init__(self, name, broker, port):
        self.port = port or free_port()
        super().__init__(unit_command(name, self.port), env={'SIMWS_BROKER': broker})

    def __enter__(self):
        super().__enter__()
        self.wait_for('listening on')
        return self


def simulation_of(broker, port=None):
    return Unit('simws-simulation.service', broker, port)


def edge_of(broker, port=None):
    return Unit('simws-edge@.service', broker, port)


class HaProxy(Process):
    """The example's, before these edges."""

    def __init__(self, edges):
        self.port = free_port()
        ports = {f'EDGE{number}': f'127.0.0.1:{edge.port}' for number, edge in enumerate(edges, 1)}
        super().__init__([find('usr/sbin/haproxy'), '-db', '-f', EXAMPLE / 'haproxy.cfg'],
                         env={'VIEWERS': f'127.0.0.1:{self.port}', 'LD_LIBRARY_PATH': libraries(), **ports})

    def __enter__(self):
        super().__enter__()
        until(self._serves)
        return self

    def _serves(self):
        with contextlib.suppress(OSError):
            return answer_to(f'http://127.0.0.1:{self.port}/simws.js')[0] == 200
        return False


class Message:
    def __init__(self, words, data):
        self.topic, self.key, self.time, self.epoch, self.sequence = words[1:6]
        self.data = data


class Viewer(RawClient):
    """Speaks simws.topics.1, and holds to it that nothing older comes than what has come."""

    def __init__(self, port, *topics, policy='latest', address='127.0.0.1', headers=None):
        super().__init__(port, address=address, handshake=False)
        fields = {'Host': 'localhost', 'Sec-WebSocket-Protocol': 'simws.topics.1', **(headers or {})}
        lines = ''.join(f'{name}: {value}\r\n' for name, value in fields.items())
        self.send(HANDSHAKE.replace(b'Host: localhost\r\n', lines.encode()))
        head = self.receive_head()
        if not head.startswith(b'HTTP/1.1 101 '):
            self.socket.close()
            raise AssertionError(head)
        self.is_stale = None
        self._shown = {}
        self._epochs = []
        for topic in topics:
            self.say(['subscribe', topic, {'policy': policy}])

    def say(self, words, data=b''):
        self.send(frame(TEXT, json.dumps(words).encode() + b'\n' + data))

    def next(self, topic=None, key=None, data=None):
        """The next message that is such."""
        while True:
            words, payload = self.next_words()
            if words[0] != 'message':
                continue
            message = Message(words, payload)
            self._check(message)
            if all(wanted is None or wanted == had for wanted, had in ((topic, message.topic), (key, message.key), (data, message.data))):
                return message

    def wait_until_stale(self, is_stale):
        while self.is_stale != is_stale:
            words, payload = self.next_words()
            if words[0] == 'message':
                self._check(Message(words, payload))

    def read_what_has_come(self):
        self.socket.settimeout(0.001)
        with contextlib.suppress(TimeoutError):
            while True:
                words, payload = self.next_words()
                if words[0] == 'message':
                    self._check(Message(words, payload))
        self.socket.settimeout(DEADLINE)

    def wait_for_end(self):
        with contextlib.suppress(EOFError, ConnectionError):
            while True:
                self.next_words()

    def next_words(self):
        received = self.receive_message()
        if not received or received[0] == CLOSE:
            raise EOFError('the server has ended the connection')
        line, _, payload = received[1].partition(b'\n')
        words = json.loads(line) if line else ['sent']
        if words[0] == 'mark':
            self.say(['ack', words[1]])
        if words[0] == 'stale':
            self.is_stale = words[1]
        return words, payload.decode()

    def _check(self, message):
        if message.epoch not in self._epochs:
            self._epochs.append(message.epoch)
            self._shown.clear()
        assert message.epoch == self._epochs[-1], f'{message.topic} is of a start before'
        name = message.topic, message.key
        assert message.sequence >= self._shown.get(name, 0), f'{name} is older than what has come'
        self._shown[name] = message.sequence


def page_client(*ports):
    """simws.js in Node, with these addresses; prints what happens as lines of JSON (page_client.mjs)."""
    addresses = [f'ws://127.0.0.1:{port}/' for port in ports]
    return Process(['node', HERE / 'page_client.mjs', *addresses], env={'SIMWS_NPM': str(ROOT / 'build/npm')})


def refuses(port):
    with socket.socket() as probe:
        return probe.connect_ex(('127.0.0.1', port)) != 0
