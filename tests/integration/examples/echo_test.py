import unittest

from example import ExampleTest


class Echo(ExampleTest):
    script = 'examples/lua/echo.lua'

    async def test_text_comes_back_as_text(self):
        socket = await self.connect()
        for text in ('hello', '', 'Grüße, 世界 🤖', 'x' * 200_000):
            await socket.send(text)
            self.assertEqual(await socket.recv(), text)

    async def test_binary_comes_back_as_binary(self):
        socket = await self.connect()
        for data in (b'\x00\xff\xfe', b'', bytes(range(256)) * 1000):
            await socket.send(data)
            self.assertEqual(await socket.recv(), data)

    async def test_each_hears_only_itself(self):
        first, second = await self.connect(), await self.connect()
        await first.send('first')
        await second.send('second')
        self.assertEqual(await second.recv(), 'second')
        self.assertEqual(await first.recv(), 'first')


if __name__ == '__main__':
    unittest.main()
