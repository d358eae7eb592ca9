#!/usr/bin/python3
"""The checks of the house find what is wrong in made-up trees, and only that."""

import pathlib
import tempfile
import unittest

import check_includes
import check_lengths
import check_links
import check_tests
from rooms import TableError, read_rooms

TABLE = '''
| room | may include |
|---|---|
| `include` | |
| `base` | `include`; `<openssl/>` in `sha1.cpp` |
| `protocol` | `base`; `simws/opcode.h`; `<boost/>` in `http/*.cpp` |
| `transport` | `base`; `<uv.h>`, system headers |
| `bindings/lua` | `base`, `include`; `<lua.h>` |
| tests of each room | what the room may; `<gtest/>` in `*_test.cpp` |

After the table.
'''


class Tree:
    """A repository in a temporary folder."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.folder.name)
        self.write('ARCHITECTURE.md', TABLE)
        for name in ('include', 'src/base', 'src/protocol', 'src/transport', 'src/bindings/lua'):
            (self.root / name).mkdir(parents=True)

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


class HouseTest(unittest.TestCase):
    def setUp(self):
        self.tree = Tree()
        self.addCleanup(self.tree.folder.cleanup)

    def includes(self, file, *lines):
        """What the check says of a file that includes `lines`."""
        self.tree.write(file, ''.join(f'#include {line}\n' for line in lines))
        return check_includes.check_tree(self.tree.root)


class IncludesTest(HouseTest):
    ALLOWED = [
        ('src/base/a.h', '<vector>', '<cstdint>', '<simws/server.h>', '"base/b.h"', '"b.h"'),
        ('src/base/sha1.cpp', '<openssl/evp.h>'),
        ('src/protocol/frame.cpp', '"base/a.h"', '<simws/opcode.h>'),
        ('src/protocol/http/request.cpp', '<boost/beast/http.hpp>', '"protocol/frame.h"'),
        ('src/protocol/frame_test.cpp', '<gtest/gtest.h>'),
        ('src/transport/loop.cpp', '<uv.h>', '<sys/epoll.h>', '<unistd.h>'),
        ('src/bindings/lua/module.cpp', '<lua.h>', '"bindings/lua/value.h"', '"base/a.h"'),
        ('include/simws/server.h', '<simws/opcode.h>', '<string>'),
    ]
    FORBIDDEN = [
        ('include/simws/server.h', '"base/a.h"'),
        ('include/simws/server.h', '<uv.h>'),
        ('src/base/a.h', '"protocol/frame.h"'),
        ('src/base/log.cpp', '<openssl/evp.h>'),
        ('src/base/a.cpp', '<unistd.h>'),
        ('src/base/a.cpp', '<some/library.hpp>'),
        ('src/base/a.cpp', '<gtest/gtest.h>'),
        ('src/base/a.cpp', '"../protocol/frame.h"'),
        ('src/protocol/frame.cpp', '<simws/server.h>'),
        ('src/protocol/frame.cpp', '<sys/socket.h>'),
        ('src/protocol/frame.cpp', '<boost/beast.hpp>'),
        ('src/protocol/frame.cpp', '"transport/loop.h"'),
        ('src/protocol/frame_test.cpp', '"transport/loop.h"'),
        ('src/transport/loop.cpp', '"protocol/frame.h"'),
        ('src/transport/loop.cpp', '<simws/server.h>'),
        ('src/bindings/lua/module.cpp', '<lauxlib.h>'),
        ('src/bindings/other.cpp', '<vector>'),
    ]

    def test_allows_what_the_row_names(self):
        for file, *lines in self.ALLOWED:
            with self.subTest(file=file):
                self.assertEqual(self.includes(file, *lines), [])

    def test_finds_what_the_row_does_not_name(self):
        for file, line in self.FORBIDDEN:
            with self.subTest(file=file, line=line):
                problems = self.includes(file, '<string>', line)
                self.assertEqual(len(problems), 1, problems)
                self.assertIn(file, problems[0])
                (self.tree.root / file).unlink()

    def test_reads_every_spelling_of_the_directive(self):
        for line in ('#include <uv.h>', '  #  include <uv.h>', '#include<uv.h>'):
            self.tree.write('src/base/a.cpp', f'// Words.\n{line}\n')
            self.assertEqual(len(check_includes.check_tree(self.tree.root)), 1, line)

    def test_finds_a_room_without_a_folder(self):
        (self.tree.root / 'src/transport').rmdir()
        self.assertEqual(check_includes.check_tree(self.tree.root),
                         ['ARCHITECTURE.md: room transport has no folder'])


class LinksTest(HouseTest):
    def links(self, room, text):
        self.tree.write(f'src/{room}/CMakeLists.txt', text)
        return check_includes.check_tree(self.tree.root)

    def test_allows_what_the_row_names(self):
        self.assertEqual(self.links('base', 'simws_room(base PRIVATE OpenSSL::Crypto)'), [])
        self.assertEqual(self.links('transport',
                                    'simws_room(transport LINKS simws_base PkgConfig::LIBUV)'), [])

    def test_finds_what_the_row_does_not_name(self):
        for room, text in (('base', 'simws_room(base LINKS simws_protocol)'),
                           ('protocol', 'simws_room(protocol PRIVATE OpenSSL::SSL)'),
                           ('protocol', 'target_link_libraries(x simws_bindings_lua)')):
            with self.subTest(text=text):
                self.assertEqual(len(self.links(room, text)), 1)
                (self.tree.root / 'src' / room / 'CMakeLists.txt').unlink()


class TableTest(unittest.TestCase):
    def test_refuses_what_it_can_not_read(self):
        for table in ('', '| room | may include |\n|---|---|\n| `a` | anything |\n',
                      '| room | may include |\n|---|---|\n| `a` | `b` |\n'):
            with self.subTest(table=table), self.assertRaises(TableError):
                read_rooms(table)


class LengthsTest(HouseTest):
    def lengths(self, file, lines):
        self.tree.write(file, '\n' * lines)
        return check_lengths.check_tree(self.tree.root)

    def test_knows_the_limits(self):
        for file, limit in (('include/simws/a.h', 200), ('src/base/a.cpp', 500),
                            ('tests/house/a.py', 500), ('src/base/CMakeLists.txt', 500)):
            with self.subTest(file=file):
                self.assertEqual(self.lengths(file, limit), [])
                self.assertEqual(self.lengths(file, limit + 1),
                                 [f'{file}: {limit + 1} lines; at most {limit}'])
                (self.tree.root / file).unlink()

    def test_leaves_generated_files_alone(self):
        self.tree.write('src/base/a.pyi', '# Generated from the table.\n' + '\n' * 1000)
        self.assertEqual(check_lengths.check_tree(self.tree.root), [])

    def test_leaves_data_alone(self):
        self.assertEqual(self.lengths('fuzz/corpus/long.txt', 1000), [])


class LinksTest(HouseTest):
    def test_what_leads_nowhere_is_found(self):
        self.tree.write('docs/index.md', '[a](a.md) [b](b.md)\n')
        self.tree.write('docs/b.md', '# The page\n## A.b: `c`, d\n```sh\n# no heading\n[x](x.md)\n```\n')
        self.tree.write('docs/a.md', '[1](b.md#ab-c-d) [2](#top) [3](b.md#no-heading) `[4](x.md)`\n# Top\n'
                                     '[5](../gone.cpp) [6](https://simws.example/gone) [7](b.md)\n')
        self.tree.write('docs/c.md', '')
        self.assertEqual(check_links.check_tree(self.tree.root), [
            'docs/a.md: b.md#no-heading leads nowhere', 'docs/a.md: ../gone.cpp leads nowhere',
            'docs/index.md has no link to c.md'])


class TestsTest(HouseTest):
    def test_what_no_test_runs_is_found(self):
        for file in ('tests/a/run_test.py', 'tests/a/lost_test.py', 'tests/a/helper.py',
                     'src/base/built_test.cpp', 'src/base/lost_test.cpp', 'src/base/code.cpp'):
            self.tree.write(file, '')
        root = self.tree.root
        lost = check_tests.forgotten(root, {str(root / 'tests/a/run_test.py')},
                                     f'build x.o: CXX {root}/src/base/built_test.cpp')
        self.assertEqual([path.name for path in lost], ['lost_test.cpp', 'lost_test.py'])


if __name__ == '__main__':
    unittest.main()
