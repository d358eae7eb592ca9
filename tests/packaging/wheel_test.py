"""`pip install .` into a new virtual environment, without the network, and what is there then."""
import contextlib
import functools
import os
import pathlib
import pty
import re
import shlex
import subprocess
import sys
import tarfile
import tempfile
import unittest
import unittest.mock
import venv
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / folder) for folder in ('cmake/python', 'tests/support')]

import build_wheel  # noqa: E402
import module_checks  # noqa: E402
import older_python  # noqa: E402, F401

BUILD = pathlib.Path(os.environ.get('SIMWS_WHEEL_BUILD', ROOT / 'build/wheel'))  # kept, to be fast

HAS_BROKER = os.environ.get('SIMWS_HAS_BROKER') == '1'

PROGRAM = """
import simWS, sys, threading, urllib.request
server = simWS.start(0)
simWS.setHTTPHandler(server, lambda server, connection, resource, data: (200, 'from ' + resource))
port = simWS.getServerInfo(server)['port']
def fetch():
    global body
    body = urllib.request.urlopen(f'http://127.0.0.1:{port}/page').read()
client = threading.Thread(target=fetch)
client.start()
while client.is_alive():
    simWS.poll(0.01)
print(simWS.__file__, simWS.__version__, body.decode())
"""

# Prints what the module says once it has tried to reach a broker at a port where none is.
BROKER_PROGRAM = """
import simWS, socket
probe = socket.socket()
probe.bind(('127.0.0.1', 0))
server = simWS.start(0, {'broker': f'nats://127.0.0.1:{probe.getsockname()[1]}', 'name': 'arm'})
while not simWS.getServerInfo(server)['broker']['error']:
    simWS.poll(0.01)
print(simWS.getServerInfo(server)['broker']['error'])
"""


def run(*command, **options):
    done = subprocess.run([str(word) for word in command], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          **options)
    if done.returncode:
        raise AssertionError(f'{command}\n{done.stdout}')
    return done.stdout


def run_at_terminal(*command, **options):
    """The same at a terminal of its own."""
    ours, theirs = pty.openpty()
    with subprocess.Popen([str(word) for word in command], stdin=theirs, stdout=theirs, stderr=theirs, **options) as program:
        os.close(theirs)
        said = b''
        with open(ours, 'rb', buffering=0) as terminal, contextlib.suppress(OSError):  # EIO is its end
            while portion := terminal.read(4096):
                said += portion
    if program.returncode:
        raise AssertionError(f'{command}\n{said.decode()}')
    return said.decode()


