"""The checks of modules fail on what they are there to find."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / 'cmake/python'))

from module_checks import foreign_libraries, forbidden_tags, is_newer_system, too_new_versions, wrong_exports  # noqa: E402


def needs(version):
    return f'  0x0010:   Name: {version}  Flags: none  Version: 5\n'


def dynamic(tag, value):
    return f' 0x0000000000000001 ({tag})             {value}\n'


def symbol(name, binding='GLOBAL', section='14'):
    return f'     7: 0000000000001139    11 FUNC    {binding} DEFAULT   {section} {name}\n'


class ModuleChecksTest(unittest.TestCase):
    def test_symbols_of_newer_systems(self):
        self.assertEqual(list(too_new_versions(needs('GLIBC_2.35') + needs('GLIBCXX_3.4.30'))), [])
        for version in ('GLIBC_2.36', 'GLIBCXX_3.4.31', 'CXXABI_1.3.14', 'GCC_13.0.0', 'GLIBC_3'):
            self.assertEqual(len(list(too_new_versions(needs(version)))), 1, version)

    def test_numbers_are_no_text(self):
        self.assertEqual(list(too_new_versions(needs('GLIBC_2.4') + needs('CXXABI_1.3.9'))), [])

    def test_symbols_of_unknown_libraries(self):
        self.assertEqual(len(list(too_new_versions(needs('OPENSSL_3.0.0')))), 1)

    def test_systems_whose_modules_are_for_older_ones_too(self):
        for libc, newer in ('glibc 2.35', False), ('glibc 2.36', False), ('glibc 2.39', True), ('', False):
            self.assertEqual(is_newer_system(libc), newer, libc)

    def test_libraries(self):
        good = dynamic('NEEDED', 'Shared library: [libstdc++.so.6]')
        self.assertEqual(list(foreign_libraries(good)), [])
        for library in ('libuv.so.1', 'libcrypto.so.3', 'libfmt.so.9', 'libc.so.60'):
            text = good + dynamic('NEEDED', f'Shared library: [{library}]')
            self.assertEqual(len(list(foreign_libraries(text))), 1, library)

    def test_tags(self):
        self.assertEqual(list(forbidden_tags(dynamic('FLAGS', 'BIND_NOW'))), [])
        self.assertEqual(list(forbidden_tags(dynamic('TEXTREL', '0x0'))), ['has TEXTREL'])

    def test_exports(self):
        text = symbol('simInit') + symbol('malloc@GLIBC_2.2.5', section='UND')
        self.assertEqual(list(wrong_exports(text, ['simInit'])), [])
        self.assertEqual(list(wrong_exports(text + symbol('uv_run', 'WEAK'), ['simInit'])),
                         ['shows uv_run'])
        self.assertEqual(list(wrong_exports(text, ['simInit', 'simMsg'])), ['does not show simMsg'])


if __name__ == '__main__':
    unittest.main()
