"""The scenario gives the same trace however its script is run: the one in scenario.trace.

SCENARIO_WAY names how. With `--write` the trace is written instead of compared.
"""
import asyncio
import os
import re
import sys
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / 'bindings'))

from play import Player  # noqa: E402
from programs import PYTHON_WAYS, WAYS, Script  # noqa: E402

TRACE = HERE / 'scenario.trace'
PREFIX = 'trace: '


def normalized(lines):
    """The trace without what differs from run to run: handles by their order, ports by a word."""
    names = {}

    def name(match):
        kind = match[1].lower()
        count = sum(known.startswith(kind) for known in names.values())
        return names.setdefault(match[0], f'{kind} {count + 1}')

    for line in lines:
        if not line.startswith(PREFIX):
            continue
        line = re.sub(r'simWS\.(Server|Connection):[\d:]*\d', name, line[len(PREFIX):])
        yield re.sub(r'(127\.0\.0\.1:|\[::1\]:|listening .* )\d+', r'\1<port>', line)


# What the errors say in Python's own words, in those of the table: types, None, and how a function
# is written.
PYTHON_WORDS = ((r' \| None\b', ''), (r'\bstr or bytes\b', 'string'), (r'\bstr \| bytes\b', 'string'), (r'\bstr\b', 'string'),
                (r'\bdict\b', 'map'), (r'opcode: int = None', 'opcode: int = sim_ws_opcode_text'),
                (r'options: map = None', 'options: map = {}'), (r'\bNone\b', 'nil'),
                (r'(\w+): (\w+) = ', r'\2 \1='), (r'(?<=[(,] )?(\w+Handle|data|listenPort): (\w+)', r'\2 \1'))


def in_the_table_s_words(line):
    if ' raises ' not in line:
        return line
    for pattern, word in PYTHON_WORDS:
        line = re.sub(pattern, word, line)
    return line


class Scenario(unittest.IsolatedAsyncioTestCase):
    maxDiff = None

    async def test_the_trace(self):
        way = next(way for way in WAYS if way.__name__ == os.environ['SCENARIO_WAY'])
        is_python = way in PYTHON_WAYS
        with Script(way, HERE / ('scenario.py' if is_python else 'scenario.lua')) as script:
            async def heard(pattern):
                return await asyncio.to_thread(script.wait_for, PREFIX + '.*' + pattern, 'stdout')

            ports = [int((await heard(rf'{server} listening .* (\d+)$'))[1])
                     for server in ('first', 'second')]
            try:
                await Player(*ports, heard).play()
            except Exception as error:
                raise AssertionError(f'{error!r}\n{script.transcript()}') from error
            code = await asyncio.to_thread(script.wait)
        self.assertEqual(code, 0, script.transcript())
        trace = list(normalized(script.stdout))
        if is_python:
            trace = list(map(in_the_table_s_words, trace))
        if '--write' in sys.argv:
            TRACE.write_text('\n'.join(trace) + '\n')
        self.assertEqual(trace, TRACE.read_text().splitlines(), script.transcript())


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
