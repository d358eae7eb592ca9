"""One binary for every version of the simulator; one that is too old is told what it lacks."""
import unittest

from simulator import IDLE_THREADS, NEW, V4_6, V4_9, CommandFailed, SimulatorTest, Version, each_version

TOO_OLD = Version('4.6', 'too_old', is_old=True)


@each_version()
class LoadTest(SimulatorTest):
    async def test_loads(self, version):
        simulator = self.start(version)
        await self.do(simulator.command, 'load')
        await self.do(simulator.command, 'pass', 10)
        self.assertEqual(await self.do(simulator.quit), 0, simulator.transcript())

    # The network has no thread before there is a server, and none after the plugin's end.
    async def test_threads(self, version):
        simulator = self.start(version, passing=False)
        await self.do(simulator.command, 'load')
        self.assertEqual((await self.do(simulator.statistics))['threads'], 1)
        await self.do(simulator.add, 'arm', "simWS = require 'simWS' server = simWS.start(0)")
        serving = (await self.do(simulator.statistics))['threads']
        await self.do(simulator.command, 'unload')
        idle = (await self.do(simulator.statistics))['threads']
        self.assertIn(idle, IDLE_THREADS)
        self.assertGreater(serving, idle)


class TooOldTest(SimulatorTest):
    async def test_says_what_is_missing(self):
        simulator = self.start(TOO_OLD, passing=False)
        with self.assertRaises(CommandFailed):
            await self.do(simulator.command, 'load')
        told = simulator.logged('simCallScriptFunctionEx')
        self.assertEqual(len(told), 1, simulator.transcript())
        self.assertIn('simGetNamedStringParam', told[0])
        self.assertIn('4.6', told[0])
        await self.do(simulator.command, 'pass', 3)
        self.assertEqual(await self.do(simulator.quit), 0)

    async def test_a_script_is_told_too(self):
        simulator = self.start(TOO_OLD, passing=False)
        await self.do(simulator.add, 'arm', "print('trace: ' .. tostring(pcall(require, 'simWS')))")
        self.assertEqual(simulator.lines('trace: '), ['false'])


class InterfaceTest(SimulatorTest):
    async def test_buffers_where_the_version_has_them(self):
        for version in (V4_6, V4_9, NEW):
            simulator = self.start(version)
            await self.do(simulator.add, 'arm', '''
                simWS = require 'simWS'
                server = simWS.start(0)
                simWS.setMessageHandler(server, function(_, connection, data)
                    simWS.send(server, connection, tostring(isbuffer(data)))
                end)''')
            client = await self.connect(await self.do(simulator.port, 'arm'))
            self.assertEqual(await self.ask(client, 'x'), str(version.has_buffers).lower())


if __name__ == '__main__':
    unittest.main()
