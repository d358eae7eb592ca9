"""The client's side of the scenario, one step after the other.

`play` checks all that a client can see; what the script sees is in its trace.
"""
import asyncio
import http.client
import socket
import struct
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / 'support'))

from websocket_client import connect  # noqa: E402

DEADLINE = 60.0
LONG_TEXT = '0123456789' * 7000


class Raw:
    """A connection of plain bytes, for what a well-behaved client doesn't do."""

    def __init__(self, port):
        self.socket = socket.create_connection(('127.0.0.1', port), DEADLINE)
        self.received = self.socket.makefile('rb')

    def send(self, data):
        self.socket.sendall(data)

    def request(self, path, **fields):
        """An opening handshake (RFC 6455, 4.1), but for the fields given; None leaves one out."""
        head = {'Host': '127.0.0.1', 'Upgrade': 'websocket', 'Connection': 'Upgrade',
                'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Version': '13'}
        head.update({name.replace('_', '-'): value for name, value in fields.items()})
        lines = [f'{name}: {value}' for name, value in head.items() if value is not None]
        self.send('\r\n'.join([f'GET {path} HTTP/1.1', *lines, '', '']).encode())

    def status(self):
        """The status of the answer, whose head is read."""
        status = int(self.received.readline().split()[1])
        while self.received.readline().strip():
            pass
        return status

    def open(self, path):
        self.request(path)
        assert self.status() == 101
        return self

    def send_frame(self, first_byte, payload):
        """With a masking key of zeros, which leaves the payload as it is (RFC 6455, 5.3)."""
        self.send(struct.pack('!BBI', first_byte, 0x80 | len(payload), 0) + payload)

    def frame(self):
        """First byte and payload of a frame of at most 125 bytes."""
        first_byte, length = self.received.read(2)
        return first_byte, self.received.read(length)

    def ends(self):
        """The server ends the connection with nothing more to say."""
        assert self.received.read() == b''
        self.close()

    def close(self):
        self.received.close()
        self.socket.close()


