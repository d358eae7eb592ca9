"""The test host itself: it behaves as each version of the simulator does, and is strict."""
import os
import unittest

from simulator import NEW, V4_6, V4_9, SimulatorTest, each_version

PROBE = os.environ['SIMHOST_PROBE']

CRIMES = {
    'leaks a stack': 'left a stack that it created',
    'leaks a buffer': 'left a buffer that it got',
    'releases twice': 'simReleaseStack: released stack',
    'uses an unknown stack': 'simGetStackSize: unknown stack 4711',
    "releases the call's stack": "the stack of a call is the core's to release",
    'releases a foreign buffer': 'simReleaseBuffer: no buffer of the core',
    'reads an empty stack': 'simGetStackStringValue: the stack is empty',
    'reads a wrong index': 'simGetStackItemType: no item at this index',
    'uses another thread': "simCreateStack: called from a thread that isn't the simulation's",
    'calls an unknown script': 'simCallScriptFunctionEx: unknown script 77',
    'registers too late': 'simRegisterScriptVariable: outside of simInit',
}


class HostTest(SimulatorTest):
    def start(self, version, **options):
        simulator = super().start(version, passing=False, plugin=PROBE, **options)
        simulator.script('addon', 'probe', 'probe.lua')
        return simulator


@each_version()
class ValuesTest(HostTest):
    async def test_arguments(self, version):
        simulator = self.start(version)
        binary, text = ('-1', '-1') if version is V4_6 else ('1', '0')
        for value, item in (
                ('nil', '0:-1:-1:none of size 0'), ('true', '2:-1:-1:none of size 0'),
                ('3', '9:-1:3:none of size 0'), ('3.5', '1:-1:3:none of size 0'),
                ('2.95', '1:-1:3:none of size 0'), ('-3.5', '1:-1:-3:none of size 0'),
                ("'7'", f'3:{binary}:-1:7'), ("''", f'3:{binary}:-1:'), ('{}', '4:-1:-1:0'),
                ('{1, 2}', '4:-1:-1:2'), ('{a = 1}', '4:-1:-1:-2'), ('{1, nil, 3}', '4:-1:-1:-2')):
            self.assertEqual(simulator.lua('probe', f'return describe({value})').strip(), item, value)
        self.assertEqual(len(simulator.lua('probe', 'return describe(1, nil)').split(' 0:')), 2)
        self.assertRegex(simulator.lua('probe', 'return describe(print)'),
                         f'^3:{text}:-1:<FUNCTION 0x[0-9a-f]+>')
        self.assertTrue(simulator.lua('probe', "return describe('a\\0b') == '3:%s:-1:a\\0b '"
                                      % binary).startswith('true'))

    async def test_what_comes_back(self, version):
        simulator = self.start(version)
        self.assertEqual(simulator.lua('probe', """
            local a, b, c, d = probe.echo('a\\0b', {1, {x = true}}, 2.0, nil)
            return #a, b[2].x, c, d, probe.opcode.text"""), '3\ttrue\t2.0\tnil\t1')

    async def test_what_is_not_a_function_any_more(self, version):
        simulator = self.start(version)
        self.assertEqual(simulator.lua('probe', "return probe.callBack('app.inner.give', 1, {2})"),
                         '0\t2')
        for missing in ('missing', 'app.missing', 'app.inner.give.deeper', 'missing.give'):
            self.assertIn('failed calling', simulator.lua(
                'probe', f"return message(probe.callBack, '{missing}')"))


