"""The plugin's package, and its install into CoppeliaSim's folder, hold what they should and load."""

import hashlib
import os
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import unittest

BUILD = os.environ['SIMWS_BUILD']
PLUGIN = {'libsimWS.so', 'lua/simWS.lua', 'lua/simWS-ce.lua'}
# Another program loads the library by itself, all symbols at once, and finds the entry points.
LOAD = '''
import ctypes, os, sys
library = ctypes.CDLL(sys.argv[1], mode=os.RTLD_NOW)
for name in ('simInit', 'simCleanup', 'simMsg'):
    getattr(library, name)
'''


def files_below(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob('*') if path.is_file()}


def load_in_clean_process(library):
    subprocess.run([sys.executable, '-I', '-c', LOAD, library], env={}, cwd='/', check=True)


class CoppeliaSimTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def run_program(self, name, *arguments, **environment):
        done = subprocess.run([os.environ[name], *arguments], text=True, cwd=self.folder,
                              env={**os.environ, **environment}, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
        return done.returncode, done.stdout

    def pack(self):
        """The package's path, packed anew while COPPELIASIM_ROOT_DIR names somewhere else."""
        elsewhere = self.folder / 'elsewhere'
        elsewhere.mkdir()
        code, output = self.run_program('CPACK', '--config', f'{BUILD}/CPackConfig.cmake',
                                        '-B', str(self.folder / 'packed'),
                                        COPPELIASIM_ROOT_DIR=str(elsewhere))
        self.assertEqual(code, 0, output)
        self.assertEqual(files_below(elsewhere), set())
        package, = (self.folder / 'packed').glob('*.tar.gz')
        return package

    def install(self, root, *arguments):
        return self.run_program('CMAKE', '--install', BUILD, '--component', 'simws_coppeliasim',
                                *arguments, COPPELIASIM_ROOT_DIR=root)

    def test_package(self):
        package = self.pack()
        self.assertRegex(package.name, r'^simWS-\d+\.\d+\.\d+-coppeliasim-Linux-\w+\.tar\.gz$')
        checksum, = package.parent.glob('*.sha256')
        self.assertIn(hashlib.sha256(package.read_bytes()).hexdigest(), checksum.read_text())
        with tarfile.open(package) as archive:
            archive.extractall(self.folder / 'unpacked')
        top, = (self.folder / 'unpacked').iterdir()
        self.assertEqual(top.name, package.name.removesuffix('.tar.gz'))
        self.assertEqual(files_below(top), PLUGIN | {'INSTALL.txt', 'LICENSE'})
        load_in_clean_process(str(top / 'libsimWS.so'))

    def test_install_into_the_folder_of_the_environment(self):
        root = self.folder / 'CoppeliaSim'
        (root / 'lua').mkdir(parents=True)
        (root / 'lua' / 'simWS.lua').write_text('the old one')
        code, output = self.install(str(root))
        self.assertEqual(code, 0, output)
        self.assertEqual(files_below(root), PLUGIN)
        self.assertNotEqual((root / 'lua' / 'simWS.lua').read_text(), 'the old one')
        load_in_clean_process(str(root / 'libsimWS.so'))

    def test_install_into_no_folder(self):
        code, output = self.install(str(self.folder / 'missing'))
        self.assertNotEqual(code, 0)
        self.assertIn('missing', output)
        self.assertIn('COPPELIASIM_ROOT_DIR', output)

    def test_install_by_prefix(self):
        prefix = self.folder / 'prefix'
        code, output = self.install('', '--prefix', str(prefix))
        self.assertEqual(code, 0, output)
        self.assertEqual(files_below(prefix), PLUGIN)


if __name__ == '__main__':
    unittest.main()
