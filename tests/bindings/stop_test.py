import asyncio
import unittest

from programs import ScriptTest, each_way
from simws_host import DEADLINE


@each_way()
class Stop(ScriptTest):
    async def check_end(self, *lines):
        self.assertEqual(await self.exit_code(), 0, self.script.transcript())
        self.assertEqual([line for line in self.script.stdout[1:] if line != 'END'], list(lines))

    async def test_in_open(self, way):
        await self.run_script(way, 'stop', 'open')
        socket = await self.connect()
        self.assertEqual((await self.closing(socket))[0], 1001)
        await self.check_end('open', 'close\t1001\tfalse', 'closed', 'stopped')

    async def test_in_message_sends_what_was_queued(self, way):
        await self.run_script(way, 'stop', 'message')
        socket = await self.connect()
        await socket.send('x')
        self.assertEqual(await asyncio.wait_for(socket.recv(), DEADLINE), 'last words')
        self.assertEqual((await self.closing(socket))[0], 1001)
        await self.check_end('open', 'message', 'close\t1001\tfalse', 'closed', 'stopped')

    async def test_in_close(self, way):
        await self.run_script(way, 'stop', 'closed')
        first = await self.connect()
        await self.line('^open$')
        await first.close()
        await self.check_end('open', 'close\t1000\ttrue', 'closed', 'stopped')

    async def test_in_close_with_others_open(self, way):
        await self.run_script(way, 'stop', 'closed')
        first, second = await self.connect(), await self.connect()
        for socket in (first, second):
            await socket.send('x')
            await asyncio.wait_for(socket.recv(), DEADLINE)
        await first.close()
        self.assertEqual((await self.closing(second))[0], 1001)
        self.assertEqual(await self.exit_code(), 0, self.script.transcript())
        closes = [line for line in self.script.stdout if line.startswith('close\t')]
        self.assertEqual(closes, ['close\t1000\ttrue', 'close\t1001\tfalse'], self.script.transcript())

    async def test_in_http_still_answers(self, way):
        await self.run_script(way, 'stop', 'http')
        status, _, body = await self.fetch('/')
        self.assertEqual((status, body), (200, b'answered'))
        await self.check_end('http', 'stopped')

    async def test_in_fail(self, way):
        await self.run_script(way, 'stop', 'fail')
        status, _, _ = await self.fetch('/', headers={
            'Upgrade': 'websocket', 'Connection': 'Upgrade', 'Sec-WebSocket-Version': '13'})
        self.assertEqual(status, 400)
        await self.check_end('fail', 'stopped')


if __name__ == '__main__':
    unittest.main()
