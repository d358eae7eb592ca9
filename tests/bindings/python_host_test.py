"""The program simws with Python scripts: what their language has and Lua's doesn't."""
import asyncio
import os
import shutil
import tempfile
import unittest
from pathlib import Path

from programs import (HERE, LOG_OF_ENVIRONMENT, ScriptTest, each_way, python_host, run_simws,
                      threaded_python_host)
from simws_host import DEADLINE, program


FORKED = ('this process was forked from one that uses simWS, and its network stayed there; call simWS in '
          "one of them only (with multiprocessing, choose the start method 'spawn')")


class Steps(ScriptTest):
    async def begin(self, what, *options):
        await self.run_script(python_host, 'steps', what, options=('--step', '20ms', *options))

    async def end(self, code=0):
        self.assertEqual(await self.terminate(), code, self.script.transcript())
        return self.script.stdout[-2:]

    async def test_a_thread_that_waits_ends_before_the_cleanup(self):
        await self.begin('waiting')
        await self.line('^busy$')
        self.assertEqual(await self.end(), ['finally\t0', 'cleanup\t0'])
        self.assertNotIn('never', self.script.stdout)
        self.assertNotIn('Traceback', self.script.transcript())

    async def test_a_thread_that_fails_when_it_is_ended(self):
        await self.begin('waitingFails')
        await self.line('^busy$')
        self.assertEqual(await self.end(code=1), ['finally\t0', 'cleanup\t0'])
        self.assertIn('RuntimeError: thread failed', self.script.stderr)

    async def test_a_thread_that_does_not_end_is_interrupted(self):
        await self.begin('waitingOnAndOn')
        await self.line('^busy$')
        self.assertEqual(await self.end(), ['finally\t0', 'cleanup\t0'])
        self.assertNotIn('Traceback', self.script.transcript())

    async def test_a_thread_in_a_system_call_is_left_behind(self):
        await self.begin('sleepingThread')
        await self.line('^busy$')
        self.assertEqual((await self.end())[1], 'cleanup\t0')
        self.assertIn('simws: sysCall_thread does not end; it is left behind', self.script.stderr)

    async def test_a_script_in_a_system_call_is_interrupted(self):
        await self.begin('sleep')
        await self.line('^busy$')
        self.assertEqual((await self.end())[1], 'cleanup\t0')
        self.assertNotIn('Traceback', self.script.transcript())

    async def test_a_thread_can_be_a_generator(self):
        await self.begin('generator')
        self.assertEqual(await self.exit_code(), 0, self.script.transcript())
        lines = [line for line in self.script.stdout
                 if line.startswith(('first', 'second', 'waited', 'last'))]
        self.assertEqual(lines, ['first\t1', 'second\t2', 'waited\t4', 'last\t5'])

    async def test_threads_of_the_script_run_while_the_host_waits_but_may_not_call(self):
        await self.run_script(python_host, 'steps', 'otherThreads', options=('--step', '3600s'))
        await self.line("^false\tsimWS.broadcast: called on thread 'elsewhere', but .*'MainThread'")
        await self.line('^elsewhere$')
        self.assertEqual(await self.end(), ['elsewhere', 'cleanup\t0'])

    async def test_a_process_that_the_script_forks_ends_where_it_comes_back(self):
        for what, code in (('forkReturns', 0), ('forkExits', 5)):
            await self.begin(what)
            socket = await self.connect()
            await socket.send('fork')
            self.assertRegex(await asyncio.wait_for(socket.recv(), DEADLINE), '^step')
            self.assertEqual((await self.end())[1], 'cleanup\t1')
            lines = [line for line in self.script.stdout if line.startswith(('child', 'false\tsimWS.broadcast'))]
            refusal = f'false\tsimWS.broadcast: {FORKED}'
            self.assertEqual(lines, [refusal, f'child\t{code}'] * 2)
            self.assertEqual(self.script.stdout.count('cleanup\t1'), 1)

    async def test_exit_with_a_text_writes_it(self):
        await self.begin('exitText')
        self.assertEqual(await self.exit_code(), 1, self.script.transcript())
        self.assertIn('the script has had enough', self.script.stderr)


