"""What Python programs of their own do around simWS: threads, forks, sub-interpreters, and their ends."""
import asyncio
import unittest

from programs import Script, ScriptTest, each_way, plain_python


@each_way([plain_python])
class Threads(ScriptTest):
    async def lines(self, way, case):
        """What the script writes until it ends by itself, without a trace of a crash."""
        self.script = self.enterContext(Script(way, 'ends', case))
        code = await asyncio.to_thread(self.script.wait)
        self.assertEqual(code, 0, self.script.transcript())
        expected = ('listening on', 'the program ends, and its servers and clients with it')
        self.assertEqual([line for line in self.script.stderr if not any(part in line for part in expected)], [])
        return self.script.stdout

    async def test_another_thread_is_refused_by_name(self, way):
        *refusals, end = await self.lines(way, 'otherThread')
        self.assertEqual(end, 'END')
        self.assertEqual([line.partition(':')[0] for line in refusals], ['simWS.poll', 'simWS.run', 'simWS.send'])
        for line in refusals:
            self.assertIn("called on thread 'worker', but the servers and their callbacks belong to thread "
                          "'MainThread'", line)

    async def test_another_thread_is_refused_while_the_first_waits(self, way):
        refusal, *rest = await self.lines(way, 'duringPoll')
        self.assertIn("simWS.broadcast: called on thread 'worker'", refusal)
        self.assertEqual(rest, ['interrupted', 'END'])

    async def test_a_forked_process_is_told_so(self, way):
        lines = await self.lines(way, 'fork')
        self.assertEqual([line.partition(':')[0] for line in lines[:4]],
                         ['simWS.poll', 'simWS.run', 'simWS.stop', 'simWS.start'])
        for line in lines[:4]:
            self.assertIn('this process was forked from one that uses simWS', line)
        self.assertEqual(lines[4:], ['child 5', 'END'])

    async def test_a_process_forked_before_the_first_call_works(self, way):
        self.assertEqual(await self.lines(way, 'forkBefore'), ['child 5', 'END'])

    async def test_a_sub_interpreter_is_refused(self, way):
        *refusal, end = await self.lines(way, 'subinterpreter')
        self.assertIn("ImportError", ' '.join(refusal))
        self.assertIn("simWS can't be imported in a sub-interpreter", ' '.join(refusal))

    async def test_programs_end_without_stopping_their_servers(self, way):
        for case in ('exit', 'exitInThread', 'exitBusyThread'):
            with self.subTest(case):
                self.assertEqual(await self.lines(way, case), ['END'])

    async def test_calls_after_the_end_are_errors(self, way):
        unknown, *rest = await self.lines(way, 'afterEnd')
        self.assertIn('invalid object handle', unknown)
        self.assertEqual(rest, ['END', 'simWS.getServerInfo: the program is ending'])


if __name__ == '__main__':
    unittest.main()
