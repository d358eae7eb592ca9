"""simws doctor, on the machine that runs the test."""
import json
import os
import socket
import tempfile
import unittest
import unittest.mock
from pathlib import Path

from commands import finish, program
from terminal import Terminal

NAMES = ('addresses', 'host name', 'IPv6', 'firewall', 'proxy', 'descriptors', 'memory limit', 'io_uring', 'processors',
         'scheduler', 'clock', 'random numbers', 'Lua', 'Python', 'authorities', "tls = 'local'", 'CoppeliaSim')


class Doctor(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.enterContext(unittest.mock.patch.dict(os.environ, XDG_CONFIG_HOME=str(self.folder), COLUMNS='80'))

    def findings(self, *arguments):
        done = finish('doctor', '--json', *arguments)
        found = json.loads(done.stdout)
        self.assertEqual(done.returncode, 1 if found['problems'] else 0, done.stderr)
        self.assertEqual(found['problems'], sum(each['verdict'] == 'problem' for each in found['checks']))
        return {each['name']: each for each in found['checks']}

    def test_looks_at_everything_and_changes_nothing(self):
        found = self.findings()
        self.assertLessEqual({*NAMES, 'port 9000'}, set(found))
        for each in found.values():
            self.assertIn(each['verdict'], ('ok', 'note', 'problem'))
            self.assertTrue(each['text'])
            self.assertTrue(each['advice'] or each['verdict'] == 'ok' or each['name'] == 'processors', each)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_says_who_has_a_port(self):
        for address, family in (('127.0.0.1', socket.AF_INET), ('0.0.0.0', socket.AF_INET)):
            with socket.create_server((address, 0), family=family) as taken:
                port = taken.getsockname()[1]
                check = self.findings(port)[f'port {port}']
            self.assertEqual(check['verdict'], 'problem')
            comm = Path('/proc/self/comm').read_text().strip()
            self.assertEqual(check['text'], f'taken by {comm}, process {os.getpid()}')
            self.assertIn(f'kill {os.getpid()}', check['advice'])

    def test_is_a_table_for_people(self):
        done = finish('doctor')
        for name in NAMES:
            self.assertRegex(done.stdout, rf'(?m)^(ok|note|problem) +{name} ')
        self.assertNotIn('\x1b', done.stdout)
        self.assertIn('simWS from working.', done.stdout)
        self.assertEqual(done.stderr, '')

    def test_has_colours_on_a_terminal_that_wants_them(self):
        for variables, is_coloured in (({}, True), ({'NO_COLOR': '1'}, False)):
            with Terminal([program(), 'doctor'], variables) as terminal:
                terminal.wait_until(lambda _, terminal=terminal: 'from working.' in terminal.raw)
                self.assertEqual('\x1b[32m' in terminal.raw, is_coloured)

    def test_knows_the_local_authority(self):
        finish('cert')
        before = {path: path.stat().st_mtime_ns for path in self.folder.rglob('*')}
        check = self.findings()["tls = 'local'"]
        self.assertIn(str(self.folder / 'simws/authority.pem'), check['text'])
        self.assertRegex(check['text'], r'valid until .* 20\d\d')
        self.assertEqual({path: path.stat().st_mtime_ns for path in self.folder.rglob('*')}, before)

    def test_wrong_uses(self):
        for argument in ('x', '0', '65536', '-1', '--loud'):
            with self.subTest(argument):
                self.assertEqual(finish('doctor', argument).returncode, 2)


if __name__ == '__main__':
    unittest.main()
