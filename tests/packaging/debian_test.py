"""Debian's packages, installed by dpkg into a root of their own that is used then. The system's packages
count as installed there, so that dependencies are checked, and nothing of the system changes."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

BUILD = os.environ['SIMWS_BUILD']
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / 'tests/support'))

import older_python  # noqa: E402, F401

PYTHON = '/usr/bin/python3'  # the one that Debian's packages are for


def run(*command, **environment):
    done = subprocess.run([str(word) for word in command], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          cwd='/', env={'PATH': '/usr/sbin:/usr/bin:/sbin:/bin', 'LC_ALL': 'C', **environment})
    if done.returncode:
        raise AssertionError(f'{command}\n{done.stdout[-5000:]}')
    return done.stdout


def dpkg(root, status, *arguments):
    """As root of a namespace, where one isn't root."""
    admin = root / 'var/lib/dpkg'
    if not admin.exists():
        for folder in ('info', 'updates', 'triggers'):
            (admin / folder).mkdir(parents=True)
        (admin / 'status').write_text(status)
    user = [] if os.geteuid() == 0 else ['unshare', '--map-root-user']
    return run(*user, 'dpkg', f'--root={root}', f'--admindir={admin}', f'--log={root}/log', '--no-triggers', *arguments)


class DebianTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        run(os.environ['CPACK'], '-G', 'DEB', '--config', f'{BUILD}/CPackConfig.cmake', '-B', cls.folder / 'packed')
        cls.packages = {package.name.partition('_')[0]: package for package in (cls.folder / 'packed').glob('*.deb')}
        cls.root = cls.folder / 'root'
        dpkg(cls.root, pathlib.Path('/var/lib/dpkg/status').read_text(), '--install', *cls.packages.values())

    def script(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def test_there_are_five_of_this_version(self):
        self.assertEqual(set(self.packages), {'simws', 'libsimws-dev', 'lua-simws', 'python3-simws', 'simws-broker'})
        version = re.search(r'project\(simws VERSION ([\d.]+)', (ROOT / 'CMakeLists.txt').read_text())[1]
        for package in self.packages.values():
            self.assertEqual(run('dpkg-deb', '--field', package, 'Version').strip(), version)

    def test_they_say_what_they_need(self):
        needs = {name: run('dpkg-deb', '--field', package, 'Depends') for name, package in self.packages.items()}
        for name, library in (('simws', 'liblua5.4-0'), ('lua-simws', 'libstdc++6'), ('python3-simws', 'python3 (>= 3.'),
                              ('simws-broker', 'libnats3')):
            self.assertIn('libc6 (>= ', needs[name])
            self.assertIn(library, needs[name])
        for library in ('libssl-dev', 'libsimdjson-dev', 'libuv1-dev', 'liburing-dev', 'zlib1g-dev', 'libzstd-dev'):
            self.assertIn(library, needs['libsimws-dev'])

    def test_one_without_what_it_needs_does_not_install(self):
        with self.assertRaisesRegex(AssertionError, 'dependency problems prevent configuration of simws'):
            dpkg(self.folder / 'bare', '', '--install', self.packages['simws'])

    def test_files_lie_in_usr_alone(self):
        for package in self.packages.values():
            names = [line.split(maxsplit=5)[5] for line in run('dpkg-deb', '--contents', package).splitlines()]
            self.assertEqual([name for name in names if not name.startswith('./usr/')], [], package.name)
            self.assertIn(f'./usr/share/doc/{package.name.partition("_")[0]}/copyright', names)

    def test_the_program_runs_scripts_of_both_languages(self):
        for name in ('hello.lua', 'hello.py'):
            script = self.script(name, "print(simWS.start and 'hello')\n")
            self.assertEqual(run(self.root / 'usr/bin/simws', 'run', script), 'hello\n')

    def test_the_program_comes_with_what_man_and_shells_know_of_it(self):
        share = self.root / 'usr/share'
        self.assertIn('simws serve', run('zcat', share / 'man/man1/simws.1.gz'))
        for file, shell in (('bash-completion/completions/simws', 'bash'), ('zsh/vendor-completions/_simws', 'zsh'),
                            ('fish/vendor_completions.d/simws.fish', 'fish')):
            self.assertEqual((share / file).read_text(), run(self.root / 'usr/bin/simws', 'completion', shell))

    def test_the_helper_process_lies_where_servers_look_for_it(self):
        helper = self.root / 'usr/libexec/simws/simws-broker'
        done = subprocess.run([helper], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.assertEqual((done.returncode, done.stderr[:12]), (2, 'simws-broker'))

    def test_python_finds_its_module(self):
        said = run(PYTHON, '-B', '-c', 'import simWS; simWS.stop(simWS.start(0)); print(simWS.__file__)',
                   PYTHONPATH=f'{self.root}/usr/lib/python3/dist-packages')
        self.assertIn(str(self.root), said)

    def test_lua_finds_its_module(self):
        [module] = self.root.glob('usr/lib/*/lua/5.4/simWS.so')
        # Where Debian's Lua looks by itself.
        self.assertIn(f'/{module.parent.relative_to(self.root)}/?.so', run('lua5.4', '-e', 'print(package.cpath)'))
        run('lua5.4', '-e', "local simWS = require 'simWS'; simWS.stop(simWS.start(0))", LUA_CPATH=f'{module.parent}/?.so')

    def test_cmake_finds_the_library(self):
        build = self.folder / 'example'
        run(os.environ['CMAKE'], '-G', 'Ninja', '-S', ROOT / 'examples/cpp', '-B', build, f'-DCMAKE_PREFIX_PATH={self.root}/usr',
            '-DCMAKE_CXX_COMPILER=' + os.environ['CXX'])
        self.assertIn(f'{self.root}/usr/lib/cmake/simws', (build / 'CMakeCache.txt').read_text())
        run(os.environ['CMAKE'], '--build', build)
        run(PYTHON, '-B', ROOT / 'tests/house/echo_once.py', build / 'echo')


if __name__ == '__main__':
    unittest.main()
