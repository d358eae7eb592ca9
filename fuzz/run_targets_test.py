#!/usr/bin/python3
"""What fuzz/run makes of targets, which are played by scripts."""

import pathlib
import subprocess
import sys
import tempfile
import textwrap
import unittest

PROGRAM = pathlib.Path(__file__).with_name('run_targets.py')
STATUS = '#4096 REDUCE cov: 321 ft: 400 corp: 12/3Kb lim: 4 exec/s: 2048 rss: 40Mb'


class RunTargets(unittest.TestCase):
    def setUp(self):
        self.build = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        (self.build / 'fuzz').mkdir()

    def make(self, name, body):
        path = self.build / 'fuzz' / f'fuzz_{name}'
        path.write_text('#!/bin/sh\n' + textwrap.dedent(body))
        path.chmod(0o755)

    def run_them(self, *arguments):
        command = [sys.executable, '-B', PROGRAM, '--build', self.build, '--seconds', '1', *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=60)

    def test_says_how_each_got_on(self):
        self.make('one', f"echo '{STATUS}' >&2")
        self.make('two', f"echo '{STATUS}' >&2")
        result = self.run_them('--jobs', '2')
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn('one: 4,096 runs, 2,048/s, coverage 321, corpus 12: nothing found', result.stderr)
        self.assertIn('two: 4,096 runs', result.stderr)
        self.assertEqual(result.stdout, '2 targets found nothing\n')

    def test_keeps_what_was_found_and_says_how_to_replay_it(self):
        self.make('good', 'exit 0')
        self.make('bad', '''
            for word; do case $word in -artifact_prefix=*) touch "${word#*=}crash-1" ;; esac; done
            exit 77
        ''')
        result = self.run_them()
        self.assertEqual(result.returncode, 1)
        found = self.build / 'fuzz-findings/bad/crash-1'
        self.assertTrue(found.exists())
        self.assertIn(f'replay: {self.build}/fuzz/fuzz_bad {found}', result.stderr)
        self.assertEqual(result.stdout, '1 targets found nothing, 1 did: bad\n')

    def test_a_target_that_ends_without_a_word_is_no_good_one(self):
        self.make('broken', 'echo oops >&2; exit 3')
        result = self.run_them('broken')
        self.assertEqual(result.returncode, 1)
        self.assertIn('ENDED with 3', result.stderr)
        self.assertEqual((self.build / 'fuzz-findings/broken.log').read_text(), 'oops\n')

    def test_names_those_that_there_are(self):
        self.make('one', 'exit 0')
        result = self.run_them('other')
        self.assertEqual(result.returncode, 1)
        self.assertIn('unknown: other; there are: one', result.stderr)


if __name__ == '__main__':
    unittest.main()
