"""The examples in Python, each run by Python alone as its user would, and ended by Ctrl-C."""
import asyncio
import signal
import struct
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / 'bindings'))

from example import ExampleTest, receive  # noqa: E402
from programs import Script, plain_python  # noqa: E402
from simws_host import DEADLINE, ROOT, Host  # noqa: E402


class PythonExample(ExampleTest):
    async def asyncSetUp(self):
        self.host = self.enterContext(Script(plain_python, ROOT / self.script, 0))
        self.port = await asyncio.to_thread(lambda: Host.port.fget(self.host))

    async def asyncTearDown(self):
        code = await asyncio.to_thread(self.host.signal, signal.SIGINT)
        self.assertEqual(code, 0, self.host.transcript())
        self.assertEqual(self.host.stdout, ['bye'])

    async def text(self, socket):
        return await asyncio.wait_for(socket.recv(), DEADLINE)


class Echo(PythonExample):
    script = 'examples/python/echo.py'

    async def test_text_and_binary_come_back(self):
        socket = await self.connect()
        for message in ('Grüße, 世界 🤖', '', b'\x00\xff', b''):
            await socket.send(message)
            self.assertEqual(await self.text(socket), message)


class Broadcast(PythonExample):
    script = 'examples/python/broadcast.py'

    async def test_all_hear_the_time_and_who_comes_and_goes(self):
        first, second = await self.connect(), await self.connect()
        for socket in (first, second):
            await receive(socket, lambda news: 'time' in news)
        third = await self.connect()
        joined = await receive(first, lambda news: news.get('connections') == 3)
        await third.close(3001)
        self.assertEqual(await receive(second, lambda news: 'left' in news), {'left': joined['joined'], 'code': 3001})


class Asyncio(PythonExample):
    script = 'examples/python/asyncio_server.py'

    async def test_answers_wait_for_nobody(self):
        socket = await self.connect()
        await socket.send('0.02')
        await socket.send('soon')
        answers = [await self.text(socket) for _ in range(3)]
        self.assertIn('waited 0.02 s', answers)
        self.assertIn('say for how many seconds to wait', answers)


class StepLoop(PythonExample):
    script = 'examples/python/step_loop.py'

    async def test_steps_and_serves(self):
        socket = await self.connect()
        await socket.send('watch')
        first = await receive(socket)
        later = await receive(socket, lambda state: state['time'] > first['time'])
        self.assertNotEqual(later['angle'], first['angle'])
        await socket.send('full speed')
        await receive(socket, lambda answer: 'error' in answer)
        # A torque of 2 Nm holds it where sin(angle) = 2 / (9.81 * 0.5).
        await socket.send('2')
        await receive(socket, lambda state: abs(state.get('angle', 0)) > 0.4)


class Stream(PythonExample):
    script = 'examples/python/stream/stream.py'

    async def test_arrays_come_as_they_lie_in_memory(self):
        socket = await self.connect()
        frame = await self.text(socket)
        heights = struct.unpack('<256f', frame)
        self.assertEqual((heights[0], heights[-1]), (0, 0))
        await socket.send('0.5')
        while True:
            heights = struct.unpack('<256f', await self.text(socket))
            if max(heights) > 0.7:
                break
        self.assertIn(heights.index(max(heights)), range(64, 192))

    async def test_its_page(self):
        for path in ('/', '/stream.html'):
            status, headers, body = await self.fetch(path)
            self.assertEqual((status, headers.get_content_type()), (200, 'text/html'))
            self.assertIn(b'A plucked string', body)
            self.assertNotIn(b'http://', body.replace(b'http://localhost', b''))
        self.assertEqual((await self.fetch('/other'))[0], 404)


if __name__ == '__main__':
    unittest.main()
