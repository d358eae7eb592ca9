"""simws echo."""
import asyncio
import signal
import socket
import unittest

from commands import DEADLINE, ClientTest, Command, answer_to, answer_to_handshake, connect, finish


class Echo(ClientTest):
    async def start(self, *options):
        self.server = self.enterContext(Command('echo', '0', *options))
        self.port = await self.do(lambda: self.server.port)

    async def test_sends_back_text_and_bytes_of_all_sizes(self):
        await self.start()
        async with connect(f'ws://127.0.0.1:{self.port}/any/path', max_size=None) as client:
            for message in ('', 'grüezi', b'', b'\x00\xff', 'x' * 1_000_000, b'y' * 70_000):
                await client.send(message)
                self.assertEqual(await asyncio.wait_for(client.recv(), DEADLINE), message)

    async def test_a_browser_gets_a_page(self):
        await self.start()
        status, headers, body = await self.do(
            answer_to, f'http://127.0.0.1:{self.port}/', None, None, {'Accept': 'text/html'})
        self.assertEqual((status, headers.get_content_type()), (200, 'text/html'))
        self.assertIn(b'WebSocket', body)

    async def test_ends_by_each_signal_and_says_goodbye(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            await self.start()
            client = await connect(f'ws://127.0.0.1:{self.port}/')
            self.server.process.send_signal(number)
            self.assertEqual((await self.closing(client))[0], 1001)
            self.assertEqual(await self.do(self.server.wait), 0, self.server.transcript())

    async def test_says_what_it_does_and_where(self):
        await self.start()
        self.assertRegex(self.server.stderr[0], r'listening on 127\.0\.0\.1:.*; sends back what it gets$')

    async def test_listens_where_it_is_told_to(self):
        await self.start('--host', '127.0.0.2')
        self.assertIn(f'listening on 127.0.0.2:{self.port}', self.server.stderr[0])
        await self.start('--lan')
        self.assertIn('listening on 0.0.0.0:', self.server.stderr[0])

    async def test_pages_of_others_come_in_by_name(self):
        await self.start('--origin', 'https://lab.example', '--origin', 'null')
        for origin in ('https://lab.example', 'null'):
            async with connect(f'ws://127.0.0.1:{self.port}/', origin=origin) as client:
                await client.send(origin)
                self.assertEqual(await asyncio.wait_for(client.recv(), DEADLINE), origin)

    async def test_has_names_and_believes_its_proxies(self):
        await self.start('--hosts', 'lab.example', '--hosts', 'www.lab.example', '--trusted-proxies', '127.0.0.0/8')
        for host, status in (('lab.example', 101), ('www.lab.example', 101), ('else.example', 403)):
            headers = {'Host': host, 'X-Forwarded-For': '192.0.2.7'}
            self.assertEqual((await self.do(answer_to_handshake, self.port, '/', headers))[0], status)
        await self.do(self.server.wait_for, r"192\.0\.2\.7: refused with 403: host 'else.example'.*hosts=\{'else.example'\}")


class EchoFails(unittest.TestCase):
    def test_a_port_that_is_taken(self):
        with socket.socket() as taken:
            taken.bind(('127.0.0.1', 0))
            taken.listen()
            done = finish('echo', taken.getsockname()[1])
        self.assertEqual(done.returncode, 1)
        self.assertIn('choose another port', done.stderr)

    def test_nonsense_on_the_command_line(self):
        for arguments in (['x'], ['0', '1'], ['--host'], ['--lan', '--host', '::1'], ['--loud'], ['--log-level', 'loud']):
            with self.subTest(arguments):
                self.assertEqual(finish('echo', *arguments).returncode, 2)


if __name__ == '__main__':
    unittest.main()
