"""What the network's tests share: the server in a process of its own, and clients that do as they like."""
import os
import socket
import struct
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / 'support'))

from simws_host import DEADLINE, Host, program  # noqa: E402

HANDSHAKE = (b'GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
             b'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n')
KEY = b'\x01\x02\x03\x04'
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


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


def frame(opcode, payload=b'', fin=True):
    """A masked frame."""
    masked = bytes(byte ^ KEY[i % 4] for i, byte in enumerate(payload))
    first = (0x80 if fin else 0) | opcode
    if len(payload) < 126:
        head = struct.pack('!BB', first, 0x80 | len(payload))
    elif len(payload) < 65536:
        head = struct.pack('!BBH', first, 0x80 | 126, len(payload))
    else:
        head = struct.pack('!BBQ', first, 0x80 | 127, len(payload))
    return head + KEY + masked


class RawClient:
    """A socket that speaks WebSocket only as far as a test says."""

    def __init__(self, port, address='127.0.0.1', receive_buffer=None, handshake=True):
        family = socket.AF_INET6 if ':' in address else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(DEADLINE)
        self.socket.connect((address, port))
        self.buffer = b''
        if handshake:
            self.send(HANDSHAKE)
            head = self.receive_head()
            assert head.startswith(b'HTTP/1.1 101 '), head

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def receive_head(self):
        while b'\r\n\r\n' not in self.buffer:
            assert self._receive(), self.buffer
        head, self.buffer = self.buffer.split(b'\r\n\r\n', 1)
        return head

    def receive_frame(self):
        """Opcode and payload of a frame that isn't masked; None at the end."""
        if not self._fill(2):
            return None
        size = self.buffer[1]
        assert size < 128, 'masked'
        start = 2
        if size > 125:
            start = 4 if size == 126 else 10
            assert self._fill(start)
            size = int.from_bytes(self.buffer[2:start], 'big')
        assert self._fill(start + size)
        opcode, payload = self.buffer[0] & 15, self.buffer[start:start + size]
        self.buffer = self.buffer[start + size:]
        return opcode, payload

    def receive_end(self):
        """Everything until the server ends the connection."""
        while self._receive():
            pass
        everything, self.buffer = self.buffer, b''
        return everything

    def echo(self, text=b'still served'):
        self.send(frame(TEXT, text))
        answer = self.receive_frame()
        assert answer == (TEXT, text), answer

    def finish(self):
        self.socket.shutdown(socket.SHUT_WR)

    def reset(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        self.socket.close()

    def _fill(self, size):
        while len(self.buffer) < size:
            if not self._receive():
                return False
        return True

    def _receive(self):
        data = self.socket.recv(65536)
        self.buffer += data
        return data


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
