"""The scenario of all ways to run a script, through the plugin: the same trace.

SCENARIO_VERSION names the simulator's interface.
"""
import os
import re
import sys
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
SCENARIO = HERE.parent / 'integration' / 'scenario'
sys.path.insert(0, str(SCENARIO))
sys.path.insert(0, str(HERE.parent / 'bindings'))

from play import Player  # noqa: E402
from scenario_test import PREFIX, TRACE, normalized  # noqa: E402
from simulator import VERSIONS, SimulatorTest  # noqa: E402

VERSION = next(version for version in VERSIONS if version.core == os.environ['SCENARIO_VERSION'])

# How the simulator dresses an error of a plugin.
PLACE = re.compile(r"(?<=raises )(?:-?\d+: (?:in sim\.genericFunctionHandler|error in "
                   r"'sim\.genericFunctionHandler'): )?(.*?)(?: \(c: simSetLastError\))?$")


class SimulatorScenario(SimulatorTest):
    async def test_the_trace(self):
        simulator = self.start(VERSION)
        simulator.script('customization', 'scenario', SCENARIO / 'scenario.lua')

        async def heard(pattern):
            return await self.line(PREFIX + '.*' + pattern)

        ports = [int((await heard(rf'{server} listening .* (\d+)$'))[1])
                 for server in ('first', 'second')]
        try:
            await Player(*ports, heard).play()
        except Exception as error:
            raise AssertionError(f'{error!r}\n{simulator.transcript()}') from error
        self.assertEqual(await self.do(simulator.quit), 0, simulator.transcript())
        trace = [PLACE.sub(r'\1', line) for line in normalized(simulator.stdout)]
        self.assertEqual(trace, TRACE.read_text().splitlines(), simulator.transcript())


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
