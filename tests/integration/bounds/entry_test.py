"""Who may come in, judged from the head of a request; and what keeps strangers' pages from using what is answered."""
import unittest

from bounds import BoundsTest, each_drive, host, plain_python, threaded_host
from clients import answer_to
from raw_client import HANDSHAKE

DRIVES = ((host, 'serve'), (threaded_host, 'serve'), (host, 'stepped'), (plain_python, 'poll'))
FOREIGN = (b'Host: evil.example\r\n', b'Host: localhost\r\nOrigin: http://evil.example\r\n')
BODIES = (b'Content-Length: 1000\r\n', b'Transfer-Encoding: chunked\r\n',
          b'Content-Length: 1000\r\nExpect: 100-continue\r\n',
          b'Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n')


@each_drive(DRIVES)
class Heads(BoundsTest):
    def test_strangers_are_refused_before_their_body(self, drive):
        self.serve(drive, handshakeTimeout=1)
        for fields in FOREIGN:
            for body in BODIES:
                with self.subTest(fields=fields, body=body):
                    client = self.client(handshake=False)
                    client.send(b'POST / HTTP/1.1\r\n' + fields + body + b'\r\n')
                    self.assertEqual(client.receive_head().split()[1], b'403')
        self.assertEqual(self.asked(), [])

    def test_others_are_told_to_go_on(self, drive):
        self.serve(drive)
        client = self.client(handshake=False)
        client.send(b'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n')
        self.assertEqual(client.receive_head().split()[1], b'100')
        client.send(b'hi')
        self.assertEqual(client.receive_head().split()[1], b'200')


def browser(site, mode='', destination='', origin=None):
    """The fields by which a browser says where a request comes from."""
    fields = {'Sec-Fetch-Site': site, 'Sec-Fetch-Mode': mode, 'Sec-Fetch-Dest': destination, 'Origin': origin}
    return {name: value for name, value in fields.items() if value}


CROSS = 'cross-site'


@each_drive(DRIVES)
class Browsers(BoundsTest):
    def status(self, fields, path='/data.js', method=None):
        return answer_to(f'http://127.0.0.1:{self.script.port}{path}', headers=fields, method=method)[0]

    def test_what_a_strangers_page_can_have(self, drive):
        self.serve(drive)
        for status, *fields in (
                (403, CROSS, 'no-cors', 'image'),
                (403, CROSS, 'no-cors', 'script'),
                (403, CROSS, 'no-cors', 'empty'),
                (403, CROSS, 'navigate', 'iframe'),
                (403, CROSS, 'navigate', 'object'),
                (403, CROSS, 'websocket', 'websocket'),
                (403, CROSS),
                (403, CROSS, 'cors', 'empty', 'http://evil.example'),
                (200, CROSS, 'navigate', 'document'),
                (200, CROSS, 'cors', 'empty', 'http://localhost:3000'),
                (200, 'same-origin', 'no-cors', 'script'),
                (200, 'same-origin', 'navigate', 'iframe'),
                (200, 'none', 'navigate', 'document')):
            with self.subTest(fields):
                self.assertEqual(self.status(browser(*fields)), status)
        self.assertEqual(len(self.asked()), 5)
        self.heard('origins', 'stderr')

    def test_a_handshake_without_origin_is_no_different(self, drive):
        self.serve(drive)
        for site, status in (('cross-site', b'403'), ('same-origin', b'101')):
            client = self.client(handshake=False)
            client.send(HANDSHAKE[:-2] + f'Sec-Fetch-Site: {site}\r\n\r\n'.encode())
            self.assertEqual(client.receive_head().split()[1], status)

    def headers(self, path, method=None):
        return answer_to(f'http://127.0.0.1:{self.script.port}{path}', method=method)[1]

    def test_pages_can_not_be_framed_by_strangers(self, drive):
        self.serve(drive)
        for method in ('GET', 'HEAD', 'POST'):
            page = self.headers('/page.html', method)
            self.assertEqual(page.get_all('X-Content-Type-Options'), ['nosniff'])
            self.assertEqual(page.get_all('X-Frame-Options'), ['SAMEORIGIN'])
        self.assertEqual(self.headers('/framed.html').get_all('X-Frame-Options'), ['DENY'])
        self.assertIsNone(self.headers('/data.json')['X-Frame-Options'])

    def test_pages_can_be_framed_by_those_listed(self, drive):
        self.serve(drive, origins='https://dash.example')
        page = self.headers('/page.html')
        self.assertRegex(page['Content-Security-Policy'], r'^frame-ancestors .*https://dash\.example')
        self.assertIsNone(page['X-Frame-Options'])


if __name__ == '__main__':
    unittest.main()
