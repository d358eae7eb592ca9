import asyncio
import unittest

from programs import PYTHON_WAYS, ScriptTest, each_way
from simws_host import DEADLINE


class HandlersTest(ScriptTest):
    async def begin(self, way, **options):
        await self.run_script(way, 'handlers')
        return await self.connect('/robot?unit=deg', **options)

    async def ask(self, socket, message):
        await socket.send(message)
        return await asyncio.wait_for(socket.recv(), DEADLINE)

    async def logged(self, socket, word):
        """The lines of the log that have the word in them, up to the script's end, which this makes."""
        await socket.close()
        await self.line('^close')
        await self.terminate()
        return [line for line in self.script.stderr if word in line]


@each_way()
class Handlers(HandlersTest):
    async def test_open_then_messages_then_close(self, way):
        socket = await self.begin(way)
        for message in ('hello', b'\x00\xff', '', b'', 'x' * 70_000):
            self.assertEqual(await self.ask(socket, message), message)
        await socket.close(3000, 'done')
        await self.line('^close')
        self.assertEqual(self.script.stdout[1:], ['open\t2', 'close\tclosed\t3000\tdone\ttrue'])

    async def test_get_as_many_arguments_as_they_take(self, way):
        socket = await self.begin(way)
        await socket.send('three')
        self.assertEqual(await self.ask(socket, 'x'), 'three: x')
        await socket.send('four')
        self.assertEqual(await self.ask(socket, b'y'), 'four: y 2')
        await socket.send('any')
        self.assertEqual(await self.ask(socket, 'z'), '4 arguments')

    async def test_a_name_is_looked_up_when_it_is_called(self, way):
        socket = await self.begin(way)
        await socket.send('byName')
        self.assertEqual(await self.ask(socket, 'x'), 'by name: x')
        self.assertEqual(await self.ask(socket, 'x'), 'replaced by name')
        self.assertEqual(await self.ask(socket, 'x'), 'x')

    async def test_a_missing_function_is_one_line_in_the_log(self, way):
        for command, name in (('missing', 'app.nowhere.message'), ('noFunction', 'app.on')):
            socket = await self.begin(way)
            await socket.send(command)
            for _ in range(100):
                await socket.send('lost')
            lines = await self.logged(socket, name)
            self.assertEqual(len(lines), 1, self.script.transcript())
            self.assertIn(f"messageCallback '{name}' of simWS.Server:1: the script has no function", lines[0])

    async def test_one_that_fails_is_logged_with_its_traceback_and_all_goes_on(self, way):
        socket = await self.begin(way)
        await socket.send('failing')
        await socket.send('this')
        self.assertEqual(await self.ask(socket, 'next'), 'next')
        if way in PYTHON_WAYS:
            await self.line(r'messageCallback of simWS.Server:1: Traceback', 'stderr')
            await self.line(r'handlers.py", line \d+, in failing', 'stderr')
            await self.line('^ValueError: this one fails on this', 'stderr')
        else:
            await self.line(r'messageCallback of simWS.Server:1: .*handlers.lua:\d+: this one fails on this', 'stderr')
            await self.line('stack traceback', 'stderr')
        await socket.send('failingWithTable')
        await socket.send('x')
        await self.line('a table that fails', 'stderr')
        self.assertEqual(await self.ask(socket, 'next'), 'next')

    async def test_one_that_is_replaced_while_it_runs_runs_on(self, way):
        socket = await self.begin(way)
        await socket.send('replacing')
        self.assertEqual(await self.ask(socket, 'x'), 'replaced')

    async def test_run_and_poll_are_not_for_callbacks(self, way):
        socket = await self.begin(way)
        for expected in ('false simWS.run: not possible inside a callback', 'false simWS.poll: not possible'):
            answer = await self.ask(socket, 'run') if 'run' in expected else await socket.recv()
            self.assertTrue(answer.startswith(expected), answer)

    async def test_info_of_a_connection(self, way):
        socket = await self.begin(way, headers={'X-Robot': 'R2'})
        self.assertEqual(await self.ask(socket, 'info'), 'open /robot?unit=deg R2  nil 127.0.0.1')

    async def test_a_message_in_fragments(self, way):
        socket = await self.begin(way)
        self.assertEqual(await self.ask(socket, 'fragments'), 'one ü three')
        self.assertEqual(await self.ask(socket, 'x'), 'x')

    async def test_text_that_is_not_utf8_is_an_error(self, way):
        socket = await self.begin(way)
        answer = await self.ask(socket, 'notText')
        self.assertIn('simWS.send: ', answer)
        self.assertIn('2', answer)
        self.assertIn('opcode.binary', answer)

    async def test_close_gives_code_and_reason(self, way):
        socket = await self.begin(way)
        await socket.send('close')
        self.assertEqual(await self.closing(socket), (4001, 'enough'))
        await self.line('^close\tclosed\t4001\tenough\ttrue$')

    async def test_broadcast_reaches_all(self, way):
        first = await self.begin(way)
        second = await self.connect()
        self.assertEqual(await self.ask(second, 'x'), 'x')
        self.assertEqual(await self.ask(first, 'others'), 'to 2')
        self.assertEqual(await second.recv(), 'to 2')

    async def test_broadcast_reaches_some(self, way):
        first = await self.begin(way)
        second = await self.connect()
        self.assertEqual(await self.ask(second, 'x'), 'x')
        self.assertEqual(await self.ask(first, 'all_but_me'), 'for me')
        self.assertEqual(await second.recv(), 'for the others')

    async def test_fail_says_why(self, way):
        await self.begin(way)
        status, _, _ = await self.fetch('/', headers={
            'Upgrade': 'websocket', 'Connection': 'Upgrade', 'Sec-WebSocket-Version': '13'})
        self.assertEqual(status, 400)
        await self.line('^fail\t2\t.*Connection')

    async def test_stopping_the_last_server_ends_the_script(self, way):
        socket = await self.begin(way)
        await socket.send('end')
        self.assertEqual((await self.closing(socket))[0], 1001)
        self.assertEqual(await self.exit_code(), 0, self.script.transcript())
        self.assertEqual(self.script.stdout[1:], ['open\t2', 'close\tclosed\t1001\t\tfalse'])


