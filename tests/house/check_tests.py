#!/usr/bin/python3
"""Fails on a file of tests that the build has, but never runs: check_tests.py ROOT BUILD"""

import json
import pathlib
import subprocess
import sys


def commands(build):
    """Every word of the commands of all tests."""
    told = subprocess.run(['ctest', '--test-dir', build, '--show-only=json-v1'], check=True,
                          stdout=subprocess.PIPE, text=True)
    return {word for test in json.loads(told.stdout)['tests'] for word in test.get('command', ())}


def forgotten(root, programs, sources):
    """The files of tests below root that are neither programs of tests nor compiled into one."""
    scripts = root.glob('tests/**/*_test.py')
    units = [*root.glob('src/**/*_test.cpp'), *root.glob('tests/**/*_test.cpp')]
    return sorted([path for path in scripts if str(path) not in programs] +
                  [path for path in units if str(path) not in sources])


def main():
    root, build = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    lost = forgotten(root, commands(build), (build / 'build.ninja').read_text())
    for path in lost:
        print(f'{path.relative_to(root)}: no test runs it; name it in the CMakeLists.txt of its folder')
    return bool(lost)


if __name__ == '__main__':
    sys.exit(main())
