"""simws replay: a recording is served as it was sent."""
import gzip
import json
import os
import tempfile
import unittest
from pathlib import Path

import websockets

from commands import ClientTest, Command, answer_to, connect, finish

HEADER = {'format': 'simws-recording', 'version': 1, 'began': '2026-11-30T10:41:40.123456Z', 'url': 'ws://robot:9000/<b>'}


class ReplayTest(ClientTest):
    def setUp(self):
        super().setUp()
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def put(self, *lines, name='run.jsonl', header=HEADER):
        text = ''.join(json.dumps(line) + '\n' for line in (header, *lines)).encode()
        path = self.folder / name
        path.write_bytes(gzip.compress(text) if name.endswith('.gz') else text)
        return path

    async def replay(self, file, *options):
        self.command = self.enterContext(Command('replay', str(file), '0', *options))
        self.port = await self.do(lambda: self.command.port)
        return self.command

    async def open(self, **options):
        socket = await connect(f'ws://127.0.0.1:{self.port}/', **options)
        self.addAsyncCleanup(socket.close)
        return socket

    async def messages(self, count, **options):
        socket = await self.open(**options)
        return [await socket.recv() for _ in range(count)]

    async def summary(self):
        await self.do(self.command.wait_for, 'replayed')
        return await self.do(self.command.wait), next(line for line in self.command.stderr if 'replayed' in line)


class Replays(ReplayTest):
    async def test_send_what_was_sent(self):
        for name in ('run.jsonl', 'run.jsonl.gz'):
            await self.replay(self.put(
                {'t': 0, 'open': 1}, {'t': 0, 'text': 'to all'}, {'t': 0.01, 'to': 1, 'text': 'to one'}, {'t': 0.01, 'from': 1, 'text': 'received'},
                {'t': 0.01, 'binary': 'AP8='}, {'t': 0.02, 'lost': 3}, {'t': 0.02, 'topic': 'pose', 'text': 'published'}, {'t': 9, 'close': 1},
                name=name), '--wait', '--speed', '1000')
            self.assertEqual(await self.messages(4), ['to all', 'to one', b'\x00\xff', 'published'])
            self.assertEqual(await self.summary(), (0, 'simws: replayed 4 messages'))

    async def test_keep_the_times(self):
        """Two messages a hundred thousand seconds apart, a thousand times as fast: the second isn't there at once."""
        await self.replay(self.put({'t': 0, 'text': 'first'}, {'t': 100_000, 'text': 'second'}), '--speed', '1000', '--wait')
        socket = await self.open()
        self.assertEqual(await socket.recv(), 'first')
        other = await self.open()
        await (await other.ping())
        self.assertEqual(await self.do(self.command.terminate), 0)
        with self.assertRaises(websockets.ConnectionClosed):
            await socket.recv()

    async def test_serve_topics_to_pages(self):
        await self.replay(self.put(
            {'t': 0, 'topic': 'map', 'key': 'north', 'retain': True, 'text': 'wall'}, {'t': 0, 'topic': 'other', 'text': 'unheard'},
            {'t': 10_000, 'text': 'end'}), '--speed', '1')
        socket = await self.open(subprotocols=['simws.topics.1'])
        await socket.send('["subscribe","map"]')
        while not (message := await socket.recv()).startswith('["message"'):
            pass
        line, _, payload = message.partition('\n')
        self.assertEqual((json.loads(line)[:3], payload), (['message', 'map', 'north'], 'wall'))

    async def test_keep_for_late_viewers_what_a_client_could_not_know_to_be_retained(self):
        await self.replay(self.put(
            {'t': 0, 'topic': 'map', 'key': 'north', 'text': 'old'}, {'t': 0, 'topic': 'map', 'key': 'north', 'text': 'wall'},
            {'t': 0, 'topic': 'map', 'key': 'north', 'text': ''}, {'t': 0, 'text': 'sent'}, {'t': 10_000, 'text': 'end'}), '--retain', '--wait')
        first = await self.open()
        while await first.recv() != 'sent':
            pass
        self.assertEqual(await self.messages(1), ['wall'])

    async def test_begin_again(self):
        await self.replay(self.put({'t': 0, 'text': 'a'}, {'t': 0.001, 'text': 'b'}), '--loop', '--wait')
        self.assertEqual(await self.messages(6), ['a', 'b'] * 3)
        self.assertEqual(await self.do(self.command.terminate), 0)

    async def test_of_nothing_end(self):
        for options in ((), ('--loop',)):
            await self.replay(self.put({'t': 0, 'from': 1, 'text': 'received'}), *options)
            self.assertEqual((await self.summary())[0], 0)

    async def test_tell_what_they_are(self):
        await self.replay(self.put({'t': 10_000, 'text': 'x'}))
        self.assertTrue([line for line in self.command.stderr if 'replays' in line and '2026-11-30T10:41:40.123456Z' in line])
        status, headers, body = await self.do(answer_to, f'http://127.0.0.1:{self.port}/')
        self.assertEqual((status, headers.get_content_type()), (200, 'text/html'))
        for words in (b'run.jsonl', b'ws://robot:9000/&lt;b>', b'2026-11-30T10:41:40.123456Z'):
            self.assertIn(words, body)
        self.assertEqual((await self.do(answer_to, f'http://127.0.0.1:{self.port}/else'))[0], 404)

    async def test_up_to_a_cut_off_end(self):
        file = self.put({'t': 0, 'text': 'whole'}, {'t': 0, 'text': 'cut off'})
        os.truncate(file, file.stat().st_size - 5)
        await self.replay(file, '--wait')
        self.assertEqual(await self.messages(1), ['whole'])
        code, summary = await self.summary()
        self.assertEqual(code, 0)
        self.assertIn('replayed 1 message; the file was cut off at its end', summary)

    async def test_of_what_can_not_be_sent_go_on(self):
        await self.replay(self.put({'t': 0, 'topic': 'a//b', 'text': 'x'}, {'t': 0, 'text': 'next'}), '--wait')
        self.assertEqual(await self.messages(1), ['next'])
        self.assertIn("1 could not be sent, the first because invalid topic: 'a//b'", (await self.summary())[1])

    async def test_end_at_a_line_that_is_wrong(self):
        file = self.put({'t': 0, 'text': 'before'})
        with file.open('a') as more:
            more.write('nonsense\n')
        await self.replay(file, '--wait')
        self.assertEqual(await self.messages(1), ['before'])
        code, summary = await self.summary()
        self.assertEqual(code, 1)
        self.assertIn('line 3 is no JSON object', summary)


class Failures(ReplayTest):
    def test_files_that_are_no_recordings(self):
        other = self.folder / 'other'
        other.write_text('<html>\n')
        for file, words in ((other, 'line 1 is no header of a recording'), (self.folder / 'none', 'No such file or directory'),
                            (self.put(header={**HEADER, 'version': 2}), 'is of version 2')):
            done = finish('replay', file, '0')
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertIn(words, done.stderr)

    def test_wrong_command_lines(self):
        for arguments in (('replay',), ('replay', 'x', '0', '--speed', '0'), ('replay', 'x', '0', '--speed', 'fast')):
            self.assertEqual(finish(*arguments).returncode, 2, arguments)


if __name__ == '__main__':
    unittest.main()