class Serving(ScriptTest):
    async def test_pings_are_answered_while_a_callback_is_busy(self):
        await self.run_script(threaded_python_host, 'ending', 'run')
        socket = await self.connect()
        await socket.send('busy')
        await self.line('^4$')
        await asyncio.wait_for(await socket.ping(), DEADLINE)
        self.assertEqual(await self.terminate(), 0, self.script.transcript())

    async def test_a_busy_callback_is_interrupted(self):
        for way in (python_host, threaded_python_host):
            await self.run_script(way, 'ending', 'run')
            socket = await self.connect()
            await socket.send('busy')
            await self.line('^4$')
            self.assertEqual(await self.terminate(), 0, self.script.transcript())
            self.assertNotIn('Traceback', self.script.transcript())


class CommandLine(unittest.TestCase):
    def run_script(self, name, *arguments, options=(), **settings):
        return run_simws('run', *options, HERE / 'python/folder' / name, *arguments,
                         way=python_host, **settings)

    def test_environment_of_a_script(self):
        done = self.run_script('environment.py', 'one', '--step', 'x', options=(
            '--param', 'robot=R2=x', '--param', 'simWS.maxConnections=0', '--log-level', 'debug'))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.splitlines(), [
            'the module beside the script', 'environment.py\t3\tone --step x\t__main__',
            'True\tTrue\t1\t2', 'True\tTrue', 'R2=x\tNone', 'R3', '7\t2.5\tTrue\tNone\t7',
            "false\tValueError: sim.getNamedInt32Param: the named parameter 'robot' is 'R3', which is no such number",
            "false\tValueError: sim.getNamedBoolParam: the named parameter 'n' is '7'; "
            'true, on, 1, false, off or 0 is expected',
            'false\tAttributeError: sim.getObject needs CoppeliaSim',
            'false\tRuntimeError: sim.wait: only sysCall_thread and sysCall_init can wait; '
            'elsewhere it would stop the steps',
            'float\t0.0',
            'false\tValueError: simWS.start: named parameter simWS.maxConnections must be 1 to 1000000, not int 0',
            "false\tImportError: require('simUI') needs CoppeliaSim, but for 'sim' and 'simWS'; "
            'modules of Python are imported',
            "false\tTypeError: sim.addLog: argument 1 (verbosityLevel): expected int, got str 'loud'",
            'false\tTypeError: sim.addLog: too many arguments (3 given): '
            'sim.addLog(verbosityLevel: int, logMessage: str)',
            'False'])
        self.assertEqual(done.stderr.splitlines(), LOG_OF_ENVIRONMENT)

    def test_a_script_named_without_a_folder(self):
        done = run_simws('run', 'environment.py', way=python_host, cwd=HERE / 'python/folder')
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.splitlines()[0], 'the module beside the script')

    def test_paths_are_those_of_a_script_that_python_runs(self):
        with tempfile.TemporaryDirectory() as folder:
            script = Path(folder).resolve() / 'real/paths.py'
            script.parent.mkdir()
            script.write_text('import sys\nprint(__file__, sys.argv[0], sys.path[0])\nraise ValueError\n')
            (script.parents[1] / 'link.py').symlink_to(script)
            for path in (script, 'link.py', './real/../real/paths.py'):
                runs = [run_simws(*arguments, path, way=python_host, cwd=folder, command=command)
                        for command, arguments in ((None, ['run']), (os.environ['SIMWS_PYTHON'], []))]
                self.assertEqual(*[(done.stdout, done.stderr) for done in runs])
                self.assertIn('ValueError', runs[0].stderr)

    def test_a_script_that_is_no_python(self):
        done = self.run_script('syntax.py')
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r'^  File ".*syntax.py", line 1\n    x = = 1\n.*\nSyntaxError')

    def test_without_a_python(self):
        done = self.run_script('environment.py', env={'PATH': '/nowhere'})
        self.assertEqual(done.returncode, 2)
        self.assertIn('Python scripts need python3 on the PATH (Debian: sudo apt-get install python3)',
                      done.stderr)

    def test_a_program_without_its_python_half(self):
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / 'bin/simws'
            copy.parent.mkdir()
            shutil.copy(program(), copy)
            done = self.run_script('environment.py', command=copy)
            self.assertEqual(done.returncode, 2)
            self.assertIn('built without Python: install python3-dev', done.stderr)

            half = Path(folder) / 'libexec/simws'
            half.mkdir(parents=True)
            shutil.copy(Path(program()).parents[1] / 'libexec/simws/simws_host.py', half)
            done = self.run_script('environment.py', command=copy)
            self.assertEqual(done.returncode, 1)
            self.assertRegex(done.stderr, r'^simws: Python 3\.\S+ \(.*python3?.*\) can not run scripts of this '
                                          "simws: No module named '_simws_host'")


if __name__ == '__main__':
    unittest.main()
