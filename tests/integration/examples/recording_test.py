"""The examples that record: what they say is in their files."""
import asyncio
import gzip
import json
import sys
import tempfile
import unittest
import zlib
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[2] / folder) for folder in ('support', 'bindings')]

from clients import ClientTest  # noqa: E402
from programs import environment_of, host, plain_python  # noqa: E402
from simws_host import DEADLINE, ROOT, Host, Process  # noqa: E402
from websocket_client import connect  # noqa: E402

EXAMPLES = ROOT / 'examples'


class Example(Process):
    port = Host.port


def lines_of(file):
    """The header and the lines."""
    with gzip.open(file, 'rt', encoding='utf-8') as text:
        header, *lines = map(json.loads, text)
    return header, lines


async def until(is_so):
    async def wait():
        while not is_so():
            await asyncio.sleep(0.01)
    await asyncio.wait_for(wait(), DEADLINE)


def is_whole(file):
    try:
        lines_of(file)
    except (EOFError, OSError, ValueError, zlib.error):
        return False
    return True


class RecordingTest(ClientTest):
    async def asyncSetUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    async def begin(self, command, environment):
        self.example = self.enterContext(Example(command, environment))
        self.port = await self.do(lambda: self.example.port)

    async def connect(self):
        socket = await connect(f'ws://localhost:{self.port}/')
        self.addAsyncCleanup(socket.close)
        return socket


class Lua(RecordingTest):
    async def asyncSetUp(self):
        await super().asyncSetUp()
        await self.begin(host(EXAMPLES / 'lua/recording.lua', '0', self.folder), {})
        self.socket = await self.connect()

    async def ask(self, command):
        await self.socket.send(command)
        return await asyncio.wait_for(self.answer(), DEADLINE)

    async def answer(self):
        while True:
            if not (message := await self.socket.recv()).startswith('{'):
                return message

    async def poses(self, count):
        for _ in range(count):
            await asyncio.wait_for(self.socket.recv(), DEADLINE)

    async def test_records_from_one_word_to_the_other(self):
        file = self.folder / 'run-1.jsonl.gz'
        self.assertEqual(await self.ask('record'), f'recording {file}')
        await self.poses(3)
        self.assertRegex(await self.ask('stop'), rf'{file} has \d+ lines')
        await until(lambda: is_whole(file))
        header, lines = lines_of(file)
        self.assertEqual(header['format'], 'simws-recording')
        self.assertGreaterEqual(sum(line.get('topic') == 'pose' for line in lines), 3)
        self.assertIn('stop', [line.get('text') for line in lines if 'from' in line])

    async def test_tells_what_cannot_be_done(self):
        self.assertIn("isn't being recorded", await self.ask('stop'))
        self.assertEqual(await self.ask('dance'), 'say "record" or "stop"')
        await self.ask('record')
        self.assertIn('recorded', await self.ask('record'))
        await self.ask('stop')
        self.assertEqual(await self.ask('record'), f'recording {self.folder}/run-2.jsonl.gz')

    async def test_ends_its_file_when_it_ends(self):
        await self.ask('record')
        await self.poses(1)
        self.assertEqual(await self.do(self.example.terminate), 0)
        _, lines = lines_of(self.folder / 'run-1.jsonl.gz')
        self.assertTrue(any(line.get('topic') == 'pose' for line in lines))


class Python(RecordingTest):
    def files(self):
        return sorted(self.folder.iterdir(), key=lambda file: int(file.name.split('-')[1].split('.')[0]))

    async def test_keeps_the_latest_ten_each_whole_with_what_is_retained(self):
        await self.begin(plain_python(EXAMPLES / 'python/recording.py', '0', self.folder, '0.1'), environment_of(plain_python))
        await until(lambda: (self.folder / 'box-13.jsonl.gz').exists())
        self.assertEqual(await self.do(self.example.terminate), -15)
        files = self.files()
        self.assertIn(len(files), (10, 11))
        self.assertFalse((self.folder / 'box-1.jsonl.gz').exists())
        for file in files[:-2]:
            _, lines = lines_of(file)
            self.assertEqual(lines[0]['topic'], 'robot')
            self.assertTrue(any(line.get('topic') == 'state' for line in lines))


if __name__ == '__main__':
    unittest.main()
