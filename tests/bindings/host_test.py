"""The program simws: stepped scripts, their ends, and what is on its command line."""
import asyncio
import os
import re
import signal
import tempfile
import unittest
from pathlib import Path

from programs import (HERE, LOG_OF_ENVIRONMENT, Script, ScriptTest, each_way, host, plain_lua,
                      python_host, run_simws, script_of, threaded_host, threaded_python_host)
from simws_host import DEADLINE

FORBIDDEN = ('events are handled between the steps of this script already; leave this call out')


# By the way a script is run: what its errors look like.
TRACEBACKS = {
    host: r'simws: .*steps.lua:\d+: {} failed\nstack traceback:',
    python_host: r'Traceback .*:\n  File ".*steps.py", line \d+, in sysCall_\w+\n.*\nRuntimeError: {} failed',
}


@each_way((host, python_host))
class Steps(ScriptTest):
    async def begin(self, way, what, *options):
        return await self.run_script(way, 'steps', what, options=('--step', '20ms', *options))

    def lines(self):
        return [line for line in self.script.stdout
                if not line.startswith('PORT') and FORBIDDEN not in line]

    async def test_are_called_in_order_until_the_user_ends_them(self, way):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            await self.begin(way, '')
            await self.line('^sensing\t0.040')
            code = await asyncio.to_thread(self.script.signal, number)
            self.assertEqual(code, 0, self.script.transcript())
            self.assertEqual(self.lines(), [
                'init\t0.000\t0.020', 'actuation\t0.000', 'sensing\t0.000', 'actuation\t0.020',
                'sensing\t0.020', 'actuation\t0.040', 'sensing\t0.040', 'cleanup\t0'])

    async def test_a_stepped_script_is_served_by_its_host(self, way):
        await self.begin(way, '')
        await self.line('^actuation')
        await self.line('^actuation')
        self.assertEqual([line for line in self.script.stdout[2:5]],
                         [f'false\tsimWS.{name}: {FORBIDDEN}' for name in ('run', 'poll', 'fileno')])

    async def test_events_between_steps_are_delivered_at_once(self, way):
        await self.run_script(way, 'steps', '', options=('--step', '3600s'))
        socket = await self.connect()
        for _ in range(20):
            await socket.send('x')
            self.assertEqual(await asyncio.wait_for(socket.recv(), DEADLINE), 'step 1')

    async def test_a_script_can_end_itself(self, way):
        for what, last in (('end', 'sensing\t0.040'), ('endInit', 'init\t0.000\t0.020')):
            await self.begin(way, what)
            self.assertEqual(await self.exit_code(), 0, self.script.transcript())
            self.assertEqual(self.lines()[-2:], [last, 'cleanup\t0'])

    async def test_exit_ends_it_without_cleanup(self, way):
        for what, code in (('exitStep', 1), ('exitThread', 7)):
            await self.begin(way, what)
            self.assertEqual(await self.exit_code(), code, self.script.transcript())
            self.assertFalse([line for line in self.lines() if line.startswith('cleanup')])
            self.assertNotRegex('\n'.join(self.script.stderr), '(?i)error|traceback')

    async def test_errors_end_it_with_a_traceback(self, way):
        for what, has_cleaned_up in (('failInit', False), ('failStep', True), ('failThread', True),
                                     ('failCleanup', True)):
            await self.begin(way, what)
            if what == 'failCleanup':
                await self.terminate()
            self.assertEqual(await self.exit_code(), 1, self.script.transcript())
            name = what.removeprefix('fail').lower()
            self.assertRegex('\n'.join(self.script.stderr), TRACEBACKS[way].format(name))
            self.assertEqual(any(line.startswith('cleanup') for line in self.lines()), has_cleaned_up)

    async def test_the_thread_waits_in_simulation_time_and_in_real_time(self, way):
        await self.begin(way, 'thread')
        self.assertEqual(await self.exit_code(), 0, self.script.transcript())
        lines = [line for line in self.lines() if not re.match('init|actuation|sensing', line)]
        self.assertEqual(lines[:3], ['thread\t1', 'next step\t2', 'waited\t5'])
        self.assertEqual(lines[3:], ['true', 'real time', 'cleanup\t0'])

    async def test_a_wait_in_real_time_ends_between_steps(self, way):
        await self.run_script(way, 'steps', 'realTimeThread', options=('--step', '3600s'))
        self.assertEqual(await self.exit_code(), 0, self.script.transcript())
        self.assertEqual(self.lines()[-2:], ['real time\t1', 'cleanup\t0'])

    async def test_init_may_wait_in_real_time_until_the_user_ends_it(self, way):
        await self.begin(way, 'waitInit')
        await self.line('^waited\ttrue\t0.000$')
        self.assertEqual(await self.do(self.script.signal, signal.SIGTERM), 0, self.script.transcript())
        self.assertEqual(self.lines()[-1], 'cleanup\t0')
        self.assertFalse([line for line in self.lines() if line.startswith('actuation')])

    async def test_pings_are_answered_while_the_script_is_busy(self, way):
        await self.begin(way, '')
        socket = await self.connect()
        await socket.send('busy')
        await self.line('^busy$')
        await asyncio.wait_for(await socket.ping(), DEADLINE)
        self.assertEqual(await self.terminate(), 0, self.script.transcript())

    async def test_a_busy_script_is_interrupted_and_cleans_up(self, way):
        for what in ('busy', 'busyThread', 'busyCallback'):
            await self.begin(way, what)
            if what == 'busyCallback':
                socket = await self.connect()
                await socket.send('busy')
            await self.line('^busy$')
            self.assertEqual(await self.terminate(), 0, self.script.transcript())
            self.assertRegex(self.lines()[-1], '^cleanup')

    async def test_a_second_signal_ends_it_at_once(self, way):
        await self.begin(way, 'busy')
        await self.line('^busy$')
        self.script.process.send_signal(signal.SIGINT)
        await asyncio.to_thread(self.wait_until_default_action)
        self.assertEqual(await asyncio.to_thread(self.script.signal, signal.SIGINT), -signal.SIGINT)

    def wait_until_default_action(self):
        """Until the first signal has been handled; or the script was interrupted before the second."""
        status = Path(f'/proc/{self.script.pid}/status')
        interrupt_bit = 1 << (signal.SIGINT - 1)
        while int(re.search(r'SigCgt:\s*(\w+)', status.read_text())[1], 16) & interrupt_bit:
            pass


