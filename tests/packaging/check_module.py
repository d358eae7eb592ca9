"""Fails when a module would not load on every Linux it is meant for, or shows more than it should.

    check_module.py [--without-archives] <module> <symbol that it shows>...

Without archives there is no such module here, which is said in one line.
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / 'cmake/python'))

from module_checks import problems  # noqa: E402

if sys.argv[1] == '--without-archives':
    sys.exit(f'{sys.argv[2]}: not built here for other systems, for cmake/archives.sh made no archives: build/archives/log '
             'says why. Once it works: cmake --preset release')
found = problems(sys.argv[1], sys.argv[2:])
print('\n'.join(f'{sys.argv[1]}: {problem}' for problem in found))
sys.exit(1 if found else 0)
