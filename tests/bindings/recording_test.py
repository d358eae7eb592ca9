"""Recordings as scripts have them: what is in the file, and what the functions say."""
import gzip
import json
import tempfile
import unittest
from pathlib import Path

from programs import ScriptTest, each_way


class RecordingTest(ScriptTest):
    def setUp(self):
        super().setUp()
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    async def answer(self, socket, *call):
        await socket.send(json.dumps(call))
        while not (message := await socket.recv()).startswith('answer '):
            pass
        return json.loads(message.removeprefix('answer '))

    def lines(self, file):
        """The header, and the other lines without their times."""
        text = gzip.decompress(file.read_bytes()) if file.suffix == '.gz' else file.read_bytes()
        header, *lines = map(json.loads, text.decode().splitlines())
        times = [line.pop('t') for line in lines]
        self.assertEqual(times, sorted(times))
        return header, lines


@each_way()
class Recordings(RecordingTest):
    async def test_have_what_was_sent_and_received(self, way):
        await self.run_script(way, 'recording')
        file = self.folder / 'run.jsonl'
        socket = await self.connect()
        self.assertEqual(await self.answer(socket, 'startRecording', str(file)), [True, False])
        self.assertEqual(await self.answer(socket, 'broadcast', 'to all'), [True, 1])
        await self.answer(socket, 'publish', 'pose', '{}', 1, {'key': 'arm', 'retain': True})
        done, recording = await self.answer(socket, 'stopRecording')
        self.assertEqual((done, recording), (True, {'file': str(file), 'lines': 9, 'leftOut': 0, 'error': ''}))
        self.assertEqual(await self.terminate(), 0)
        header, lines = self.lines(file)
        self.assertEqual((header['format'], header['version']), ('simws-recording', 1))
        self.assertEqual(header['server'], f'127.0.0.1:{self.port}')
        self.assertEqual(lines.pop(0)['open'], 1)
        answers = [line['text'] for line in lines if line.get('to') == 1]
        self.assertEqual([json.loads(text.removeprefix('answer '))[0] for text in answers], [True] * 3)
        self.assertEqual([line for line in lines if 'to' not in line], [
            {'from': 1, 'text': '["broadcast", "to all"]'}, {'text': 'to all'},
            {'from': 1, 'text': '["publish", "pose", "{}", 1, {"key": "arm", "retain": true}]'},
            {'topic': 'pose', 'key': 'arm', 'retain': True, 'text': '{}'}, {'from': 1, 'text': '["stopRecording"]'}])

    async def test_are_whole_when_their_server_stops(self, way):
        await self.check_end(way, lambda socket: socket.send('["stop"]'), self.exit_code)

    async def test_are_whole_when_their_program_ends(self, way):
        await self.check_end(way, lambda socket: self.answer(socket, 'broadcast', 'more'), self.terminate)

    async def check_end(self, way, last_call, end):
        await self.run_script(way, 'recording')
        file = self.folder / 'run.jsonl.gz'
        socket = await self.connect()
        await self.answer(socket, 'startRecording', str(file))
        await self.answer(socket, 'broadcast', 'x' * 100_000)
        await last_call(socket)
        self.assertEqual(await end(), 0)
        _, lines = self.lines(file)
        self.assertIn({'text': 'x' * 100_000}, lines)
        self.assertEqual(lines[-1], {'close': 1, 'code': 1001})

    async def test_wrong_calls_say_what_is_wrong(self, way):
        await self.run_script(way, 'recording')
        socket = await self.connect()
        for call, words in ((('stopRecording',), "this server isn't being recorded; call startRecording first"),
                            (('startRecording', '/no/such/file'), "'/no/such/file' can't be written: No such file or directory"),
                            (('startRecording',), 'file')):
            done, error = await self.answer(socket, *call)
            self.assertFalse(done)
            self.assertIn(words, error)
        file = str(self.folder / 'run.jsonl')
        await self.answer(socket, 'startRecording', file)
        done, error = await self.answer(socket, 'startRecording', file)
        self.assertFalse(done)
        self.assertIn('recorded already; call stopRecording first', error)


if __name__ == '__main__':
    unittest.main()
