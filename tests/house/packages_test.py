#!/usr/bin/python3
"""The scripts see which Debian packages are missing, as they run them: any failure ends them."""

import pathlib
import subprocess
import tempfile
import unittest

PACKAGES = pathlib.Path(__file__).resolve().parents[2] / 'cmake' / 'packages.sh'


def run(script, *arguments, **programs):
    """What a script with cmake/packages.sh prints where programs do what the shell lines say."""
    with tempfile.TemporaryDirectory() as folder:
        for name, lines in programs.items():
            program = pathlib.Path(folder) / name.replace('_', '-')
            program.write_text('#!/bin/bash\n' + lines)
            program.chmod(0o755)
        script = f'set -euo pipefail; source {PACKAGES}; PATH={folder}:$PATH; {script}'
        return subprocess.run(['bash', '-c', script, 'bash', *arguments], text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)


def missing(wanted, dpkg_query, prepare=':'):
    """What is missing of `wanted` where dpkg-query does what the shell lines say."""
    done = run(f'{prepare}; missing_packages "$@"', *wanted, dpkg_query=dpkg_query)
    done.check_returncode()
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

    def test_a_boost_that_will_do_is_not_replaced(self):
        with tempfile.TemporaryDirectory() as folder:
            header = pathlib.Path(folder) / 'boost/version.hpp'
            header.parent.mkdir()
            for version, wanted in (107400, []), (108100, []), (107300, ['libboost-dev']):
                header.write_text(f'//  BOOST_VERSION % 100\n#define BOOST_VERSION {version}\n')
                found = missing(['libboost-dev'], 'exit 1', f'boost_folders=({folder})')
                self.assertEqual(found, wanted, version)
        self.assertEqual(missing(['libboost-dev'], 'exit 1', 'boost_folders=(/nowhere)'), ['libboost-dev'])


class CompilerTest(unittest.TestCase):
    def choose(self, **versions):
        """What was said, and the compiler that CMake will be told of."""
        programs = {name: f'echo {version}' for name, version in versions.items()}
        build = PACKAGES.parent / 'build.sh'
        done = run(f'source {build}; compgen() {{ echo "{" ".join(versions)}" | tr " " "\n"; }}; unset CXX; '
                   'choose_compiler && echo "CXX=${CXX:-}"', **programs)
        return done.stdout.strip()

    def test_the_systems_own_if_new_enough(self):
        self.assertEqual(self.choose(**{'g++': '12', 'g++-13': '13'}), 'CXX=')

    def test_the_newest_beside_one_that_is_too_old(self):
        self.assertEqual(self.choose(**{'g++': '11', 'g++-9': '9', 'g++-12': '12', 'g++-11': '11'}), 'CXX=g++-12')

    def test_none_is_new_enough(self):
        said = self.choose(**{'g++': '11.4.0', 'g++-11': '11.4.0'})
        self.assertRegex(said, '^simWS needs g\\+\\+ >= 12, and g\\+\\+ is 11.4.0: sudo apt-get install g\\+\\+-12')

    def test_a_newer_system_needs_no_package_of_an_older_one(self):
        for version, wanted in ('13', []), ('11', ['g++-12']):
            done = run('missing_packages g++-12', dpkg_query='exit 1', **{'g++': f'echo {version}'})
            self.assertEqual(done.stdout.split(), wanted)


class InstallPackagesTest(unittest.TestCase):
    def install(self, apt_get):
        return run('install_packages liba', dpkg_query='exit 1', apt_get=apt_get, sudo='exec "$@"')

    def test_no_package_is_removed_and_what_comes_is_said_first(self):
        done = self.install('echo "apt-get $*"')
        self.assertEqual(done.returncode, 0, done.stdout)
        said, _update, install = done.stdout.splitlines()
        self.assertEqual(said, 'Installing 1 packages: liba')
        self.assertIn(' --no-remove ', install)
        self.assertTrue(install.endswith(' install liba'), install)

    def test_what_could_not_come_is_told_with_what_to_do(self):
        done = self.install('exit 100')
        self.assertNotEqual(done.returncode, 0)
        self.assertIn('apt-get install --no-remove --no-install-recommends liba', done.stdout)


if __name__ == '__main__':
    unittest.main()
