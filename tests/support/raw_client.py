"""A client of plain bytes, which does what no well-behaved one would."""
import socket
import ssl
import struct

from simws_host import DEADLINE

HANDSHAKE = (b'GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
             b'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n')
KEY = b'\x01\x02\x03\x04'
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


def frame(opcode, payload=b'', fin=True):
    """A masked frame."""
    size = len(payload)
    keys = (KEY * (size // 4 + 1))[:size]
    masked = (int.from_bytes(payload, 'big') ^ int.from_bytes(keys, 'big')).to_bytes(size, 'big')
    first = (0x80 if fin else 0) | opcode
    if size < 126:
        head = struct.pack('!BB', first, 0x80 | size)
    elif size < 65536:
        head = struct.pack('!BBH', first, 0x80 | 126, size)
    else:
        head = struct.pack('!BBQ', first, 0x80 | 127, size)
    return head + KEY + masked


def trusting_context():
    """A client's TLS that takes any certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class RawClient:
    """A socket that speaks WebSocket only as far as a test says."""

    def __init__(self, port, address='127.0.0.1', receive_buffer=None, handshake=True, path='/',
                 timeout=DEADLINE, tls=False):
        family = socket.AF_INET6 if ':' in address else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(timeout)
        self.socket.connect((address, port))
        if tls:
            self.socket = trusting_context().wrap_socket(self.socket)
        self.buffer = b''
        if handshake:
            self.send(HANDSHAKE.replace(b'/', path.encode(), 1))
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
        self.is_fragment = self.buffer[0] < 128
        opcode, payload = self.buffer[0] & 15, self.buffer[start:start + size]
        self.buffer = self.buffer[start + size:]
        return opcode, payload

    def receive_message(self):
        """As `receive_frame`, of a message whatever its fragments; answers pings, and tells of none."""
        first, parts = None, []
        while received := self.receive_frame():
            if received[0] == PING:
                self.send(frame(PONG, received[1]))
                continue
            first = received[0] if first is None else first
            parts.append(received[1])
            if not self.is_fragment:
                return first, b''.join(parts)
        return None

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
