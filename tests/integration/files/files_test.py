"""Served files of a real disk, over real sockets: where paths lead, and what becomes of files on their way."""
import os
import tempfile
import unittest
from pathlib import Path

from files import HERE, ClientTest, FilesHost, Host, RawClient, answer_to, connect, exchange, make_sparse, put, receive_exactly, request

OPTIONS = ((), ('--threaded',))


class FilesTest(ClientTest):
    def setUp(self):
        self.root = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.www = self.root / 'www'
        put(self.root, **{'secret.txt': b'secret', 'www-secret__key.txt': b'secret'})
        put(self.www, **{'index.html': b'<p>hi', 'app.js': b'let a;', 'sub__arm.glb': b'arm', 'other__arm.glb': b'other',
                         '.env': b'secret', 'sub__deep__a.txt': b'a'})
        for link, target in (('out.txt', '../secret.txt'), ('out', '..'), ('absolute.txt', self.root / 'secret.txt'),
                             ('neighbour', '../www-secret'), ('within', self.www / 'sub')):
            (self.www / link).symlink_to(target)
        os.mkfifo(self.www / 'pipe')

    def serve(self, options=()):
        return self.enterContext(FilesHost(self.www, options))


class Paths(FilesTest):
    def test_lead_to_files_of_the_folder(self):
        server = self.serve()
        for path, body in (('/', b'<p>hi'), ('/app.js', b'let a;'), ('/sub/arm.glb', b'arm'), ('/within/arm.glb', b'arm'),
                           ('/models/arm.glb', b'arm'), ('/models/deep/a.txt', b'a')):
            self.assertEqual(answer_to(f'http://127.0.0.1:{server.port}{path}')[::2], (200, body), path)

    def test_that_are_asked_for_before_their_folder_is_served(self):
        with Host(HERE / 'early.lua', self.www) as server:
            address = f'http://127.0.0.1:{server.port}'
            self.assertEqual(answer_to(f'{address}/app.js')[::2], (200, b'let a;'))
            self.assertEqual(answer_to(f'{address}/nothing.js')[0], 404)

    def test_lead_nowhere_else(self):
        server = self.serve()
        for target in ('/../secret.txt', '/sub/../../secret.txt', '/..%2fsecret.txt', '/%2e%2e/secret.txt', '/%2E%2E%2Fsecret.txt',
                       '/%252e%252e/secret.txt', '/..%5csecret.txt', '/\\..\\secret.txt', '//etc/passwd', '/C:/secret.txt',
                       '/secret.txt%00', '/%c0%ae%c0%ae/secret.txt', '/%', '/%zz', '/CON', '/NUL.txt', '/app.js::$DATA',
                       '/app.js.', '/app.js%20', '/.env', '/%2eenv', '/out.txt', '/out/secret.txt', '/absolute.txt',
                       '/neighbour/key.txt', '/models/../index.html', '/models/%2e%2e/app.js', '/pipe', f'/{self.root}/secret.txt',
                       '/proc/self/environ', '/app.js/'):
            with self.subTest(target):
                head, body = exchange(server.port, target)
                self.assertRegex(head, '^HTTP/1.1 404 ')
                self.assertNotIn(b'secret\n', body + b'\n')

    def test_of_a_folder_lead_to_no_other_host(self):
        server = self.serve()
        self.assertIn('\r\nLocation: /sub/?a=//b\r\n', exchange(server.port, '/sub?a=//b')[0])
        for target in ('//evil.example', '//evil.example/..', '/%2fevil.example', '/\\evil.example', '/sub%0d%0aX:%20y'):
            self.assertNotIn('\r\nLocation:', exchange(server.port, target)[0], target)

    def test_whose_folder_becomes_a_link_lead_nowhere(self):
        server = self.serve()
        self.assertEqual(exchange(server.port, '/sub/arm.glb')[1], b'arm')
        (self.www / 'sub').rename(self.www / 'before')
        (self.www / 'sub').symlink_to('../www-secret')
        self.assertRegex(exchange(server.port, '/sub/key.txt')[0], '^HTTP/1.1 404 ')
        self.assertRegex(exchange(server.port, '/models/key.txt')[0], '^HTTP/1.1 404 ')


