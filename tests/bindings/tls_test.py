"""TLS of scripts' servers and clients, with Python's websockets and curl at the other end."""
import asyncio
import os
import subprocess
import tempfile
import unittest
import unittest.mock
from pathlib import Path

import websockets

from programs import Authority, ScriptTest, each_way, serving, trusting
from simws_host import DEADLINE
from websocket_client import connect


class TlsTest(ScriptTest):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.authority = Authority(self.folder)
        self.enterContext(unittest.mock.patch.dict(os.environ, XDG_CONFIG_HOME=str(self.folder / 'config')))

    async def enter(self, context, name='localhost', **options):
        """A client by name."""
        socket = await connect(f'wss://{name}:{self.port}/', ssl=context, **options)
        self.addAsyncCleanup(socket.close)
        return socket

    async def check_echo(self, context, **options):
        socket = await self.enter(context, **options)
        for message in ('grüezi', b'\x00\xff', 'x' * 300_000):
            await socket.send(message)
            self.assertEqual(await asyncio.wait_for(socket.recv(), DEADLINE), message)
        return socket


@each_way()
class Server(TlsTest):
    async def test_serves_with_files(self, way):
        await self.run_script(way, 'tls', 'serve', *self.authority.issue())
        await self.line('^tls\ttrue$')
        await self.check_echo(self.authority.trust())
        await self.line(r'^open\tTLSv1\.3 TLS_\w+ +$')
        await self.line(rf'open https://localhost:{self.port} or connect to wss://localhost:{self.port}$', 'stderr')

    async def test_pages_come_over_https(self, way):
        await self.run_script(way, 'tls', 'serve', *self.authority.issue())
        fetched = await self.do(lambda: subprocess.run(
            ['curl', '-sS', '--noproxy', '*', '--cacert', str(self.authority.file), f'https://localhost:{self.port}/'],
            capture_output=True, text=True, timeout=DEADLINE))
        self.assertEqual((fetched.stdout, fetched.stderr), ('page', ''))
        status, _, body = await self.fetch('/')
        self.assertEqual(status, 400)
        self.assertIn(f'https://127.0.0.1:{self.port}', body.decode())

    async def test_local_certificates_need_no_files(self, way):
        await self.run_script(way, 'tls', 'serve', 'local')
        authority = self.folder / 'config/simws/authority.pem'
        await self.line(rf"made a local authority: .*'{authority}'.*`simws cert` says how", 'stderr')
        await self.check_echo(trusting(authority))
        await self.check_echo(trusting(authority), name='127.0.0.1')

    async def test_clients_must_have_a_certificate(self, way):
        await self.run_script(way, 'tls', 'serve', *self.authority.issue(), self.authority.file)
        robot = self.authority.issue('robot', 'DNS:robot')
        await self.check_echo(self.authority.trust(robot))
        await self.line(r'^open\tTLSv1\.3 TLS_\w+ CN=robot robot$')
        with self.assertRaises((OSError, websockets.InvalidHandshake)):
            await self.check_echo(self.authority.trust())
        await self.line('certificate', 'stderr')

    async def test_files_that_are_replaced_serve_new_connections(self, way):
        certificate, key = self.authority.issue()
        await self.run_script(way, 'tls', 'serve', certificate, key)
        before = await self.check_echo(self.authority.trust())
        (self.folder / 'new').mkdir()
        renewed = Authority(self.folder / 'new', 'other')
        for old, new in zip((certificate, key), renewed.issue()):
            new.rename(old)
        while True:
            try:
                await self.check_echo(renewed.trust())
                break
            except OSError:
                pass  # it looks once a second
        await self.line('reloaded', 'stderr')
        await before.send('still here')
        self.assertEqual(await before.recv(), 'still here')

    async def test_what_cannot_be_used_is_an_error(self, way):
        certificate, key = self.authority.issue()
        missing = self.folder / 'missing.pem'
        for arguments, told in ((('serve', missing, key), f"tls: '{missing}': No such file"),
                                (('serve', certificate, missing), f"tls: '{missing}': No such file"),
                                (('serve', key, key), f"tls: '{key}': no certificate in PEM form"),
                                (('connect', 'wss://localhost:1/', missing), f"tls: '{missing}': No such file")):
            await self.run_script(way, 'tls', *arguments)
            await self.line(f'^error\t.*{told}')
            self.assertEqual(await self.exit_code(), 0)


@each_way()
class Client(TlsTest):
    async def serve(self, certificate):
        async def echo(socket, *_):
            async for message in socket:
                await socket.send(message)

        server = await websockets.serve(echo, '127.0.0.1', 0, ssl=serving(certificate))
        self.addCleanup(server.close)
        return f'wss://localhost:{server.sockets[0].getsockname()[1]}/'

    async def lines(self, way, *arguments):
        await self.run_script(way, 'tls', 'connect', *arguments)
        self.assertEqual(await self.exit_code(), 0, self.script.transcript())
        return [line for line in self.script.stdout if line != 'PORT 0']

    async def test_talks_to_a_server_that_others_wrote(self, way):
        uri = await self.serve(self.authority.issue())
        opened, *rest = await self.lines(way, uri, self.authority.file)
        self.assertRegex(opened, r'^open\tTLSv1\.3 TLS_\w+ CN=localhost localhost,127\.0\.0\.1$')
        self.assertEqual(rest, ['message\thello'])

    async def test_trusts_nobody_else(self, way):
        uri = await self.serve(self.authority.issue())
        stranger = Authority(self.folder, 'stranger')
        told = await self.lines(way, uri, stranger.file)
        self.assertEqual(len(told), 1)
        self.assertRegex(told[0], r'^fail\tTLS: the certificate of CN=localhost')
        self.assertEqual((await self.lines(way, uri, 'any'))[1:], ['message\thello'])

    async def test_checks_the_name(self, way):
        uri = await self.serve(self.authority.issue('arm', 'DNS:arm'))
        told = await self.lines(way, uri, self.authority.file)
        self.assertEqual(told, ['fail\tTLS: the certificate is for arm, not for localhost'])

    async def test_a_server_without_tls_is_told_of(self, way):
        async def nothing(*_):
            pass

        server = await websockets.serve(nothing, '127.0.0.1', 0)
        self.addCleanup(server.close)
        told = await self.lines(way, f'wss://localhost:{server.sockets[0].getsockname()[1]}/', self.authority.file)
        self.assertEqual(len(told), 1)
        self.assertRegex(told[0], '^fail\tTLS: ')


if __name__ == '__main__':
    unittest.main()