@each_way((host,))
class Busy(ScriptTest):
    async def begin(self, way, what):
        self.script = self.enterContext(Script(way, 'busy', what))
        await self.line('^busy$')

    async def test_no_coroutine_and_no_pcall_gets_around_a_signal(self, way):
        for what in ('loop', 'caught', 'coroutine', 'resumed', 'nested', 'poll', 'pollForever',
                     'threadCaught', 'threadNested', 'stepLoop', 'stepNested'):
            with self.subTest(what):
                await self.begin(way, what)
                self.assertEqual(await self.do(self.script.signal, signal.SIGTERM), 0,
                                 self.script.transcript())
                is_stepped = what.startswith(('thread', 'step'))
                self.assertEqual('cleanup' in self.script.stdout, is_stepped)

    async def test_nor_around_exit(self, way):
        self.script = self.enterContext(Script(way, 'busy', 'exit'))
        self.assertEqual(await self.exit_code(), 5, self.script.transcript())

    async def test_coroutines_are_as_lua_has_them(self, way):
        script = script_of(way, 'coroutines')
        done = run_simws('run', script)
        self.assertEqual(done.returncode, 0, done.stderr)
        lua = run_simws(script, way=plain_lua, command=os.environ['SIMWS_LUA'])
        self.assertEqual(done.stdout, lua.stdout)


@each_way((threaded_host, threaded_python_host))
class Threaded(ScriptTest):
    async def test_holds_where_the_script_itself_runs(self, way):
        await self.run_script(way, 'running')
        socket = await self.connect()
        await socket.send('first')
        await socket.send('second')
        self.assertEqual(await asyncio.wait_for(socket.recv(), DEADLINE), 'the second has come')
        self.assertEqual(await self.terminate(), 0, self.script.transcript())


