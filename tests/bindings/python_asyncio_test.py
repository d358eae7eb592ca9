import asyncio
import unittest

from programs import PYTHON_WAYS, ScriptTest, each_way
from simws_host import DEADLINE


@each_way(PYTHON_WAYS)
class AsyncCallbacks(ScriptTest):
    async def begin(self, way, how):
        await self.run_script(way, 'async_callbacks', how)
        return await self.connect()

    async def receive(self, socket):
        return await asyncio.wait_for(socket.recv(), DEADLINE)

    async def test_run_as_tasks_in_the_order_of_events(self, way):
        socket = await self.begin(way, 'loop')
        self.assertEqual(await self.receive(socket), 'welcome')
        messages = [str(i) for i in range(100)] + ['order']
        for message in messages:
            await socket.send(message)
        for message in messages[:-1]:
            self.assertEqual(await self.receive(socket), message)
        self.assertEqual(await self.receive(socket), ' '.join(messages))
        await socket.send('end')
        self.assertEqual(await self.receive(socket), 'end')
        self.assertEqual(await self.exit_code(), 0, self.script.transcript())
        self.assertEqual(len(self.script.stderr), 1, self.script.transcript())

    async def test_one_that_fails_is_logged_with_its_traceback(self, way):
        socket = await self.begin(way, 'loop')
        for message in ('fail', 'cancel', 'next'):
            await socket.send(message)
        self.assertEqual(await self.receive(socket), 'welcome')
        self.assertEqual(await self.receive(socket), 'next')
        await self.line('asynchronous callback on_message: Traceback', 'stderr')
        await self.line(r'async_callbacks.py", line \d+, in on_message', 'stderr')
        await self.line('^ValueError: this one fails later', 'stderr')

    async def test_without_a_loop_a_line_says_what_to_do(self, way):
        socket = await self.begin(way, 'run')
        await socket.send('x')
        await self.line("messageCallback of simWS.Server:1: it is 'async def', and no asyncio loop runs here "
                        r'.*loop.add_reader\(simWS.fileno\(\), simWS.poll\)', 'stderr')
        self.assertNotIn('never awaited', self.script.transcript())


if __name__ == '__main__':
    unittest.main()