@each_way(PYTHON_WAYS)
class PythonHandlers(HandlersTest):
    async def test_of_every_kind_get_as_many_arguments_as_they_take(self, way):
        socket = await self.begin(way)
        for command, answer in (
                ('bound', 'bound method: x'), ('object', 'object: x 1'), ('partial', 'partial: x'),
                ('wrapped', 'wrapped: x'), ('default', 'default: x 1'),
                ('number', 'object: x 1'), ('list', 'list: x'), ('mock', 'mock: x 1')):
            await socket.send(command)
            self.assertEqual(await self.ask(socket, 'x'), answer)

    async def test_a_generator_runs_nothing_and_the_log_says_so_at_each_event(self, way):
        for kind, messages in (('generator', 2), ('asyncGenerator', 2), ('iterator', 0)):
            socket = await self.begin(way)
            await socket.send(kind)
            for _ in range(2):
                await socket.send('x')
            lines = await self.logged(socket, 'generator')
            self.assertEqual(len(lines), messages, self.script.transcript())
            for line in lines:
                self.assertIn('messageCallback of simWS.Server:1: returned a generator, of which nothing has run; '
                              "take the 'yield' out of the handler", line)

    async def test_a_method_by_its_name_is_asked_once_what_it_takes_and_keeps_no_object(self, way):
        socket = await self.begin(way)
        await socket.send('byMethod')
        for message in ('first', 'second', 'last'):
            self.assertEqual(await self.ask(socket, message), f'{message}: 1')
        self.assertEqual(await self.ask(socket, 'arm'), 'None')


if __name__ == '__main__':
    unittest.main()
