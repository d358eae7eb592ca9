"""A script that forgets to serve is told so."""
import unittest

from programs import ScriptTest, each_way, host, plain_lua, plain_python, python_host

WAITS = 'events have waited for 2 s'
ENDS = 'the program ends, and its servers and clients with it'


@each_way((plain_lua, plain_python, host, python_host))
class Neglect(ScriptTest):
    async def test_is_told_once_while_it_lasts(self, way):
        await self.run_script(way, 'neglect')
        socket = await self.connect()
        await socket.send('one')
        await self.line(WAITS, 'stderr')
        await socket.send('two')
        if way in (plain_lua, plain_python):
            self.assertEqual(await self.exit_code(), 0, self.script.transcript())
        else:
            await self.line('^handled$')
            await self.terminate()
        told = [line for line in self.script.stderr if WAITS in line]
        self.assertEqual(len(told), 1, self.script.transcript())


@each_way((plain_lua, plain_python))
class ProgramThatNeverServes(ScriptTest):
    async def test_is_told_at_its_end(self, way):
        await self.run_script(way, 'neglect')
        socket = await self.connect()
        await socket.send('one')
        await socket.send('two')
        self.assertEqual(await self.exit_code(), 0, self.script.transcript())
        self.assertIn(ENDS, self.script.stderr[-1], self.script.transcript())
        self.assertNotIn('handled', self.script.stdout)

    async def test_is_not_told_when_it_watched_and_nothing_came(self, way):
        await self.run_script(way, 'neglect', 'watch')
        self.assertEqual(await self.exit_code(), 0, self.script.transcript())
        told = [line for line in self.script.stderr if ENDS in line]
        self.assertEqual(told, [], self.script.transcript())


if __name__ == '__main__':
    unittest.main()
