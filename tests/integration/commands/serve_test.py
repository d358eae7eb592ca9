"""simws serve: files come as they are, and none from elsewhere."""
import os
import tempfile
import unittest
from pathlib import Path

from commands import ClientTest, Command, RawClient, answer_to, connect, finish


def put_files(root):
    """A folder to be served, and beside it what must not be."""
    (root / 'secret.txt').write_text('secret')
    (root / 'www-secret').mkdir()
    (root / 'www-secret/key.txt').write_text('secret')
    www = root / 'www'
    for folder in (www, www / 'sub', www / 'empty', www / '.git', www / 'a b'):
        folder.mkdir()
    for name, content in (('index.html', '<p>hi'), ('style.css', 'p {}'), ('data.json', '{}'), ('LICENSE', 'mine'),
                          ('sub/index.html', 'sub'), ('sub/äöü.txt', 'ü'), ('.env', 'secret'), ('.git/config', 'secret'),
                          ('a b/c%d.txt', 'percent'), ('two..dots.txt', 'dots')):
        (www / name).write_text(content)
    (www / 'binary').write_bytes(b'\x00\xff')
    for link, target in (('out.txt', '../secret.txt'), ('out', '..'), ('absolute.txt', root / 'secret.txt'),
                         ('neighbour', '../www-secret'), ('twice.txt', 'out/secret.txt'), ('nowhere', 'nothing'),
                         ('circle', 'circle'), ('within.txt', 'sub/äöü.txt'), ('folder', 'sub')):
        (www / link).symlink_to(target)
    os.mkfifo(www / 'pipe')
    (www / 'large.bin').touch()
    os.truncate(www / 'large.bin', 300 << 20)
    return www


class ServeTest(ClientTest):
    def setUp(self):
        self.root = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.www = put_files(self.root)
        self.server = self.enterContext(Command('serve', self.www, '0'))
        self.port = self.server.port

    def get(self, path, method=None, **headers):
        headers = {name.replace('_', '-'): value for name, value in headers.items()}
        return answer_to(f'http://127.0.0.1:{self.port}{path}', None, method, headers)

    def get_raw(self, target, method='GET'):
        """Status line and head, then body, of what no well-behaved client would ask for."""
        with RawClient(self.port, handshake=False) as client:
            client.send(f'{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'.encode('latin-1'))
            return client.receive_head().decode('latin-1'), client.receive_end()


class Files(ServeTest):
    def test_come_with_their_types(self):
        for path, body, content_type in (
                ('/', b'<p>hi', 'text/html'), ('/index.html?x', b'<p>hi', 'text/html'), ('/style.css', b'p {}', 'text/css'),
                ('/data.json', b'{}', 'application/json'), ('/LICENSE', b'mine', 'text/plain'),
                ('/binary', b'\x00\xff', 'application/octet-stream'), ('/sub/', b'sub', 'text/html'),
                ('/sub/%C3%A4%C3%B6%C3%BC.txt', 'ü'.encode(), 'text/plain'), ('/a%20b/c%25d.txt', b'percent', 'text/plain'),
                ('/two..dots.txt', b'dots', 'text/plain'), ('/within.txt', 'ü'.encode(), 'text/plain'),
                ('/folder/', b'sub', 'text/html')):
            with self.subTest(path):
                status, headers, data = self.get(path)
                self.assertEqual((status, data, headers.get_content_type()), (200, body, content_type))
                self.assertEqual(headers['X-Content-Type-Options'], 'nosniff')

    def test_are_read_anew_each_time(self):
        (self.www / 'style.css').write_text('new')
        self.assertEqual(self.get('/style.css')[2], b'new')

    def test_by_head_without_a_body(self):
        status, headers, body = self.get('/style.css', 'HEAD')
        self.assertEqual((status, headers['Content-Length'], body), (200, '4', b''))

    def test_that_a_client_has_are_not_sent_again(self):
        _, headers, _ = self.get('/style.css')
        self.assertRegex(headers['Last-Modified'], r'^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$')
        tag, date = headers['ETag'], headers['Last-Modified']
        for condition, status in (({'If_None_Match': tag}, 304), ({'If_None_Match': f'"x", W/{tag}'}, 304), ({'If_None_Match': '*'}, 304),
                                  ({'If_None_Match': '"x"'}, 200), ({'If_Modified_Since': date}, 304),
                                  ({'If_Modified_Since': 'Mon, 01 Jan 2001 00:00:00 GMT'}, 200),
                                  ({'If_None_Match': '"x"', 'If_Modified_Since': date}, 200)):
            with self.subTest(condition):
                answer, _, body = self.get('/style.css', **condition)
                self.assertEqual((answer, body), (status, b'' if status == 304 else b'p {}'))
        os.utime(self.www / 'style.css', ns=(1, 1))
        self.assertEqual(self.get('/style.css', If_None_Match=tag)[0], 200)

    def test_of_a_folder_come_from_where_their_links_are_right(self):
        for target, location in (('/sub', '/sub/'), ('/sub?x=1', '/sub/?x=1'), ('/a%20b', '/a%20b/')):
            head, _ = self.get_raw(target)
            self.assertRegex(head, '^HTTP/1.1 301 ')
            self.assertIn(f'\r\nLocation: {location}\r\n', head)

    def test_that_are_not_there(self):
        for path in ('/nothing', '/sub/nothing', '/style.css/', '/style.css/x', '/empty/', '/nowhere', '/circle', '/pipe'):
            with self.subTest(path):
                self.assertEqual(self.get(path)[0], 404)

    def test_of_any_size(self):
        status, headers, body = self.get('/large.bin')
        self.assertEqual((status, headers['Content-Length'], len(body)), (200, str(300 << 20), 300 << 20))
        self.assertEqual(self.get('/large.bin', Range=f'bytes={(300 << 20) - 2}-')[::2], (206, b'\0\0'))

    def test_are_listed_and_stand_in_for_others_where_that_is_asked_for(self):
        self.port = self.enterContext(Command('serve', self.www, '0', '--listing', '--fallback', 'sub/index.html')).port
        self.assertIn(b'./a%20b/', self.list_of_root())
        self.assertEqual(self.get('/robots/7')[2], b'sub')

    def list_of_root(self):
        (self.www / 'index.html').unlink()
        return self.get('/')[2]

    def test_are_read_only(self):
        for method in ('POST', 'PUT', 'DELETE', 'OPTIONS'):
            status, headers, _ = self.get('/style.css', method)
            self.assertEqual((status, headers['Allow']), (405, 'GET, HEAD'))


