"""What clients come for, good ones and bad ones. Each is a row of GOOD or BAD.

Whatever goes wrong for a good one is a fault of the server's. A bad one may be dropped at any moment; what it does get must
be right.
"""
import asyncio
import zlib

from deflating import RSV1
from peer import Peer, client_hello
from raw_client import BINARY, CLOSE, HANDSHAKE, PING, PONG, TEXT, frame, trusting_context
from websocket_client import connect

SIZES = (0, 1, 125, 126, 127, 1000, 5000, 65535, 65536, 200_000)
WORDS = (b'{"joint": ', b'0.25', b', ', b'"name": "arm"', b'}', b'null', b'\n')
_BOMBER = zlib.compressobj(wbits=-15)
BOMB = _BOMBER.compress(bytes(64 << 20)) + _BOMBER.flush()  # far more than a server takes


class Visit:
    """Where a client goes, and what it chooses by."""

    def __init__(self, port, tls, chance):
        self.port, self.tls, self.chance = port, tls, chance

    def peer(self):
        return Peer(self.port, self.tls)

    def bytes(self):
        return self.chance.randbytes(self.chance.choice(SIZES))

    def words(self):
        """What shrinks, in some of the sizes."""
        words = self.chance.choices(WORDS, k=50)
        return (b''.join(words) * 400)[:self.chance.choice(SIZES)]

    def offer(self):
        """Parameters of permessage-deflate."""
        window = self.chance.choice((9, 12, 15))
        every = ('server_no_context_takeover', 'client_no_context_takeover', 'client_max_window_bits',
                 f'client_max_window_bits={window}', f'server_max_window_bits={window}')
        chosen = [parameter for parameter in every if self.chance.random() < 0.4]
        return {parameter.partition('=')[0]: parameter for parameter in chosen}.values()

    def part_of(self, data):
        return data[:self.chance.randrange(len(data))]

    async def pause(self, most):
        await asyncio.sleep(self.chance.uniform(0, most))

    async def wait(self, peer):
        """Until it has enough, or now and then until it's dropped."""
        await (peer.end() if self.chance.random() < 0.1 else self.pause(3))


async def echoes(visit):
    async with visit.peer() as peer:
        await peer.upgrade()
        for _ in range(visit.chance.randrange(1, 15)):
            message = visit.bytes()
            await peer.send(frame(BINARY, message))
            assert await peer.message() == (BINARY, message)
        await peer.leave()


async def many_at_once(visit):
    async with visit.peer() as peer:
        await peer.upgrade()
        messages = [b'%d' % number for number in range(200)]
        await peer.send(b''.join(frame(TEXT, message) for message in messages))
        for message in messages:
            assert await peer.message() == (TEXT, message)
        await peer.leave()


async def fragments(visit):
    async with visit.peer() as peer:
        await peer.upgrade()
        parts = [visit.bytes() for _ in range(visit.chance.randrange(1, 6))]
        await peer.send(frame(BINARY, parts[0], fin=False))
        for part in parts[1:]:
            await peer.send(frame(PING, b'between') + frame(0, part, fin=False))
        await peer.send(frame(0))
        for _ in parts[1:]:
            assert await peer.message() == (PONG, b'between')
        assert await peer.message() == (BINARY, b''.join(parts))
        await peer.leave()


async def stays(visit):
    async with visit.peer() as peer:
        await peer.upgrade()
        for _ in range(visit.chance.randrange(20)):
            await peer.send(frame(TEXT, b'still there?'))
            assert await peer.message() == (TEXT, b'still there?')
            await visit.pause(0.3)
        await peer.leave()


async def pages(visit):
    async with visit.peer() as peer:
        for _ in range(visit.chance.randrange(1, 10)):
            size = visit.chance.choice(SIZES)
            await peer.send(b'GET /size/%d HTTP/1.1\r\nHost: localhost\r\n\r\n' % size)
            status, body = await peer.answer()
            assert (status, len(body)) == (200, size)


async def library(visit):
    """A library's client, which offers permessage-deflate: whatever comes of the offer, echoes are right."""
    uri = f'{"wss" if visit.tls else "ws"}://127.0.0.1:{visit.port}/'
    options = {'ssl': trusting_context()} if visit.tls else {}
    async with connect(uri, max_size=None, ping_interval=None, compression='deflate', **options) as client:
        for size in (0, 100, 10_000):
            await client.send('compressible ' * size)
            assert await client.recv() == 'compressible ' * size


async def compressed(visit):
    async with visit.peer() as peer:
        deflating = await peer.upgrade_compressing(*visit.offer())
        for _ in range(visit.chance.randrange(1, 15)):
            message = visit.words() if visit.chance.random() < 0.8 else visit.bytes()
            goes_plain = visit.chance.random() < 0.2
            await peer.send(frame(BINARY, message) if goes_plain else deflating.frame(BINARY, message))
            assert deflating.message(*await peer.message()) == (BINARY, message)
        await peer.leave()


async def compressed_fragments(visit):
    async with visit.peer() as peer:
        deflating = await peer.upgrade_compressing(*visit.offer())
        message = visit.words()
        packed = deflating.compressed(message)
        size = visit.chance.randrange(1, 1000)
        parts = [packed[start:start + size] for start in range(0, len(packed), size)] or [b'']
        await peer.send(frame(BINARY | RSV1, parts[0], fin=False))
        for part in parts[1:]:
            await peer.send(frame(0, part, fin=False))
        await peer.send(frame(0))
        assert deflating.message(*await peer.message()) == (BINARY, message)
        await peer.leave()