class Package(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.home = self.folder / 'venv'

    @functools.cached_property
    def python(self):
        """That of a new virtual environment: Debian's own has no pip."""
        venv.create(self.home, with_pip=True)
        return self.home / 'bin/python'

    def takes_settings(self):
        """Whether pip has --config-settings, as from 22.1 on."""
        version = re.match(r'pip (\d+)\.(\d+)', run(self.python, '-m', 'pip', '--version'))
        return tuple(map(int, version.groups())) >= (22, 1)

    def pip(self, command, *arguments, settings=(), run=run):
        settings = [f'build-dir={BUILD}', *settings]
        # No proxy leads anywhere, no index is asked.
        environment = {**os.environ, 'PIP_NO_INDEX': '1', 'http_proxy': 'http://127.0.0.1:9',
                       'https_proxy': 'http://127.0.0.1:9'}
        if self.takes_settings():
            arguments = [*(f'--config-settings={setting}' for setting in settings), *arguments]
        else:
            environment['SIMWS_WHEEL'] = shlex.join(settings)
        return run(self.python, '-m', 'pip', '--disable-pip-version-check', command, *arguments, ROOT, env=environment,
                   cwd=self.folder)

    def wheel(self, *settings):
        """The wheel's path, and that of the module in it."""
        self.pip('wheel', '--wheel-dir', self.folder, settings=settings)
        [wheel] = self.folder.glob('*.whl')
        with zipfile.ZipFile(wheel) as archive:
            [module] = [name for name in archive.namelist() if name.endswith('.so')]
            return wheel, pathlib.Path(archive.extract(module, self.folder / 'wheel'))

    def test_installs_into_a_virtual_environment_without_a_network(self):
        self.pip('install')
        said = run(self.python, '-c', PROGRAM, cwd=self.folder, stdin=subprocess.DEVNULL)
        file, version, words = said.splitlines()[-1].split(' ', 2)
        self.assertTrue(pathlib.Path(file).is_relative_to(self.home), file)
        self.assertEqual(words, 'from /page')
        package = pathlib.Path(file).parent
        self.assertEqual((package / '__init__.pyi').read_text(),
                         (ROOT / 'src/bindings/python/package/__init__.pyi').read_text())
        self.assertTrue((package / 'py.typed').exists())
        self.assertIn(f'Version: {version}', run(self.python, '-m', 'pip', 'show', 'simWS'))
        run(self.python, '-m', 'pip', 'check')
        run(self.python, '-m', 'pip', 'uninstall', '-y', 'simWS')
        self.assertFalse(package.exists())

    def test_the_wheel_says_which_pythons_it_is_for(self):
        wheel, module = self.wheel()
        stable = sys.version_info >= (3, 11)
        own = f'cp{sys.version_info.major}{sys.version_info.minor}'
        self.assertRegex(wheel.name, r'^simWS-[\d.]+-' + ('cp311-abi3' if stable else f'{own}-{own}') + r'-linux_\w+\.whl$')
        if stable:
            self.assertEqual(module.name, '__init__.abi3.so')
        # It takes Python's functions from whatever Python loads it.
        self.assertNotIn('libpython', run('ldd', module))

    def test_a_wheel_of_archives_is_for_every_system_that_is_new_enough(self):
        wheel, module = self.wheel('archives=yes')
        everywhere = module_checks.runs_everywhere(module)
        self.assertTrue(everywhere or module_checks.is_newer_system(),
                        'not built here for other systems: build/archives/log says why cmake/archives.sh made no archives')
        self.assertRegex(wheel.name, r'-manylinux_2_35_\w+\.whl$' if everywhere else r'-linux_\w+\.whl$')
        with zipfile.ZipFile(wheel) as archive:
            self.assertNotIn('simWS/simws-broker', archive.namelist(), 'it would need the libnats of this system')
            [tags] = [name for name in archive.namelist() if name.endswith('/WHEEL')]
            self.assertIn(f'Tag: {wheel.stem.split("-", 2)[2]}\n', archive.read(tags).decode())
        run(self.python, '-m', 'pip', 'install', '--no-index', wheel)
        self.assertIn('from /page', run(self.python, '-c', PROGRAM, cwd=self.folder, stdin=subprocess.DEVNULL))

    def test_the_wheel_has_the_program_that_reaches_brokers(self):
        """Where libnats is there."""
        self.pip('install')
        programs = list(self.home.rglob('simws-broker'))
        self.assertEqual([os.access(program, os.X_OK) for program in programs], [True] if HAS_BROKER else [])
        said = run(self.python, '-c', BROKER_PROGRAM, cwd=self.folder, stdin=subprocess.DEVNULL)
        self.assertIn('nobody answers there' if HAS_BROKER else "the program simws-broker isn't there", said)

    def test_settings_of_the_environment(self):
        with unittest.mock.patch.dict(os.environ, SIMWS_WHEEL="archives=yes 'build-dir=/a folder'"):
            self.assertEqual(build_wheel.settings_of(None), {'archives': 'yes', 'build-dir': '/a folder'})
            self.assertEqual(build_wheel.settings_of({'archives': 'no'})['archives'], 'no')
        with unittest.mock.patch.dict(os.environ, clear=True):
            self.assertEqual(build_wheel.settings_of(None), {})

    def test_who_waits_at_a_terminal_is_told_what_happens(self):
        said = self.pip('wheel', '--wheel-dir', self.folder, run=run_at_terminal)
        told = [said.find(f'simWS: {words}') for words in ('configuring', 'compiling', 'packing')]
        self.assertNotIn(-1, told, said)
        self.assertEqual(told, sorted(told), said)

    def test_a_file_gets_no_words_for_who_waits(self):
        self.assertNotIn('simWS: configuring', self.pip('wheel', '--wheel-dir', self.folder))

    def test_the_source_archive_has_what_a_build_needs(self):
        name = build_wheel.build_sdist(self.folder)
        with tarfile.open(self.folder / name) as archive:
            names = {path.partition('/')[2] for path in archive.getnames()}
        for needed in ('PKG-INFO', 'pyproject.toml', 'CMakeLists.txt', 'CMakePresets.json', 'cmake/python/build_wheel.py',
                       'src/bindings/python/package/py.typed', 'include/simws/server.h', 'README.md', 'LICENSE'):
            self.assertIn(needed, names)
        self.assertFalse([name for name in names if name.startswith('build/')])

    def test_an_editable_installation_is_refused_with_what_to_do_instead(self):
        with self.assertRaisesRegex(AssertionError, 'an editable installation would show no change'):
            self.pip('install', '--editable')


if __name__ == '__main__':
    unittest.main()
