"""A script's own log handler, and Python's logging."""
import asyncio
import unittest

from programs import DEADLINE, PYTHON_WAYS, ScriptTest, each_way


class LogTest(ScriptTest):
    async def refused(self):
        reader, writer = await asyncio.open_connection('127.0.0.1', self.port)
        writer.write(b'GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n')
        self.assertIn(b' 403 ', await asyncio.wait_for(reader.readline(), DEADLINE))
        writer.close()

    async def say(self, word):
        await self.socket.send(word)
        self.assertEqual(await asyncio.wait_for(self.socket.recv(), DEADLINE), word)

    async def begin(self, way, script, *arguments):
        await self.run_script(way, script, *arguments)
        self.socket = await self.connect()

    def of_simws(self):
        return [line for line in self.script.stderr if line.startswith('simWS')]


@each_way()
class Handler(LogTest):
    async def test_gets_the_lines_and_standard_error_none(self, way):
        await self.begin(way, 'log_handler')
        await self.line(r'^LOG info .*listening on 127\.0\.0\.1')
        await self.refused()
        await self.line(r"^LOG warning .*'evil\.example'")
        await self.say('fail')
        await self.line('^LOG error messageCallback .*')
        await self.line('as the peer wished')
        await self.say('x')
        self.assertEqual(await self.terminate(), 0)
        self.assertEqual(self.of_simws(), [])

    async def test_one_that_raises_is_told_on_standard_error(self, way):
        await self.begin(way, 'log_handler')
        await self.say('raise')
        await self.refused()
        await self.line('^LOG warning ')
        await self.line('^simWS: error: logCallback: ', 'stderr')
        await self.line('no room on the screen', 'stderr')
        await self.say('still served')

    async def test_is_cleared_and_set_again(self, way):
        await self.begin(way, 'log_handler')
        await self.line('^LOG info ')
        await self.say('clear')
        await self.refused()
        await self.line("^simWS: warning: .*'evil", 'stderr')
        await self.say('set')
        await self.refused()
        await self.line('^LOG warning ')

    async def test_a_name_without_function_loses_no_line(self, way):
        await self.begin(way, 'log_handler')
        await self.line('^LOG info ')
        await self.say('name')
        await self.refused()
        await self.line("^simWS: error: logCallback 'onNamed': the script has no function", 'stderr')
        await self.line("^simWS: warning: .*'evil", 'stderr')
        await self.say('define')
        await self.refused()
        await self.line('^LOG warning ')

    async def test_may_not_wait_for_events(self, way):
        await self.begin(way, 'log_handler')
        await self.say('poll')
        await self.refused()
        await self.line('^POLL .*(inside a callback|between the steps)')
        await self.say('still served')


@each_way(PYTHON_WAYS)
class Logging(LogTest):
    async def test_has_the_lines_where_it_is_configured(self, way):
        for loop in ('polls', 'runs'):
            await self.begin(way, 'logging_lines', 'configured', loop)
            await self.line('^simWS[|]INFO[|]listening on', 'stderr')
            await self.refused()
            await self.line('^simWS[|]WARNING[|].*evil', 'stderr')
            await self.say('x')
            await self.line('^simWS[|]ERROR[|]messageCallback', 'stderr')
            await self.say('y')
            await self.do(self.script.terminate)
            self.assertEqual([line for line in self.of_simws() if line.startswith('simWS:')], [])

    async def test_has_none_where_it_is_only_imported(self, way):
        await self.begin(way, 'logging_lines', 'imported', 'runs')
        await self.line('^simWS: info: listening on', 'stderr')


if __name__ == '__main__':
    unittest.main()
