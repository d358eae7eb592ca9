"""Plain HTTP by curl and by raw requests."""
import os
import subprocess
import tempfile
import unittest

from network import DEADLINE, HANDSHAKE, TEXT, NetworkTest, frame

GET = b'GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n'


class Curl(NetworkTest):
    def setUp(self):
        self.base = f'http://127.0.0.1:{self.serve()}'

    def curl(self, *arguments, data=None):
        result = subprocess.run(
            ['curl', '--silent', '--show-error', '--max-time', str(DEADLINE), *arguments],
            input=data, capture_output=True, check=True)
        return result.stdout

    def test_get(self):
        self.assertEqual(self.curl(self.base + '/a%20b?c=d'), b'GET /a%20b?c=d\n')

    def test_get_of_megabytes(self):
        self.assertEqual(self.curl(self.base + '/size/20000000'), b's' * 20_000_000)

    def test_head(self):
        head = self.curl('--head', self.base + '/size/1000')
        self.assertTrue(head.startswith(b'HTTP/1.1 200 OK\r\n'))
        self.assertIn(b'Content-Length: 1000\r\n', head)

    def test_status_without_content(self):
        for status in ('204', '304'):
            self.assertIn(status.encode(), self.curl('--include', self.base + '/status/' + status))

    def test_post(self):
        self.assertEqual(self.curl('--data-binary', '@-', self.base + '/p', data=b'\x00\xff body'),
                         b'POST /p\n\x00\xff body')

    def test_chunked_upload(self):
        body = os.urandom(300_000)
        answer = self.curl('--header', 'Transfer-Encoding: chunked', '--data-binary', '@-',
                           self.base + '/c', data=body)
        self.assertEqual(answer, b'POST /c\n' + body)

    def test_expect_100_continue(self):
        with tempfile.NamedTemporaryFile() as trace:
            answer = self.curl('--header', 'Expect: 100-continue', '--data-binary', '@-',
                               '--trace-ascii', trace.name, self.base + '/e', data=b'expected')
            self.assertEqual(answer, b'POST /e\nexpected')
            self.assertIn(b'HTTP/1.1 100 Continue', trace.read())

    def test_body_over_the_limit(self):
        status = self.curl('--header', 'Expect: 100-continue', '--data-binary', '@-', '--output',
                           os.devnull, '--write-out', '%{http_code}', self.base + '/',
                           data=b'x' * 2_000_000)
        self.assertEqual(status, b'413')

    def test_keep_alive(self):
        answers = self.curl('--write-out', 'after %{num_connects} new connections\n',
                            self.base + '/1', self.base + '/2', self.base + '/3')
        self.assertEqual(answers.splitlines(), [b'GET /1', b'after 1 new connections', b'GET /2',
                                                b'after 0 new connections', b'GET /3', b'after 0 new connections'])

    def test_http_1_0(self):
        self.assertEqual(self.curl('--http1.0', self.base + '/old'), b'GET /old\n')

    def test_http_2_isnt_switched_to(self):
        answer = self.curl('--http2', '--write-out', ' %{http_version}', self.base + '/new')
        self.assertEqual(answer, b'GET /new\n 1.1')

    def test_ipv6(self):
        base = self.base.replace('127.0.0.1', '[::1]')
        self.assertEqual(self.curl('--globoff', base + '/six'), b'GET /six\n')

    def test_of_a_strange_host(self):
        status = self.curl('--header', 'Host: evil.example', '--output', os.devnull, '--write-out',
                           '%{http_code}', self.base + '/')
        self.assertEqual(status, b'403')


class Raw(NetworkTest):
    def test_pipelined_requests_then_a_websocket(self):
        self.serve()
        client = self.client(handshake=False)
        client.send(GET * 1000 + HANDSHAKE + frame(TEXT, b'at last'))
        for _ in range(1000):
            self.assertTrue(client.receive_head().startswith(b'HTTP/1.1 200 '))
            while len(client.buffer) < 7:
                client._receive()
            self.assertEqual(client.buffer[:7], b'GET /a\n')
            client.buffer = client.buffer[7:]
        self.assertTrue(client.receive_head().startswith(b'HTTP/1.1 101 '))
        self.assertEqual(client.receive_frame(), (TEXT, b'at last'))

    def test_answers_after_the_client_has_finished(self):
        self.serve()
        client = self.client(handshake=False)
        client.send(GET)
        client.finish()
        self.assertTrue(client.receive_end().endswith(b'GET /a\n'))

    def test_an_answer_of_megabytes_leaves_before_the_end(self):
        self.serve()
        client = self.client(handshake=False, receive_buffer=4096)
        client.send(b'GET /size/5000000 HTTP/1.0\r\n\r\n')
        self.assertTrue(client.receive_end().endswith(b's' * 5_000_000))

    def test_idle_connections_are_closed(self):
        self.serve(keep_alive_timeout=0.05)
        client = self.client(handshake=False)
        client.send(GET)
        self.assertTrue(client.receive_end().endswith(b'GET /a\n'))


if __name__ == '__main__':
    unittest.main()
