"""simws record: what comes is in the file, and losses show."""
import base64
import gzip
import json
import os
import signal
import subprocess
import tempfile
import unittest
from pathlib import Path

from commands import DEADLINE, HERE, Host, Process, RawServer, finish, program
from raw_client import TEXT
from simws_host import free_port


def lines_of(data):
    """The header, and the other lines without their times."""
    header, *lines = map(json.loads, data.decode().splitlines())
    times = [line.pop('t') for line in lines]
    assert times == sorted(times), times
    return header, lines


class RecordTest(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.file = self.folder / 'run.jsonl'

    def serve(self, script, *arguments):
        server = self.enterContext(Host(HERE / script, *arguments))
        self.url = f'ws://127.0.0.1:{server.port}/'
        return server

    def record(self, *options, url=None, file=None):
        return finish('record', url or self.url, file or self.file, *options)

    def start(self, *options, url=None):
        return self.enterContext(Process([program(), 'record', url or self.url, self.file, *options]))

    def messages(self, data=None):
        _, lines = lines_of(self.file.read_bytes() if data is None else data)
        return [line for line in lines if 'open' not in line and 'close' not in line]


class Recordings(RecordTest):
    def test_have_what_comes_and_when(self):
        self.serve('stream.lua')
        done = self.record('--messages', '3')
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stderr, r'recorded 3 messages in \d+\.\d s to .*run.jsonl \(\d+ bytes\)')
        header, lines = lines_of(self.file.read_bytes())
        self.assertEqual((header['format'], header['version'], header['url']), ('simws-recording', 1, self.url))
        self.assertRegex(header['began'], r'^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$')
        self.assertEqual(lines[0], {'open': 1, 'address': self.url[5:-1]})
        self.assertEqual(lines[1:4], [{'text': '{"n": 1}'}, {'binary': base64.b64encode(b'\x00\xff').decode()}, {'text': '{"n": 2}'}])
        self.assertEqual(lines[4]['close'], 1)

    def test_are_compressed_by_their_names(self):
        self.serve('stream.lua')
        self.file = self.folder / 'run.jsonl.gz'
        self.assertEqual(self.record('--messages', '1').returncode, 0)
        self.assertEqual(self.messages(gzip.decompress(self.file.read_bytes())), [{'text': '{"n": 1}'}])
        self.file = self.folder / 'run.jsonl.zst'
        self.assertEqual(self.record('--messages', '1').returncode, 0)
        self.assertEqual(self.file.read_bytes()[:4], b'\x28\xb5\x2f\xfd')

    def test_go_to_standard_output(self):
        self.serve('stream.lua')
        done = subprocess.run([program(), 'record', self.url, '-', '--messages', '1'], capture_output=True, timeout=DEADLINE)
        self.assertEqual(done.returncode, 0)
        self.assertEqual(self.messages(done.stdout), [{'text': '{"n": 1}'}])

    def test_end_well_by_a_signal(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            self.serve('stream.lua')
            recorder = self.start()
            recorder.wait_for('records ws://')
            self.assertEqual(recorder.signal(number), 0)
            recorder.wait_for('recorded .* message')
            self.assertIn('close', lines_of(self.file.read_bytes())[1][-1])

    def test_end_in_time(self):
        self.serve('stream.lua', '0', 'silent')
        done = self.record('--seconds', '0.2')
        self.assertEqual(done.returncode, 0)
        self.assertIn('recorded 0 messages', done.stderr)

    def test_end_with_the_servers_close(self):
        with RawServer() as server:
            recorder = self.start(url=f'ws://127.0.0.1:{server.port}/')
            with server.accept() as connection:
                connection.send(TEXT, b'only')
                connection.socket.sendall(b'\x88\x02\x03\xe8')
                self.assertEqual(recorder.wait(), 0)
        self.assertEqual(self.messages(), [{'text': 'only'}])

    def test_show_that_the_connection_was_lost(self):
        with RawServer() as server:
            recorder = self.start('--messages', '2', url=f'ws://127.0.0.1:{server.port}/')
            with server.accept() as connection:
                connection.send(TEXT, b'before')
                recorder_has = self.wait_for_content('before')
                self.assertTrue(recorder_has)
            with server.accept() as connection:
                connection.send(TEXT, b'after')
                self.assertEqual(recorder.wait(), 0)
            recorder.wait_for('the connection was lost 1 time')
        kinds = [next(iter(line)) for line in lines_of(self.file.read_bytes())[1]]
        self.assertEqual(kinds, ['open', 'text', 'close', 'open', 'text', 'close'])

    def wait_for_content(self, text):
        while not self.file.exists() or text not in self.file.read_text():
            pass
        return True


class Topics(RecordTest):
    def test_are_recorded_with_their_keys(self):
        self.serve('stream.lua', '0', 'topics')
        done = self.record('--subscribe', 'pose', '--subscribe', 'large/#', '--messages', '4')
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(lines_of(self.file.read_bytes())[0]['subprotocol'], 'simws.topics.1')
        messages = sorted(self.messages(), key=lambda line: (line['topic'], line.get('key', '')))
        self.assertEqual(messages[1:], [{'topic': 'pose', 'key': 'a', 'text': '1'}, {'topic': 'pose', 'key': 'b', 'text': '2'},
                                        {'topic': 'pose', 'key': 'c', 'text': '3'}])
        self.assertEqual((messages[0]['topic'], len(messages[0]['text'])), ('large/one', 200_000))

    def test_that_can_not_be_read_end_it(self):
        self.serve('stream.lua', '0', 'topics')
        done = self.record('--subscribe', 'secret')
        self.assertEqual(done.returncode, 1)
        self.assertIn("the server refuses the topic 'secret'", done.stderr)

    def test_of_a_server_without_them_end_it(self):
        self.serve('stream.lua')
        done = self.record('--subscribe', 'pose')
        self.assertEqual(done.returncode, 1)
        self.assertIn("doesn't speak simws.topics.1", done.stderr)


class Failures(RecordTest):
    def test_without_a_server_nothing_is_replaced(self):
        self.file.write_text('old')
        done = self.record(url=f'ws://127.0.0.1:{free_port()}/')
        self.assertEqual(done.returncode, 1)
        self.assertIn('cannot connect to', done.stderr)
        self.assertEqual(self.file.read_text(), 'old')

    def test_a_file_that_can_not_be_written(self):
        self.serve('stream.lua')
        for file, words in (('/no/such/file', 'No such file'), ('/dev/full', 'No space left on device')):
            done = self.record(file=file)
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertIn(f"'{file}' can't be written: {words}", done.stderr)

    def test_wrong_command_lines(self):
        for arguments in (('record',), ('record', '9000'), ('record', 'nonsense://', 'x'), ('record', '9000', 'x', '--seconds', '-1'),
                          ('record', '9000', 'x', '--messages', '0')):
            self.assertEqual(finish(*arguments, cwd=self.folder).returncode, 2, arguments)
        self.assertEqual(os.listdir(self.folder), [])


if __name__ == '__main__':
    unittest.main()