class CommandLine(unittest.TestCase):
    def test_environment_of_a_script(self):
        script = HERE / 'lua/folder/environment.lua'
        done = run_simws('run', '--param', 'robot=R2=x', '--param', 'simWS.maxConnections=0',
                              '--log-level', 'debug', script, 'one', '--step', 'x')
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = done.stdout.splitlines()
        self.assertEqual(lines[:7], [
            'the module beside the script', 'environment.lua\t3\tone --step x\t3', 'true\ttrue\t1\t2', '[1,2]',
            'R2=x\tnil', 'R3', '7\t2.5\ttrue\tnil\t7'])
        self.assertRegex(lines[7], "^false\t.*sim.getNamedInt32Param: the named parameter 'robot' is 'R3'")
        self.assertRegex(lines[8], "^false\t.*sim.getNamedBoolParam: the named parameter 'n' is '7'")
        self.assertRegex(lines[9], '^false\t.*sim.getObject needs CoppeliaSim$')
        self.assertRegex(lines[10], '^false\t.*sim.wait: only sysCall_thread and sysCall_init can wait')
        self.assertEqual(lines[11], 'float\t0.0')
        self.assertRegex(lines[12], '^false\t.*named parameter simWS.maxConnections must be 1 to')
        self.assertEqual(done.stderr.splitlines(), LOG_OF_ENVIRONMENT)

    def test_lan(self):
        done = run_simws('run', '--lan', HERE / 'lua/folder/environment.lua')
        self.assertRegex(done.stderr, r'listening on 0\.0\.0\.0:\d+.*; from other machines: http://')

    def test_log_level(self):
        done = run_simws('run', '--log-level', 'error', HERE / 'lua/folder/environment.lua')
        self.assertEqual(done.stderr.splitlines(), ['simWS: error: log errors', 'simWS: error: log scripterrors'])

    def test_a_script_named_without_a_folder(self):
        done = run_simws('run', 'environment.lua', cwd=HERE / 'lua/folder')
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.splitlines()[0], 'the module beside the script')

    def test_a_script_that_is_no_lua(self):
        done = run_simws('run', HERE / 'lua/folder/syntax.lua')
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r'^simws: .*syntax.lua:1: unexpected symbol')

    def test_what_cannot_be_run(self):
        with tempfile.TemporaryDirectory() as folder:
            for arguments, message in (
                    (['run', 'nowhere/robot.lua'], "there is no script 'nowhere/robot.lua'"),
                    (['run', folder], 'is a folder'),
                    (['run'], 'which script'),
                    (['run', '--sped', 'x.lua'], "unknown option '--sped'"),
                    (['run', '--step', '0', 'x.lua'], 'write 50ms'),
                    (['run', '--step', '5x', 'x.lua'], 'write 50ms'),
                    (['run', '--step', '10', 'x.lua'], "'10' has no unit: write 10ms or 10s"),
                    (['run', '--param', 'robot', 'x.lua'], 'write name=value'),
                    (['run', '--param', 'host=*', 'x.lua'], 'write simWS.host'),
                    (['run', '--param', 'simWS.hots=*', 'x.lua'], 'simWS.host, simWS.origins'),
                    (['run', '--log-level', 'loud', 'x.lua'], "'loud' is no level: write debug, info,"),
                    (['walk'], 'walk'),
                    ([], 'which command')):
                with self.subTest(arguments):
                    done = run_simws(*arguments)
                    self.assertEqual(done.returncode, 2, done.stderr)
                    self.assertIn(message, done.stderr + done.stdout)

    def test_version_and_help(self):
        version = run_simws('--version')
        self.assertEqual(version.returncode, 0)
        self.assertRegex(version.stdout, r'^simws \d+\.\d+\.\d+$')
        for arguments in (['--help'], ['run', '--help'], ['reference', '--help']):
            self.assertEqual(run_simws(*arguments).returncode, 0)
        self.assertIn('simws run [OPTIONS] script.lua|script.py', run_simws('run', '--help').stdout)


if __name__ == '__main__':
    unittest.main()
