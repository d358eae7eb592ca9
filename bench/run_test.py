"""Runs bench/run on a build, for tenths of seconds: run_test.py BUILD. What it measures is no matter of a test."""

import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import unittest
from xml.etree import ElementTree

BENCH = pathlib.Path(__file__).resolve().parent
BUILD = sys.argv.pop() if len(sys.argv) > 1 else None
MISSED_A_GOAL = 1
WORKS = ('echo-64B-16', 'big-1M-binary', 'fan-out-16', 'connect', 'idle', 'deflate', 'age', 'latency-1000', 'client-64B-16',
         'client-idle-1000', 'tls-1K-16', 'tls-connect', 'tls-idle')


class RunTest(unittest.TestCase):
    def run_bench(self, *words):
        settings = ['--rounds', '1', '--seconds', '0.05', '--warm-up', '0.02', '--connections', '20']
        return subprocess.run([BENCH / 'run', '--build', BUILD, *settings, *words], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True)

    def test_measures_prints_and_writes(self):
        with tempfile.TemporaryDirectory() as folder:
            done = self.run_bench('--works', ','.join(WORKS), '--servers', 'cpp,raw,beast,cpp-client,beast-client', '--output', folder)
            self.assertIn(done.returncode, (0, MISSED_A_GOAL), done.stderr)
            self.check_results(pathlib.Path(folder))
        self.assertRegex(done.stdout, r'(?m)^\| 64 B, 16 in flight, server CPU, µs \| [\d.]+ \([\d.]+\) \| [\d.]+ \|')
        self.assertRegex(done.stdout, r'\d+ met, \d+ missed, \d+ not measured')
        self.assertIn('[1/33] echo, 64 B, 16 in flight: simWS, C++, round 1', done.stderr)

    def check_results(self, folder):
        page = (folder / 'RESULTS.md').read_text()
        results = json.loads((folder / 'results.json').read_text())
        self.assertEqual(set(results['runs']), set(WORKS))
        self.assertEqual(results['errors'], {'deflate': {'raw': 'none'}})
        self.assertEqual(set(results['runs']['age']), {'cpp', 'raw', 'beast'})
        self.assertEqual(set(results['runs']['client-64B-16']), {'cpp-client', 'beast-client'})
        for name in ('echo', 'large', 'many', 'live'):
            self.assertIn(f'charts/{name}.svg', page)
            ElementTree.parse(folder / f'charts/{name}.svg')

    def test_interrupted_it_writes_what_it_has(self):
        with tempfile.TemporaryDirectory() as folder:
            words = ['--build', BUILD, '--works', 'echo-64B-16,echo-64B-1', '--servers', 'raw,cpp', '--rounds', '1', '--seconds', '0.05',
                     '--warm-up', '0.02', '--output', folder]
            with subprocess.Popen([BENCH / 'run', *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
                while '[3/4]' not in process.stderr.readline():
                    self.assertIsNone(process.poll())
                process.send_signal(signal.SIGINT)
                out, errors = process.communicate()
            page = (pathlib.Path(folder) / 'RESULTS.md').read_text()
        self.assertEqual(process.returncode, 128 + signal.SIGINT, errors)
        self.assertNotIn('Traceback', errors)
        self.assertIn('bench/run: interrupted after 2 of 4 measurements', errors)
        self.assertIn('Interrupted after 2 of 4 measurements.', page)
        self.assertIn('64 B, 16 in flight, server CPU', out)

    def test_says_what_it_does_not_know(self):
        done = self.run_bench('--works', 'nonsense')
        self.assertEqual(done.returncode, 2)
        self.assertIn('unknown: nonsense; known: echo-64B-1,', done.stderr)
        for words, told in ((('--rounds', '0'), '--rounds: 0 is not over 0'), (('--seconds', 'nan'), '--seconds: nan is not over 0'),
                            (('--connections', 'x'), "--connections: invalid int value: 'x'")):
            done = self.run_bench(*words)
            self.assertEqual(done.returncode, 2)
            self.assertIn(told, done.stderr)

    def test_wants_checkouts_where_they_are_named(self):
        with tempfile.TemporaryDirectory() as folder:
            for named, words in (({'UWS_DIR': folder}, f'UWS_DIR={folder} is no checkout: there is no src/App.h'),
                                 ({'USOCKETS_DIR': folder}, 'UWS_DIR is not set: uWebSockets needs both')):
                done = subprocess.run([BENCH / 'run'], env={**os.environ, 'UWS_DIR': '', 'USOCKETS_DIR': '', **named},
                                      capture_output=True, text=True)
                self.assertEqual((done.returncode, done.stdout), (2, ''))
                self.assertIn(f'bench/run: {words}', done.stderr)


if __name__ == '__main__':
    unittest.main()
