"""TLS of the commands: simws cert, echo and serve with --tls, connect to wss://."""
import asyncio
import os
import re
import subprocess
import tempfile
import unittest
import unittest.mock
from pathlib import Path

from commands import DEADLINE, Authority, ClientTest, Command, connect, finish, program, trusting


class TlsTest(ClientTest):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.enterContext(unittest.mock.patch.dict(os.environ, XDG_CONFIG_HOME=str(self.folder / 'config')))
        self.authority = self.folder / 'config/simws/authority.pem'

    async def start(self, *options):
        server = self.enterContext(Command('echo', '0', *options))
        self.url = f'wss://localhost:{await self.do(lambda: server.port)}/'
        return server

    async def talk(self, *options, status=0):
        """What `simws connect` says that sends a line."""
        done = await self.do(lambda: subprocess.run(
            [program(), 'connect', self.url, '--proxy', 'none', *map(str, options)], input='hello\n',
            capture_output=True, text=True, timeout=DEADLINE))
        self.assertEqual(done.returncode, status, done.stderr)
        return done


class Commands(TlsTest):
    async def test_one_word_encrypts(self):
        server = await self.start('--tls')
        self.assertRegex('\n'.join(server.stderr), r'open https://localhost:\d+ or connect to wss://')
        async with connect(self.url, ssl=trusting(self.authority)) as client:
            await client.send('hello')
            self.assertEqual(await asyncio.wait_for(client.recv(), DEADLINE), 'hello')
        self.assertEqual((await self.talk('--ca', self.authority)).stdout, 'hello\n')

    async def test_certificates_of_ones_own(self):
        own = Authority(self.folder)
        certificate, key = own.issue()
        await self.start('--certificate', certificate, '--private-key', key)
        self.assertEqual((await self.talk('--ca', own.file)).stdout, 'hello\n')
        whole = self.folder / 'whole.pem'
        whole.write_text(certificate.read_text() + key.read_text())
        await self.start('--certificate', whole)
        self.assertEqual((await self.talk('--ca', own.file)).stdout, 'hello\n')

    async def test_connect_trusts_nobody_else(self):
        await self.start('--tls')
        self.assertIn('TLS: the certificate of CN=', (await self.talk(status=1)).stderr)
        self.assertEqual((await self.talk('--insecure')).stdout, 'hello\n')

    async def test_wrong_uses(self):
        for arguments in (['echo', '0', '--tls', '--certificate', 'x'], ['echo', '0', '--private-key', 'x'],
                          ['connect', 'wss://localhost/', '--private-key', 'x'], ['cert', 'x']):
            with self.subTest(arguments):
                self.assertEqual((await self.do(lambda: finish(*arguments))).returncode, 2)
        done = await self.do(lambda: finish('echo', '0', '--certificate', '/nowhere.pem'))
        self.assertEqual(done.returncode, 1)
        self.assertIn("tls: '/nowhere.pem': No such file", done.stderr)


class Cert(TlsTest):
    def cert(self, *options):
        done = finish('cert', *options)
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        return done.stdout

    def fingerprint(self):
        return re.search(r'SHA-256 +([0-9A-F:]{95})$', self.cert(), re.M)[1]

    def test_shows_what_there_is_and_how_it_is_trusted(self):
        shown = self.cert()
        self.assertIn(str(self.authority), shown)
        self.assertRegex(shown, r'for +localhost, .*127\.0\.0\.1, ::1')
        self.assertRegex(shown, r'until +\d{4}-\d\d-\d\d')
        for system in ('Chrome and Chromium', 'Firefox', 'Windows', 'macOS', 'Android', 'iPhone'):
            self.assertIn(system, shown)
        told = subprocess.run(['openssl', 'x509', '-in', self.authority, '-noout', '-fingerprint', '-sha256'],
                              check=True, capture_output=True, text=True).stdout
        self.assertEqual(told.partition('=')[2].strip(), self.fingerprint())

    def test_stays_what_it_was_until_another_is_asked_for(self):
        first = self.fingerprint()
        self.assertEqual(self.fingerprint(), first)
        self.cert('--new')
        self.assertNotEqual(self.fingerprint(), first)

    def test_exports_what_is_to_be_trusted_and_no_key(self):
        copy = self.folder / 'copy.crt'
        self.assertIn(self.fingerprint(), self.cert('--export', copy))
        self.assertEqual(copy.read_text(), self.authority.read_text())
        self.assertNotIn('PRIVATE', copy.read_text())
        done = finish('cert', '--export', self.folder / 'missing/copy.crt')
        self.assertEqual(done.returncode, 2)
        self.assertIn("can't be written: No such file", done.stderr)

    def test_a_folder_that_cannot_be_is_named(self):
        (self.folder / 'config').write_text('')
        done = finish('cert')
        self.assertEqual(done.returncode, 2)
        self.assertIn(f"'{self.folder / 'config/simws'}' can't be written", done.stderr)


if __name__ == '__main__':
    unittest.main()