async def says_nothing(visit):
    async with visit.peer() as peer:
        await visit.wait(peer)


async def stops_in_the_handshake(visit):
    async with visit.peer() as peer:
        await peer.send(visit.part_of(HANDSHAKE))
        await visit.wait(peer)


async def noise(visit):
    async with visit.peer() as peer:
        await peer.send(visit.chance.randbytes(visit.chance.randrange(1, 3000)))
        await peer.end()


async def stranger(visit):
    async with visit.peer() as peer:
        await peer.send(HANDSHAKE[:-2] + b'Origin: http://evil.example\r\n\r\n')
        assert (await peer.answer())[0] == 403


async def breaks_the_protocol(visit):
    frames, code = visit.chance.choice((
        (b'\x81\x05hello', 1002), (b'\xf1\x80\x01\x02\x03\x04', 1002), (frame(TEXT, b'\xc0\x80'), 1007),
        (frame(0, b'nothing to continue'), 1002), (b'\x82\xff' + b'\x7f' + b'\xff' * 7 + b'key!', 1009),
        (frame(CLOSE, b'\x03\xed'), 1002)))
    async with visit.peer() as peer:
        await peer.upgrade()
        await peer.send(frames)
        assert await peer.close_code() == code
        await peer.end()


async def breaks_the_compression(visit):
    async with visit.peer() as peer:
        deflating = await peer.upgrade_compressing(*visit.offer())
        frames, code = visit.chance.choice((
            (frame(BINARY | RSV1, b'\x06'), 1007), (frame(BINARY | RSV1, b'\x00\x05\x00\x05\x00hello'), 1007),
            (frame(PING | RSV1), 1002), (frame(BINARY, fin=False) + frame(RSV1), 1002),
            (deflating.frame(TEXT, b'\xc0\x80'), 1007), (frame(BINARY | RSV1, BOMB), 1009),
            (frame(BINARY | RSV1, BOMB[:9000], fin=False) + frame(0, BOMB[9000:]), 1009)))
        await peer.send(frames)
        assert await peer.close_code() == code
        await peer.end()


async def lost_in_a_compressed_message(visit):
    async with visit.peer() as peer:
        deflating = await peer.upgrade_compressing(*visit.offer())
        await peer.send(visit.part_of(deflating.frame(BINARY, bytes(1_000_000) + visit.chance.randbytes(9000))))


async def reads_nothing_compressed(visit):
    async with visit.peer() as peer:
        deflating = await peer.upgrade_compressing(*visit.offer())
        peer.writer.transport.pause_reading()
        for _ in range(30):
            await peer.send(deflating.frame(BINARY, visit.chance.randbytes(50_000).hex().encode()))
        await visit.pause(2)


async def lost_in_a_message(visit):
    async with visit.peer() as peer:
        await peer.upgrade()
        await peer.send(visit.part_of(frame(BINARY, bytes(1_000_000))))


async def lost_in_a_body(visit):
    async with visit.peer() as peer:
        body = visit.part_of(bytes(500_000))
        await peer.send(b'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500000\r\n\r\n' + body)


async def reads_nothing(visit):
    async with visit.peer() as peer:
        await peer.upgrade()
        peer.writer.transport.pause_reading()
        for _ in range(30):
            await peer.send(frame(BINARY, bytes(100_000)))
        await visit.pause(2)


async def pings_without_end(visit):
    async with visit.peer() as peer:
        await peer.upgrade()
        for _ in range(visit.chance.randrange(20)):
            await peer.send(frame(PING, b'p' * 125) * 100)


async def the_wrong_protocol(visit):
    """Plain HTTP to a TLS port, TLS to a plain one."""
    async with Peer(visit.port, False) as peer:
        await peer.send(HANDSHAKE if visit.tls else client_hello())
        assert (await peer.answer())[0] == 400


async def half_of_tls(visit):
    """Part of the first message, or all of it and no answer to what comes."""
    async with Peer(visit.port, False) as peer:
        hello = client_hello()
        await peer.send(hello if visit.chance.random() < 0.5 else visit.part_of(hello))
        await visit.wait(peer)


async def spoiled_tls(visit):
    async with Peer(visit.port, False) as peer:
        hello = bytearray(client_hello())
        for _ in range(3):
            hello[visit.chance.randrange(len(hello))] ^= visit.chance.randrange(1, 256)
        await peer.send(bytes(hello) + visit.chance.randbytes(500))
        await visit.pause(1)


# How often each comes, beside the others.
GOOD = {echoes: 6, many_at_once: 3, fragments: 3, stays: 2, pages: 3, library: 1, compressed: 4,
        compressed_fragments: 2}
BAD = {says_nothing: 1, stops_in_the_handshake: 1, noise: 2, stranger: 2, breaks_the_protocol: 3, lost_in_a_message: 3,
       lost_in_a_body: 2, reads_nothing: 1, pings_without_end: 2, the_wrong_protocol: 1, half_of_tls: 2, spoiled_tls: 2,
       breaks_the_compression: 2, lost_in_a_compressed_message: 2, reads_nothing_compressed: 1}