class VersionsTest(HostTest):
    def test_buffers(self):
        for version in (V4_9, NEW):
            simulator = self.start(version)
            self.assertEqual(simulator.lua('probe', """
                local b = probe.pushBuffer()
                return isbuffer(b), #b, b:byte(3), #tostring(b .. 'cd'), b == probe.echo(b)"""),
                'true\t3\t98\t5\ttrue')
            self.assertEqual(simulator.lua('probe', 'return describe(tobuffer "ab")').strip(),
                             '3:2:-1:ab')

    def test_the_first_or_the_last_error(self):
        for version, expected in (
                (V4_9, 'in sim.genericFunctionHandler: the first'),
                (NEW, "error in 'sim.genericFunctionHandler': the last (c: simSetLastError)")):
            simulator = self.start(version)
            self.assertEqual(simulator.lua('probe', 'return message(probe.failTwice)'), expected)

    def test_tables_with_a_metatable(self):
        code = 'return describe(setmetatable({}, {}))'
        self.assertRegex(self.start(NEW).lua('probe', code), '<METATABLE 0x')
        self.assertEqual(self.start(V4_9).lua('probe', code).strip(), '4:-1:-1:0')

    def test_handles_of_scripts(self):
        for version, is_same in ((V4_9, True), (NEW, False)):
            simulator = self.start(version)
            handle = simulator.script('customization', 'one', 'probe.lua')
            simulator.command('scene', 'new')
            again = simulator.script('customization', 'two', 'probe.lua')
            self.assertEqual(handle == again, is_same)


@each_version()
class PassesTest(HostTest):
    def passes(self, simulator):
        return int(simulator.command('stats').split('passes=')[1].split()[0])

    async def test_by_itself_and_when_told(self, version):
        simulator = self.start(version)
        before = self.passes(simulator)
        simulator.command('pass', 3)
        self.assertEqual(self.passes(simulator), before + 3)
        for how in ('on', 'spinning'):
            simulator.command('auto', how)
            begun = self.passes(simulator)
            while self.passes(simulator) == begun:
                pass
            simulator.command('auto', 'off')
            ended = self.passes(simulator)
            self.assertEqual(self.passes(simulator), ended, how)


@each_version()
class LifeTest(HostTest):
    async def test_an_add_on_runs_twice(self, version):
        simulator = self.start(version)
        self.assertEqual(simulator.lines('trace: '), ['info', 'cleanup 9:-1:1:none of size 0 ', 'init'])
        self.assertEqual(simulator.quit(), 0)
        messages = [line.split('message ')[1] for line in simulator.logged('message ')]
        self.assertEqual([line.split()[0] for line in messages], ['338', '335', '296', '338', '339'])
        self.assertTrue(simulator.logged('[probe] cleanup'))

    async def test_an_error_ends_the_script_within_the_call(self, version):
        simulator = self.start(version)
        simulator.script('customization', 'arm', 'probe.lua')
        self.assertIn('on purpose', simulator.lua('arm', 'return message(raise)'))
        self.assertTrue(simulator.is_alive('arm'))
        self.assertIn('error in', simulator.lua('arm', "return message(probe.callBack, 'raise')"))
        self.assertFalse(simulator.is_alive('arm'))
        self.assertTrue(simulator.logged('stack traceback'))

    async def test_the_simulation(self, version):
        simulator = self.start(version)
        simulator.script('simulation', 'joint', 'probe.lua')
        for command, alive in (('start', True), ('pause', True), ('start', True), ('stop', False)):
            simulator.command(command)
            simulator.command('pass')
            self.assertEqual(simulator.is_alive('joint'), alive, command)

    async def test_loaded_again(self, version):
        simulator = self.start(version)
        simulator.command('unload')
        self.assertIn('plugin not loaded', simulator.lua('probe', 'return message(probe.describe)'))
        simulator.command('load')
        self.assertEqual(simulator.lua('probe', 'return probe.describe(1)').strip(),
                         '9:-1:1:none of size 0')


@each_version()
class StrictTest(HostTest):
    async def test_misuse_aborts(self, version):
        for crime, blame in CRIMES.items():
            simulator = self.start(version)
            with self.assertRaises(AssertionError):
                simulator.lua('probe', f'return probe.misbehave("{crime}")')
            self.assertIn(simulator.wait(), (-6, 1, 66), simulator.transcript())
            self.assertTrue([line for line in simulator.logged('MISUSE') if blame in line],
                            simulator.transcript())


if __name__ == '__main__':
    unittest.main()
