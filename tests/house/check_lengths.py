#!/usr/bin/python3
"""Fails on a public header over 200 lines, and on any other source file over 500 that people write.

    check_lengths.py <the repository's root>
"""

import pathlib
import sys

FOLDERS = ('bench', 'cmake', 'examples', 'fuzz', 'include', 'packages', 'src', 'tests')
SOURCES = {'.h', '.hpp', '.cpp', '.c', '.inc', '.py', '.pyi', '.lua', '.js', '.ts', '.html', '.css',
           '.cmake', '.sh', '.txt'}
FETCHED = {'node_modules', 'vendor'}  # by npm, where somebody ran it in place; others' files, as they are
GENERATED = b'# Generated from '  # a file that begins so is as long as what it's made from
HEADER_LIMIT = 200
LIMIT = 500


def limit_for(path):
    """`path` is relative to the root. None: not a source file."""
    if path.suffix not in SOURCES or (path.suffix == '.txt' and path.name != 'CMakeLists.txt'):
        return None
    return HEADER_LIMIT if path.parts[0] == 'include' else LIMIT


def check_tree(root):
    """All that is wrong in the tree, one line each."""
    problems = []
    for folder in FOLDERS:
        for file in sorted((root / folder).rglob('*')):
            limit = limit_for(file.relative_to(root))
            if limit is None or FETCHED.intersection(file.parts) or not file.is_file():
                continue
            content = file.read_bytes()
            lines = len(content.splitlines())
            if lines > limit and not content.startswith(GENERATED):
                problems.append(f'{file.relative_to(root)}: {lines} lines; at most {limit}')
    return problems


def main():
    problems = check_tree(pathlib.Path(sys.argv[1]))
    print('\n'.join(problems))
    sys.exit(1 if problems else 0)


if __name__ == '__main__':
    main()
