"""Which Python `./run` builds for: the one that the PATH names, if it will do."""

import pathlib
import subprocess
import sys
import tempfile
import unittest
import venv

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / 'tests/support'))

import older_python  # noqa: E402, F401

SYSTEM = pathlib.Path('/usr/bin/python3')

SCRIPT = f'''
set -euo pipefail
source {ROOT}/cmake/packages.sh
source {ROOT}/cmake/python.sh
PATH=$1:/usr/bin:/bin
choose_python
echo "$python" "${{python_packages[@]}}"
'''


class PythonChoiceTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def choose(self, folder):
        """Exit code, and what was said to either stream."""
        done = subprocess.run(['bash', '-c', SCRIPT, './run', str(folder)], text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
        return done.returncode, done.stdout.strip()

    def put_python(self, prepare, base='/opt/other/python3'):
        """A python3 that is another one's program, and whatever the lines of Python make of it."""
        program = self.folder / 'python3'
        program.write_text(f'''#!/bin/bash
[[ $1 == --version ]] && echo Python 3.x && exit
exec {sys.executable} -c "import sys, sysconfig
sys._base_executable = '{base}'
{prepare}
$2"
''')
        program.chmod(0o755)

    def put_headers(self):
        (self.folder / 'include').mkdir()
        (self.folder / 'include/Python.h').touch()
        return f"sysconfig.get_path = lambda name: '{self.folder}/include'"

    def test_the_systems_own_is_left_to_the_packages(self):
        self.assertEqual(self.choose('/usr/bin'), (0, f'{SYSTEM} python3 python3-dev'))

    def test_a_virtual_environment_stands_for_what_it_was_made_from(self):
        venv.create(self.folder, symlinks=True)
        if pathlib.Path(sys.executable).resolve() == SYSTEM.resolve():
            self.assertEqual(self.choose(self.folder / 'bin'), (0, f'{SYSTEM} python3 python3-dev'))
        else:
            self.assertEqual(self.choose(self.folder / 'bin'), (0, str(pathlib.Path(sys.executable).resolve())))

    def test_another_one_with_headers_needs_no_package(self):
        self.put_python(self.put_headers())
        self.assertEqual(self.choose(self.folder), (0, '/opt/other/python3'))

    def test_another_one_without_headers(self):
        self.put_python("sysconfig.get_path = lambda name: '/nowhere'")
        code, said = self.choose(self.folder)
        self.assertEqual(code, 1)
        self.assertEqual(said, f"{self.folder}/python3 has no headers (/nowhere/Python.h): install those of that Python, "
                               "or take the system's: PATH=/usr/bin:$PATH ./run")

    def test_one_that_is_too_old(self):
        self.put_python(self.put_headers() + '\nsys.version_info = (3, 8, 10)')
        code, said = self.choose(self.folder)
        self.assertEqual(code, 1)
        self.assertEqual(said, f'simWS needs Python 3.9 or newer, and {self.folder}/python3 is Python 3.x: '
                               'put another python3 first in the PATH.')

    def test_the_oldest_that_will_do(self):
        self.put_python(self.put_headers() + '\nsys.version_info = (3, 9, 0)')
        self.assertEqual(self.choose(self.folder)[0], 0)

    def test_one_that_does_not_start(self):
        (self.folder / 'python3').write_text('#!/bin/bash\nexit 1\n')
        (self.folder / 'python3').chmod(0o755)
        code, said = self.choose(self.folder)
        self.assertEqual(code, 1)
        self.assertIn('simWS needs Python 3.9', said)


if __name__ == '__main__':
    unittest.main()
