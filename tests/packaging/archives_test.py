"""cmake/archives.sh touches no network when the archives are there, and fails when they can't be."""

import pathlib
import subprocess
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / 'cmake' / 'archives.sh'
INSTALLED = 'libuv1=1.44.2-1\nsimdjson=3.0.1-1\n'


class ArchivesTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.put_program('dpkg-query', f"printf '{INSTALLED}'")
        self.put_program('apt-get', 'echo no network >&2; exit 100')

    def put_program(self, name, lines):
        program = self.folder / name
        program.write_text('#!/bin/bash\n' + lines)
        program.chmod(0o755)

    def put_sources(self, archive_of_libuv):
        """Repositories with both sources, and a build that makes archives of these names."""
        self.put_program('apt-get', 'case " $* " in *" source "*) mkdir libuv1-1.44.2 simdjson-3.0.1 ;; esac')
        self.put_program('cmake', f"""
            [[ $1 == --build ]] || exit 0
            mkdir -p "$2"
            case $4 in uv_a) echo uv >"$2/{archive_of_libuv}" ;; *) echo json >"$2/libsimdjson.a" ;; esac""")

    def run_script(self):
        environment = {'PATH': f'{self.folder}:/usr/bin:/bin'}
        return subprocess.run(['bash', SCRIPT, self.folder / 'archives'], env=environment, text=True,
                              capture_output=True)

    def put_versions(self, versions):
        (self.folder / 'archives').mkdir()
        (self.folder / 'archives' / 'versions').write_text(versions)

    def test_archives_of_the_installed_versions_stay(self):
        self.put_versions(INSTALLED)
        done = self.run_script()
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, '', ''))

    def test_archives_of_other_versions_are_made_anew(self):
        self.put_versions(INSTALLED.replace('1.44.2', '1.44.1'))
        self.assertNotEqual(self.run_script().returncode, 0)

    def test_both_names_that_libuv_gives_its_archive(self):
        for name in ('libuv_a.a', 'libuv.a'):  # until 1.44, and later
            with self.subTest(name):
                self.put_sources(name)
                done = self.run_script()
                self.assertEqual(done.returncode, 0, done.stderr)
                archives = self.folder / 'archives'
                self.assertEqual((archives / 'libuv.a').read_text(), 'uv\n')
                self.assertEqual((archives / 'libsimdjson.a').read_text(), 'json\n')
                (archives / 'versions').unlink()

    def test_what_failed_is_told(self):
        done = self.run_script()
        self.assertNotEqual(done.returncode, 0)
        self.assertIn('no network', done.stderr)
        self.assertIn('No archives of libuv1=1.44.2-1 and simdjson=3.0.1-1', done.stderr)

    def test_a_failure_leaves_nothing_that_looks_done(self):
        self.run_script()
        self.assertFalse((self.folder / 'archives' / 'versions').exists())


if __name__ == '__main__':
    unittest.main()
