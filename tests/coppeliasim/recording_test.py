"""Recordings by scripts of the simulator: the file is whole when the script, or the simulator, has ended."""
import gzip
import json
import tempfile
import unittest
from pathlib import Path

from simulator import SimulatorTest, each_version


@each_version()
class RecordingTest(SimulatorTest):
    async def test_what_is_sent_is_in_the_file(self, version):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        file = folder / 'run.jsonl.gz'
        self.start(version)
        await self.do(self.simulator.add, 'arm', f'''
            simWS = require 'simWS'
            server = simWS.start(0)
            simWS.startRecording(server, '{file}')
            simWS.setMessageHandler(server, function(_, connection, data) simWS.send(server, connection, 'got it') end)''')
        client = await self.connect(await self.do(self.simulator.port, 'arm'))
        self.assertEqual(await self.ask(client, 'hello'), 'got it')
        told = await self.do(self.simulator.lua, 'arm', f'''
            simWS.broadcast(server, 'to all')
            local recording = simWS.stopRecording(server)
            assert(recording.file == '{file}' and recording.leftOut == 0 and recording.error == '')
            simWS.startRecording(server, '{folder}/next.jsonl.zst')
            return recording.lines''')
        self.assertEqual(told, '4')
        await self.do(self.simulator.quit)
        header, *lines = map(json.loads, gzip.decompress(file.read_bytes()).splitlines())
        self.assertEqual(header['format'], 'simws-recording')
        self.assertEqual([{name: line[name] for name in ('from', 'to', 'text') if name in line} for line in lines[1:]],
                         [{'from': 1, 'text': 'hello'}, {'to': 1, 'text': 'got it'}, {'text': 'to all'}])
        self.assertEqual((folder / 'next.jsonl.zst').read_bytes()[:4], b'\x28\xb5\x2f\xfd')

    async def test_a_file_that_can_not_be_written_is_an_error(self, version):
        self.start(version)
        await self.do(self.simulator.add, 'arm', "simWS = require 'simWS'\nserver = simWS.start(0)")
        told = await self.do(self.simulator.lua, 'arm', "return select(2, pcall(simWS.startRecording, server, '/no/such/file'))")
        self.assertIn("'/no/such/file' can't be written: No such file or directory", told)


if __name__ == '__main__':
    unittest.main()
