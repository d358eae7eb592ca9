"""The client with answers that open nothing at first, or never: by aiohttp, and by bare sockets where no library does such."""
import base64
import contextlib
import hashlib
import socket
import threading
import unittest

from servers import DEADLINE, ClientTest

GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'


class Aiohttp(ClientTest):
    def setUp(self):
        self.server = self.serve('aiohttp')

    def check_open(self, client):
        client.expect('open ')
        self.check_echo(client)
        client.leave()

    def check_failure(self, path, event, **options):
        client = self.connect(self.server, path, **options)
        client.expect(event)
        self.assertEqual(client.wait(), 0)

    def test_a_redirect_is_followed(self):
        self.check_open(self.connect(self.server, '/moved'))

    def test_redirects_without_end(self):
        client = self.connect(self.server, '/circle')
        client.expect_start('fail the server redirects to ')
        self.assertEqual(client.wait(), 0)

    def test_401_then_basic(self):
        self.check_failure('/guarded', "fail the server answered 401 Unauthorized: '401: Unauthorized'; "
                           'give user and password in the URI, or the header Authorization')
        self.check_open(self.talk(f'ws://me:secret@127.0.0.1:{self.server.port}/guarded'))
        self.check_open(self.connect(self.server, '/guarded', header='Authorization: Basic bWU6c2VjcmV0'))

    def test_503_is_tried_again_no_sooner_than_asked(self):
        client = self.connect(self.server, '/busy', reconnect='0.01')
        for _ in range(2):
            client.expect("fail the server answered 503 Service Unavailable: 'come again'")
        self.check_open(client)

    def test_a_chunked_body(self):
        self.check_failure('/chunked', "fail the server answered 404 Not Found: 'no robot here'")

    def test_a_body_without_end(self):
        self.check_failure('/endless', "fail the server answered 500 Internal Server Error: 'it goes on'")


def read_head(visitor):
    head = b''
    while not head.endswith(b'\r\n\r\n'):
        part = visitor.recv(1)
        if not part:
            return None
        head += part
    return head.decode()


def accepting(head):
    key = next(line.split(': ')[1] for line in head.split('\r\n') if line.startswith('Sec-WebSocket-Key'))
    accept = base64.b64encode(hashlib.sha1((key + GUID).encode()).digest()).decode()
    return (f'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
            f'Sec-WebSocket-Accept: {accept}\r\n\r\n').encode()


class Bare(ClientTest):
    def answer(self, work):
        """The port of a server that does this with each visitor and the head of its request."""
        listener = self.enterContext(socket.create_server(('127.0.0.1', 0)))
        listener.settimeout(DEADLINE)

        def serve():
            with contextlib.suppress(OSError):
                while True:
                    visitor, _ = listener.accept()
                    with visitor:
                        visitor.settimeout(DEADLINE)
                        visitor.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                        with contextlib.suppress(ConnectionError):
                            work(visitor, read_head(visitor))

        threading.Thread(target=serve, daemon=True).start()
        return listener.getsockname()[1]

    def check_failure(self, work, event, **options):
        client = self.connect(self.answer(work), **options)
        client.expect_start(event)
        self.assertEqual(client.wait(), 0)

    def test_an_answer_byte_by_byte_opens(self):
        def work(visitor, head):
            for byte in accepting(head) + b'\x81\x05hello\x88\x02\x03\xe8':
                visitor.send(bytes([byte]))
            visitor.recv(100)

        client = self.connect(self.answer(work))
        for event in ('open ', 'text hello', 'close 1000 clean '):
            client.expect(event)
        self.assertEqual(client.wait(), 0)

    def test_an_answer_that_stops_ends_by_connect_timeout(self):
        def work(visitor, head):
            for byte in b'HTTP/1.1 101 Switching Protocols\r\nX-Slow: ooo':
                visitor.send(bytes([byte]))
            visitor.recv(1)

        self.check_failure(work, 'fail no answer came within connectTimeout', connect_timeout='0.3')

    def test_a_head_without_end(self):
        def work(visitor, head):
            visitor.sendall(b'HTTP/1.1 101 Switching Protocols\r\n')
            while True:
                visitor.sendall(b'X-More: and more\r\n' * 100)

        self.check_failure(work, "fail the server's answer can't be used: ")

    def test_no_http_at_all(self):
        self.check_failure(lambda visitor, head: visitor.sendall(b'220 mail.example ESMTP\r\n'),
                           "fail the server's answer can't be used: it isn't HTTP, but begins with '220 mail.example ESMTP'")

    def test_a_server_that_leaves_at_once(self):
        self.check_failure(lambda visitor, head: None, 'fail the server closed the connection before it answered')

    def test_an_answer_that_never_comes(self):
        self.check_failure(lambda visitor, head: visitor.recv(1), 'fail no answer came within connectTimeout',
                           connect_timeout='0.2')

    def test_nobody_listens(self):
        with socket.create_server(('127.0.0.1', 0)) as gone:
            port = gone.getsockname()[1]
        client = self.connect(port)
        client.expect_start(f'fail could not connect to 127.0.0.1:{port}: ')
        self.assertEqual(client.wait(), 0)

    def test_a_name_that_is_not_there(self):
        client = self.talk('ws://nowhere.invalid/')
        client.expect_start("fail the name 'nowhere.invalid' could not be looked up")
        self.assertEqual(client.wait(), 0)


if __name__ == '__main__':
    unittest.main()