class Options(FilesTest):
    def test_say_how_a_folder_is_served(self):
        server = self.serve()
        head, body = exchange(server.port, '/models/')
        self.assertIn('\r\nX-Robot: arm\r\n', head)
        self.assertIn('\r\nCache-Control: max-age=60\r\n', head)
        self.assertIn(b'./arm.glb', body)
        self.assertIn(b'./deep/', body)

    def test_may_be_for_any_page(self):
        port = self.serve().port
        self.assertEqual(answer_to(f'http://127.0.0.1:{port}/models/arm.glb', None, None, {'Host': 'any.example'})[0], 200)
        self.assertEqual(answer_to(f'http://127.0.0.1:{port}/app.js', None, None, {'Host': 'any.example'})[0], 403)

    async def test_change_while_it_serves(self):
        for options in OPTIONS:
            server = self.serve(options)
            client = await connect(f'ws://127.0.0.1:{server.port}/')
            await client.send('again')
            self.assertEqual(await client.recv(), 'again')
            self.assertEqual(exchange(server.port, '/models/arm.glb')[1], b'other')
            await client.close()


class OnTheirWay(FilesTest):
    SIZE = 64 << 20

    def setUp(self):
        super().setUp()
        make_sparse(self.www / 'large.bin', self.SIZE)

    def test_files_that_shrink_end_the_connection(self):
        for options in OPTIONS:
            server = self.serve(options)
            make_sparse(self.www / 'large.bin', self.SIZE)
            with RawClient(server.port, receive_buffer=4096, handshake=False) as client:
                client.send(request('/large.bin'))
                self.assertIn(f'\r\nContent-Length: {self.SIZE}\r\n'.encode(), client.receive_head())
                os.truncate(self.www / 'large.bin', 1000)
                with self.assertRaises(ConnectionResetError):
                    while client.socket.recv(1 << 20):
                        pass
            server.wait_for("file '/large.bin' has become shorter while it was sent")
            self.assertEqual(exchange(server.port, '/app.js')[1], b'let a;')

    def test_files_that_grow_are_cut(self):
        server = self.serve()
        with RawClient(server.port, receive_buffer=4096, handshake=False) as client:
            client.send(request('/large.bin') + request('/app.js', fields='Connection: close\r\n'))
            client.receive_head()
            os.truncate(self.www / 'large.bin', 2 * self.SIZE)
            receive_exactly(client, self.SIZE)
            client.receive_head()
            self.assertEqual(client.receive_end(), b'let a;')

    def test_a_peer_that_leaves_leaves_nothing_behind(self):
        server = self.serve()
        clients = []
        for _ in range(20):
            client = RawClient(server.port, receive_buffer=4096, handshake=False)
            client.send(request('/large.bin'))
            client.receive_head()
            clients.append(client)
        self.assertEqual(self.open_files(server), 20)
        for client in clients:
            client.reset()
        while self.open_files(server) > 0:  # the test's own deadline ends it otherwise
            exchange(server.port, '/app.js')

    def open_files(self, server):
        links = [os.path.join(f'/proc/{server.pid}/fd', name) for name in os.listdir(f'/proc/{server.pid}/fd')]
        return sum(os.path.realpath(link) == str((self.www / 'large.bin').resolve()) for link in links if os.path.lexists(link))

    def test_what_is_under_way_holds_up_nobody_else(self):
        for options in OPTIONS:
            server = self.serve(options)
            with RawClient(server.port, receive_buffer=4096, handshake=False) as slow:
                slow.send(request('/large.bin'))
                slow.receive_head()
                with RawClient(server.port) as client:
                    for _ in range(100):
                        client.echo()

    def test_a_stop_lets_a_download_end(self):
        server = self.serve()
        with RawClient(server.port, handshake=False) as client:
            client.send(request('/large.bin'))
            client.receive_head()
            server.process.terminate()
            receive_exactly(client, self.SIZE)
        self.assertEqual(server.wait(), 0)


if __name__ == '__main__':
    unittest.main()
