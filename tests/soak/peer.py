"""A client on asyncio's streams that says exactly what it's told to, in plain or over TLS."""
import asyncio
import ssl
import struct

from deflating import RSV1, Deflating
from raw_client import CLOSE, HANDSHAKE, PING, PONG, frame, trusting_context

TRUSTING = trusting_context()


def client_hello():
    """The first bytes of a client's TLS."""
    outgoing = ssl.MemoryBIO()
    tls = TRUSTING.wrap_bio(ssl.MemoryBIO(), outgoing)
    try:
        tls.do_handshake()
    except ssl.SSLWantReadError:
        pass
    return outgoing.read()


class Peer:
    """To be used as a context manager: whatever remains open then is reset."""

    def __init__(self, port, tls):
        self.port, self.tls = port, tls
        self._begun = None  # opcode and payload of the fragments that have come of a message

    async def __aenter__(self):
        self.reader, self.writer = await asyncio.open_connection(
            '127.0.0.1', self.port, ssl=TRUSTING if self.tls else None, limit=1 << 16)
        return self

    async def __aexit__(self, *_):
        self.writer.transport.abort()

    async def send(self, data):
        self.writer.write(data)
        await self.writer.drain()

    async def head(self):
        return await self.reader.readuntil(b'\r\n\r\n')

    async def answer(self):
        """Status and body of an HTTP answer."""
        head = await self.head()
        size = int(head.lower().partition(b'content-length: ')[2].split(b'\r\n')[0] or 0)
        return int(head.split()[1]), await self.reader.readexactly(size)

    async def upgrade(self, fields=b''):
        """Returns the head of the answer."""
        await self.send(HANDSHAKE[:-2] + fields + b'\r\n')
        head = await self.head()
        assert head.startswith(b'HTTP/1.1 101 '), head
        return head

    async def upgrade_compressing(self, *parameters):
        """To permessage-deflate with these. Returns what compresses for it."""
        offer = '; '.join(('permessage-deflate', *parameters))
        return Deflating((await self.upgrade(f'Sec-WebSocket-Extensions: {offer}\r\n'.encode())).decode())

    async def frame(self):
        """Opcode, with RSV1 where that is set, and payload."""
        first, size = await self.reader.readexactly(2)
        if size > 125:
            size = int.from_bytes(await self.reader.readexactly(2 if size == 126 else 8), 'big')
        self.is_fragment = first < 0x80
        return first & 0x4f, await self.reader.readexactly(size)

    async def message(self):
        """The next message, whatever its fragments, or control frame. Pings are answered, and not told."""
        while True:
            opcode, payload = await self.frame()
            if opcode == PING:
                await self.send(frame(PONG, payload))
            elif opcode >= CLOSE and not opcode & RSV1:
                return opcode, payload
            else:
                opcode, begun = self._begun or (opcode, b'')
                self._begun = (opcode, begun + payload) if self.is_fragment else None
                if not self.is_fragment:
                    return opcode, begun + payload

    async def close_code(self):
        """Of the Close that comes, whatever comes before."""
        while True:
            opcode, payload = await self.frame()
            if opcode == CLOSE:
                return struct.unpack('!H', payload[:2])[0]

    async def end(self):
        """Reads until there's nothing more."""
        while await self.reader.read(1 << 16):
            pass

    async def leave(self):
        """By the closing handshake."""
        await self.send(frame(CLOSE, struct.pack('!H', 1000)))
        code = await self.close_code()
        assert code == 1000, code
        await self.end()