class Player:
    """`heard(pattern)` waits until the script's trace has a line with the pattern."""

    def __init__(self, port, other_port, heard):
        self.port, self.other_port, self.heard = port, other_port, heard

    async def play(self):
        await self.open_and_echo()
        await self.fragments()
        await self.broadcasts()
        await self.closes()
        await self.lost_connections()
        await self.errors()
        self.failures()
        await self.pages()
        await self.handlers()
        await self.stop_and_start_again()

    async def connect(self, path, port=None, **options):
        return await connect(f'ws://127.0.0.1:{port or self.port}{path}',
                             max_queue=None, ping_interval=None, **options)

    async def tell(self, client, command, *answers):
        """Sends a message, and checks what comes back."""
        await client.send(command)
        for expected in answers:
            answer = await asyncio.wait_for(client.recv(), DEADLINE)
            assert answer == expected, f'{command}: {answer!r}, not {expected!r}'

    async def closed(self, client, code, reason=''):
        await asyncio.wait_for(client.wait_closed(), DEADLINE)
        assert (client.close_code, client.close_reason) == (code, reason), client.close_code

    async def open_and_echo(self):
        self.ann = await self.connect('/ann', subprotocols=['robot.v1', 'other'],
                                      headers={'X-Robot': 'arm'})
        assert self.ann.subprotocol == 'robot.v1'
        await self.tell(self.ann, 'info', 'done')
        for data in ('hello', b'\x00\xff', '', b'', 'Grüße, 世界 🤖', LONG_TEXT, bytes(200_000)):
            await self.tell(self.ann, data, data)
        await self.tell(self.ann, 'send', 'text', 'Grüße, 世界', b'\xff\x00\xfe', '', b'', LONG_TEXT,
                        LONG_TEXT.encode() + b'\xff', 'default')

    async def fragments(self):
        await self.tell(self.ann, ['in ', '', 'three'], 'in three')
        await self.tell(self.ann, 'fragments', 'a世b', 'to all')
        raw = Raw(self.port).open('/raw')
        raw.send_frame(0x01, b'a\xe4\xb8')
        raw.send_frame(0x89, b'between')
        assert raw.frame() == (0x8a, b'between')
        raw.send_frame(0x80, b'\x96b')
        assert raw.frame() == (0x81, 'a世b'.encode())
        raw.send_frame(0x88, b'')
        assert raw.frame() == (0x88, b'')
        raw.ends()
        await self.heard(' 1005 ')

    async def broadcasts(self):
        self.ben = await self.connect('/ben')
        self.cat = await self.connect('/cat')
        await self.ann.send('broadcast')
        for client in (self.ann, self.ben, self.cat):
            for expected in ('text for all', b'\x00\xff'):
                assert await asyncio.wait_for(client.recv(), DEADLINE) == expected
        await self.tell(self.ann, 'server info', 'done')

    async def closes(self):
        await self.tell(self.ann, 'close ben', 'to the others')
        await self.closed(self.ben, 4001, 'the robot is taken')
        await self.heard("'the robot is taken' clean")
        await self.tell(self.ann, 'after ben', 'done')
        await self.tell(self.cat, 'still here', 'to the others', 'still here')
        await self.cat.close(4002, 'done here')
        await self.heard("'done here' clean")
        dan = await self.connect('/dan')
        await dan.send('close me')
        await self.closed(dan, 1000)
        await self.heard(' 1000 ')

    async def lost_connections(self):
        gone = Raw(self.port).open('/gone')
        gone.close()
        await self.heard(' 1006 ')
        big = await self.connect('/big')
        await big.send(bytes(200_001))
        await asyncio.wait_for(big.wait_closed(), DEADLINE)
        assert big.close_code == 1009, big.close_code
        await self.heard(' 1009 ')
        unmasked = Raw(self.port).open('/unmasked')
        unmasked.send(b'\x81\x01a')
        first_byte, payload = unmasked.frame()
        assert (first_byte, payload[:2]) == (0x88, struct.pack('!H', 1002))
        unmasked.close()
        await self.heard(' 1002 ')

    async def errors(self):
        await self.tell(self.ann, 'errors', 'still open')
        await self.tell(self.ann, 'raise')
        await self.tell(self.ann, 'after an error', 'after an error')

    def failures(self):
        for status, fields in (
                (400, {'Sec_WebSocket_Key': None}),
                (400, {'Sec_WebSocket_Key': 'short'}),
                (426, {'Sec_WebSocket_Version': '12'}),
                (403, {'Origin': 'http://robots.example'}),
                (403, {'Origin': 'null'}),
                (403, {'Host': 'robots.example'}),
                (400, {'Host': None})):
            raw = Raw(self.port)
            raw.request('/refused', **fields)
            assert raw.status() == status, fields
            raw.close()
        raw = Raw(self.port)
        raw.send(b'\x16\x03\x01\x02\x00')
        assert raw.received.read() == b''
        raw.close()

    async def fetch(self, method, path, body=None):
        """Status, content type and body of an answer, on a connection that is kept."""
        def work():
            self.http.request(method, path, body)
            answer = self.http.getresponse()
            return answer.status, answer.getheader('Content-Type'), answer.read()
        return await asyncio.to_thread(work)

    async def pages(self):
        self.http = http.client.HTTPConnection('127.0.0.1', self.port, timeout=DEADLINE)
        html = 'text/html; charset=utf-8'
        for method, path, body, expected in (
                ('GET', '/page.html?unit=deg', None, (200, html, b'<p>page</p>')),
                ('HEAD', '/page.html?unit=deg', None, (200, html, b'')),
                ('GET', '/data', None, (201, 'application/x-robot', b'\x00\xff')),
                ('POST', '/note.txt', b'line \xff',
                 (200, 'text/plain; charset=utf-8', b'line \xff')),
                ('GET', '/empty', None, (204, None, b''))):
            answer = await self.fetch(method, path, body)
            assert answer == expected, f'{path}: {answer}'
        for path, status in (('/nil', 404), ('/raise', 500), ('/nonsense', 500), ('/data', 201)):
            assert (await self.fetch('GET', path))[0] == status, path
        await self.tell(self.ann, 'server info', 'done')

    async def handlers(self):
        await self.tell(self.ann, 'replace function', 'done')
        await self.tell(self.ann, 'to the other', 'replaced')
        for command in ('no messages', 'missing function'):
            await self.tell(self.ann, command, 'done')
            await self.tell(self.ann, 'nobody hears this')
            pong = await self.ann.ping()  # the message before it has arrived
            await asyncio.wait_for(pong, DEADLINE)
            await self.fetch('GET', '/restore')
        await self.tell(self.ann, 'no pages', 'done')
        assert (await self.fetch('GET', '/restore'))[0] == 404
        other = await self.connect('/', self.other_port)
        await self.tell(other, 'text', 'heard')
        await self.tell(other, b'binary', 'heard')
        await other.close()

    async def stop_and_start_again(self):
        eve = await self.connect('/eve')
        await self.tell(self.ann, 'stop', 'last words')
        assert await asyncio.wait_for(eve.recv(), DEADLINE) == 'last words'
        await self.closed(self.ann, 1001)
        await self.closed(eve, 1001)
        self.http.close()
        await self.heard('started again')
        again = await self.connect('/again')
        await self.tell(again, 'hello again', 'hello again')
        answer = await self.fetch('GET', '/end')
        assert answer[::2] == (200, b'the end'), answer
        self.http.close()
        await self.closed(again, 1001)
