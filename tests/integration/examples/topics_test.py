"""The examples with topics: viewers get what they are for, slow ones too."""
import asyncio
import os
import sys
import unittest
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[2] / folder) for folder in ('support', 'bindings')]

from clients import ClientTest, each  # noqa: E402
from programs import environment_of, host, plain_python  # noqa: E402
from simws_host import DEADLINE, ROOT, Host, Process  # noqa: E402
from websocket_client import connect  # noqa: E402

EXAMPLES = ROOT / 'examples'


def lua():
    return host(EXAMPLES / 'lua/topics.lua', '0'), {}


def python():
    return plain_python(EXAMPLES / 'python/topics.py', '0'), environment_of(plain_python)


def cpp():
    return [os.environ['SIMWS_CPP_TOPICS'], '0'], {}


class Example(Process):
    port = Host.port


class TopicsTest(ClientTest):
    async def begin(self, language):
        self.example = self.enterContext(Example(*language()))
        self.port = await self.do(lambda: self.example.port)

    async def connect(self, **options):
        socket = await connect(f'ws://localhost:{self.port}/', **options)
        self.addAsyncCleanup(socket.close)
        return socket

    async def receive(self, socket, begin):
        async def next_wanted():
            while True:
                message = await socket.recv()
                if message.startswith(begin):
                    return message
        return await asyncio.wait_for(next_wanted(), DEADLINE)


@each((lua, cpp), lambda language: language.__name__)
class Poses(TopicsTest):
    async def test_come_as_they_are_made_and_the_map_for_late_ones(self, language):
        await self.begin(language)
        first = await self.connect()
        poses = [await self.receive(first, 'pose') for _ in range(5)]
        self.assertEqual(len(set(poses)), 5)
        late = await self.connect()
        self.assertEqual(await self.receive(late, 'map north'), 'map north 0 5 5 5')


@each((python,), lambda language: language.__name__)
class Depth(TopicsTest):
    async def test_images_come_whole(self, language):
        await self.begin(language)
        socket = await self.connect()
        images = [await socket.recv() for _ in range(3)]
        self.assertEqual({len(image) for image in images}, {160 * 120 * 4})
        self.assertGreater(len(set(images)), 1)


if __name__ == '__main__':
    unittest.main()
