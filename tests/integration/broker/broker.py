"""What the tests of the broker share: a NATS server, a client of its own, and simws-broker as a server drives it."""
import json
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1] / 'support'), str(HERE.parent / 'client')]

from proxies import find  # noqa: E402
from simws_host import DEADLINE, Process, free_port  # noqa: E402

HELPER = os.environ['SIMWS']
EPOCH = '0123456789ab'


class NatsServer:
    """nats-server on a port of its own, with JetStream in a folder of its own; `lines` are for its configuration. `command`
    runs it elsewhere, where it has that address."""

    def __init__(self, lines='', jetstream=True, address='127.0.0.1', command=()):
        self.folder = None  # there while it's entered
        self.port = free_port()
        self.jetstream = jetstream
        self.lines = lines
        self.address = address
        self._command = command
        self.process = None

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()
        self.folder.cleanup()

    def start(self):
        """With the same port and folder as before."""
        store = f'jetstream {{ store_dir: "{self.folder.name}/store" }}\n' if self.jetstream else ''
        configuration = Path(self.folder.name) / 'nats.conf'
        configuration.write_text(f'listen: "{self.address}:{self.port}"\nserver_name: hall\n{store}{self.lines}\n')
        self.process = Process([*self._command, find('usr/sbin/nats-server'), '--config', configuration])
        self.process.__enter__()
        self.process.wait_for('Server is ready')

    def stop(self):
        self.process.__exit__()

    def pause(self):
        """All its threads have stopped when this returns."""
        self.process.process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, self.process.process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)

    def go_on(self):
        self.process.process.send_signal(signal.SIGCONT)

    @property
    def url(self):
        return f'nats://{self.address}:{self.port}'


class Connection:
    """Bytes that come over a socket, with a deadline."""

    def __init__(self, end):
        self.end = end
        self.end.settimeout(DEADLINE)
        self._kept = b''

    def line(self):
        while b'\r\n' not in self._kept:
            self._more()
        line, _, self._kept = self._kept.partition(b'\r\n')
        return line.decode()

    def take(self, count):
        while len(self._kept) < count:
            self._more()
        data, self._kept = self._kept[:count], self._kept[count:]
        return data

    def _more(self):
        data = self.end.recv(1 << 20)
        if not data:
            raise EOFError('the connection has ended')
        self._kept += data


class NatsClient:
    """Speaks NATS' text protocol, for tests to see what is on the subjects."""

    def __init__(self, port, **options):
        self._connection = Connection(socket.create_connection(('127.0.0.1', port)))
        self._connection.line()  # INFO
        self._send(f'CONNECT {json.dumps({"verbose": False, "headers": True, "no_responders": True, **options})}\r\n')
        self._inboxes = 0
        self._waiting = []
        self.flush()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._connection.end.close()

    def subscribe(self, subject):
        """Everything on it goes to next_message, from here on."""
        self._inboxes += 1
        self._send(f'SUB {subject} {self._inboxes}\r\n')
        self.flush()

    def publish(self, subject, data=b'', headers=None, reply=''):
        if headers is None:
            self._send(f'PUB {subject} {reply} {len(data)}\r\n'.encode() + data + b'\r\n')
            return
        head = b'NATS/1.0\r\n' + b''.join(f'{name}: {value}\r\n'.encode() for name, value in headers.items()) + b'\r\n'
        self._send(f'HPUB {subject} {reply} {len(head)} {len(head) + len(data)}\r\n'.encode() + head + data + b'\r\n')

    def request(self, subject, data=None):
        """The JSON that is answered to JSON."""
        inbox = f'_INBOX.test.{time.monotonic_ns()}'
        self.subscribe(inbox)
        self.publish(subject, json.dumps(data).encode() if data is not None else b'', reply=inbox)
        return json.loads(self.next_message(inbox).data)

    def flush(self):
        self._send('PING\r\n')
        while (message := self._read()) != 'PONG':
            self._waiting.append(message)

    def next_message(self, subject=''):
        """The next one whose subject begins so; others wait for their turn."""
        for index, message in enumerate(self._waiting):
            if message.subject.startswith(subject):
                return self._waiting.pop(index)
        while True:
            message = self._read()
            if message != 'PONG' and message.subject.startswith(subject):
                return message
            if message != 'PONG':
                self._waiting.append(message)

    def stream_messages(self, name):
        """Subject -> message of all that the stream keeps."""
        return {subject: self.stored(f'simws_{name}', subject) for subject in self.stream_subjects(name)}

    def stream_subjects(self, name):
        info = self.request(f'$JS.API.STREAM.INFO.simws_{name}', {'subjects_filter': '>'})
        return list(info['state'].get('subjects') or {})

    def stored(self, stream, subject):
        answer = self.request(f'$JS.API.STREAM.MSG.GET.{stream}', {'last_by_subj': subject})
        return answer.get('message')

    def _send(self, text):
        self._connection.end.sendall(text if isinstance(text, bytes) else text.encode())

    def _read(self):
        while True:
            words = self._connection.line().split(' ')
            if words[0] == 'PING':
                self._send('PONG\r\n')
            elif words[0] == 'PONG':
                return 'PONG'
            elif words[0] in ('MSG', 'HMSG'):
                sizes = [int(words[-1])] if words[0] == 'MSG' else [int(words[-2]), int(words[-1])]
                data = self._connection.take(sizes[-1])
                self._connection.take(2)
                head = data[:sizes[0]] if len(sizes) == 2 else b''
                reply = words[3] if len(words) > 3 + len(sizes) else ''
                return NatsMessage(words[1], head, data[len(head):], reply)
            elif words[0] == '-ERR':
                raise AssertionError(' '.join(words))