class Elsewhere(ServeTest):
    def test_nothing_is_served_from_there(self):
        for target in ('/../secret.txt', '/sub/../../secret.txt', '/..%2fsecret.txt', '/%2e%2e/secret.txt', '/%2E%2E%2Fsecret.txt',
                       '/sub/..', '/sub/../index.html', '/./index.html', '//secret.txt', '//index.html', '/sub//index.html',
                       f'/{self.root}/secret.txt', f'/{str(self.root)[1:].replace("/", "%2f")}/secret.txt',
                       '/..\\secret.txt', '/..%5csecret.txt', '/%c0%ae%c0%ae/secret.txt', '/%252e%252e/secret.txt',
                       '/secret.txt%00.html', '/index.html%00', '/%', '/%zz', '/.env', '/.git/config', '/%2egit/config', '/.',
                       '/out.txt', '/out/secret.txt', '/absolute.txt', '/neighbour/key.txt', '/twice.txt'):
            with self.subTest(target):
                head, body = self.get_raw(target)
                self.assertRegex(head, '^HTTP/1.1 40[04] ')
                self.assertNotEqual(body, b'secret')

    def test_nobody_is_sent_there(self):
        for target in ('//evil.example', '//evil.example/..', '/%2fevil.example', '/\\evil.example', '/sub%0d%0aX:%20y'):
            head, _ = self.get_raw(target)
            self.assertNotIn('\r\nLocation:', head, target)


class Serving(ServeTest):
    async def test_no_websocket(self):
        client = await connect(f'ws://127.0.0.1:{self.port}/')
        self.assertEqual(await self.closing(client), (1008, 'only files are served here'))

    def test_says_what(self):
        self.assertTrue(self.server.stderr[0].endswith(f'; serves the files of {self.www}'), self.server.stderr)
        self.assertEqual(self.server.terminate(), 0)

    def test_another_host_is_a_stranger(self):
        self.assertEqual(self.get('/', Host='evil.example')[0], 403)


class ServeFails(unittest.TestCase):
    def test_without_a_folder(self):
        with tempfile.NamedTemporaryFile() as file:
            for arguments, message in (([], 'FOLDER'), (['/no/such/folder'], "there is no folder '/no/such/folder'"),
                                       ([file.name], 'there is no folder')):
                done = finish('serve', *arguments)
                self.assertEqual(done.returncode, 2)
                self.assertIn(message, done.stderr)


if __name__ == '__main__':
    unittest.main()
