"""What the tests of the program's commands share."""
import base64
import hashlib
import socket
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / 'support'))

from certificates import Authority, trusting  # noqa: E402, F401
from clients import ClientTest, answer_to, answer_to_handshake, each  # noqa: E402, F401
from raw_client import RawClient  # noqa: E402, F401
from simws_host import DEADLINE, Host, Process, program  # noqa: E402, F401
from websocket_client import connect  # noqa: E402, F401


class Command(Host):
    """The program with a command and its arguments."""

    def __init__(self, *arguments, **options):
        Process.__init__(self, [program(), *arguments], **options)


def finish(*arguments, **options):
    """What a command did, when it has ended."""
    return subprocess.run([program(), *map(str, arguments)], capture_output=True, text=True,
                          timeout=DEADLINE, **options)


class RawServer:
    """A server of plain bytes, which does what no well-behaved one would."""

    def __init__(self, port=0):
        self._listener = socket.create_server(('127.0.0.1', port))
        self._listener.settimeout(DEADLINE)
        self.port = self._listener.getsockname()[1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._listener.close()

    def accept(self, answer=None):
        """A connection whose request was read, and answered by 101 or by these bytes."""
        return RawConnection(self._listener.accept()[0], answer)


class RawConnection:
    def __init__(self, accepted, answer):
        self.socket = accepted
        self.socket.settimeout(DEADLINE)
        self._file = accepted.makefile('rb')
        self.head = b''.join(iter(self._file.readline, b'\r\n')).decode()
        self.socket.sendall(answer or self._switching_protocols())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._file.close()
        self.socket.close()

    def receive(self):
        """Opcode and payload of a masked frame of less than 64 KiB."""
        opcode, size = self._file.read(2)
        assert 0x80 <= size < 0x80 + 127, size
        size = size - 0x80 if size < 0x80 + 126 else int.from_bytes(self._file.read(2), 'big')
        keys = self._file.read(4)
        payload = self._file.read(size)
        return opcode & 15, bytes(byte ^ keys[i % 4] for i, byte in enumerate(payload))

    def send(self, opcode, payload=b''):
        """A short frame."""
        self.socket.sendall(bytes((0x80 | opcode, len(payload))) + payload)

    def _switching_protocols(self):
        fields = {name.lower(): value for name, _, value in
                  (line.partition(': ') for line in self.head.splitlines())}
        digest = hashlib.sha1((fields['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').encode()).digest()
        return (b'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
                b'Sec-WebSocket-Accept: ' + base64.b64encode(digest) + b'\r\n\r\n')