class NatsMessage:
    def __init__(self, subject, head, data, reply=''):
        self.subject = subject
        self.data = data
        self.reply = reply
        self.headers = dict(re.findall(r'^([^:\r\n]+): *(.*?)\r$', head.decode(), re.MULTILINE))


class Helper:
    """simws-broker, at the other end of a socket, as its server sees it."""

    def __init__(self, url='', name='arm', epoch=EPOCH, address='sim:9000', **options):
        self._start = {'url': url, 'credentials': '', 'ca': '', 'certificate': '', 'privateKey': '', 'name': name,
                       'epoch': epoch, 'address': address, **options}

    def __enter__(self):
        ours, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen([HELPER], stdin=theirs, stderr=subprocess.PIPE, text=True)
        self.connection = Connection(ours)
        self.words = []
        self.sequence = 0
        if self._start['url']:
            self.say(['start', self._start])
        return self

    def __exit__(self, *_):
        self.connection.end.close()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(DEADLINE)
        self.process.stderr.close()

    def say(self, words, payload=b''):
        line = json.dumps(words).encode() + b'\n'
        self.connection.end.sendall(struct.pack('<I', len(line) + len(payload)) + line + payload)

    def message(self, topic, payload, key='', opcode='text', retain=False):
        self.sequence += 1
        self.say(['message', topic, key, opcode, self.sequence, 1000.5, retain], payload)

    def retained(self, topic, payload, key='', opcode='text'):
        self.sequence += 1
        self.say(['retained', topic, key, opcode, self.sequence, 1000.5], payload)

    def next_word(self):
        """Words and payload."""
        [size] = struct.unpack('<I', self.connection.take(4))
        line, _, payload = self.connection.take(size).partition(b'\n')
        return json.loads(line), payload

    def wait_for(self, *start, but_not=()):
        """The next words that begin so, and their payload."""
        seen = []
        while True:
            try:
                words, payload = self.next_word()
            except (EOFError, TimeoutError) as failure:
                raise AssertionError(f'no {start} but {seen}') from failure
            if words[:len(start)] == list(start):
                return words, payload
            seen.append(words)
            if but_not and words[:len(but_not)] == list(but_not):
                raise AssertionError(f'not only {start} but {seen}')

    def wait_for_state(self, state, but_not=None):
        """Its text."""
        return self.wait_for('state', state, but_not=('state', but_not) if but_not else ())[0][2]

    def wait_for_reason(self):
        """Why it isn't connected."""
        while not (reason := self.wait_for_state('connecting')):
            pass
        return reason

    def pass_mark(self, number):
        """All before it is with the broker."""
        self.say(['mark', number])
        self.wait_for('ack', number)

    def stop(self):
        """Its exit code."""
        self.say(['stop'])
        return self.process.wait(DEADLINE)

    def memory(self):
        """In bytes, that are its own."""
        text = Path(f'/proc/{self.process.pid}/status').read_text()
        return int(re.search(r'^RssAnon:\s+(\d+)', text, re.MULTILINE)[1]) * 1024


def until(condition):
    """Asks again and again, for what no event tells."""
    end = time.monotonic() + DEADLINE
    while not (value := condition()):
        if time.monotonic() > end:
            raise AssertionError('it does not come true')
        time.sleep(0.02)
    return value
