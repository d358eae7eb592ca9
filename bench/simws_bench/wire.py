"""What the programs of bench say to a server byte by byte, and what they see of it from outside."""

import pathlib
import re
import socket
import struct

HANDSHAKE = (b'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
             b'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n')
BINARY, CLOSE = 2, 8


def frame_head(opcode, size):
    """The head of a client's frame, with masking key 0 (RFC 6455, 5.2)."""
    if size < 126:
        length = struct.pack('!B', 0x80 | size)
    elif size < 65536:
        length = struct.pack('!BH', 0x80 | 126, size)
    else:
        length = struct.pack('!BQ', 0x80 | 127, size)
    return bytes([0x80 | opcode]) + length + bytes(4)


def frame(opcode, payload):
    return frame_head(opcode, len(payload)) + payload


def receive_until(connection, is_whole):
    """What comes, once it is whole."""
    data = b''
    while not is_whole(data):
        part = connection.recv(65536)
        if not part:
            raise ConnectionError(f'ended after {data[:100]!r}')
        data += part
    return data


def connect(port, timeout=None):
    """A connection after its opening handshake."""
    connection = socket.create_connection(('127.0.0.1', port), timeout)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.sendall(HANDSHAKE)
    answer = receive_until(connection, lambda data: data.endswith(b'\r\n\r\n'))
    if not answer.startswith(b'HTTP/1.1 101 '):
        connection.close()
        raise ConnectionError(f'the handshake was refused: {answer.splitlines()[0]!r}')
    return connection


def memory(pid, field):
    """VmRSS or VmHWM (its highest), in bytes."""
    text = pathlib.Path(f'/proc/{pid}/status').read_text()
    return 1024 * int(re.search(rf'^{field}:\s+(\d+) kB', text, re.MULTILINE)[1])
