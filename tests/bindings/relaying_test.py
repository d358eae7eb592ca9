"""What a handler sends on is what it was told, however large it is and whenever it's sent."""
import asyncio
import unittest

from programs import DEADLINE, ScriptTest, each_way

TEXT = 'é→😀 and so on ' * 1000
# Neither is sent from where it lies: the first is small, the last lies in a memory of its own.
MESSAGES = ['short', TEXT, bytes(range(256)) * 64, TEXT * 20]


@each_way()
class Relaying(ScriptTest):
    async def check(self, expected):
        for data in expected:
            self.assertEqual(await asyncio.wait_for(self.socket.recv(), DEADLINE), data)

    async def test_what_was_told_is_sent_on(self, way):
        await self.run_script(way, 'relaying')
        self.socket = await self.connect(max_size=None)
        before = []
        for data in MESSAGES:
            await self.socket.send(data)
            await self.check([data, data, data + data, *before, data, data])
            before = [data]
        last = 'end' + 'y' * 20_000
        await self.socket.send(last)
        await self.check([last, last, last + last, *before, *['x' * len(last)] * 50])
        await self.socket.close()
        self.assertEqual(await self.exit_code(), 0, self.script.transcript())
        self.assertNotIn('GREW', self.script.stdout)


if __name__ == '__main__':
    unittest.main()
