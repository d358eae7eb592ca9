#!/usr/bin/python3
"""The scripts see which Debian packages are missing, as they run them: any failure ends them."""

import pathlib
import subprocess
import tempfile
import unittest

PACKAGES = pathlib.Path(__file__).resolve().parents[2] / 'cmake' / 'packages.sh'


def missing(wanted, dpkg_query):
    """What is missing of `wanted` where dpkg-query does what the shell lines say."""
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder) / 'dpkg-query'
        program.write_text('#!/bin/bash\n' + dpkg_query)
        program.chmod(0o755)
        script = f'set -euo pipefail; source {PACKAGES}; PATH={folder}:$PATH; missing_packages "$@"'
        done = subprocess.run(['bash', '-c', script, 'bash', *wanted], check=True, text=True,
                              stdout=subprocess.PIPE)
        return done.stdout.split()


class MissingPackagesTest(unittest.TestCase):
    def test_an_unknown_package_makes_dpkg_query_fail(self):
        self.assertEqual(missing(['liba', 'libb'], 'echo liba installed; exit 1'), ['libb'])

    def test_none_is_known(self):
        self.assertEqual(missing(['liba', 'libb'], 'exit 1'), ['liba', 'libb'])

    def test_all_are_there(self):
        self.assertEqual(missing(['liba'], 'echo liba installed'), [])

    def test_a_removed_package_is_missing(self):
        self.assertEqual(missing(['liba'], 'echo liba config-files'), ['liba'])


if __name__ == '__main__':
    unittest.main()
