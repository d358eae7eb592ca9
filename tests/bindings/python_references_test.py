import asyncio
import unittest

from programs import PYTHON_WAYS, ScriptTest, each_way
from simws_host import DEADLINE

ROUNDS = 200


@each_way(PYTHON_WAYS)
class References(ScriptTest):
    async def test_none_is_kept(self, way):
        for how in ('run', 'threaded'):
            with self.subTest(how):
                await self.run_script(way, 'references', how)
                socket = await self.connect(max_queue=None)
                for _ in range(ROUNDS - 1):
                    await socket.send('round')
                    # What a round leaves behind goes at the end of its turn of the network.
                    await asyncio.wait_for(await socket.ping(), DEADLINE)
                await socket.send('round')
                while await asyncio.wait_for(socket.recv(), DEADLINE) != 'done':
                    pass
                self.assertEqual(await self.exit_code(), 0, self.script.transcript())
                self.assertEqual(self.script.stdout[1:], ['DONE'], self.script.transcript())


if __name__ == '__main__':
    unittest.main()
