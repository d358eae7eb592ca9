import asyncio
import unittest

from programs import HANDSHAKE, PYTHON_WAYS, ScriptTest, answer_to_handshake, each_way
from simws_host import DEADLINE


@each_way(PYTHON_WAYS)
class AsyncCallbacks(ScriptTest):
    async def begin(self, way, how):
        await self.run_script(way, 'async_callbacks', how)
        return await self.connect()

    async def receive(self, socket):
        return await asyncio.wait_for(socket.recv(), DEADLINE)

    async def test_run_as_tasks_in_the_order_of_events(self, way):
        socket = await self.begin(way, 'loop')
        self.assertEqual(await self.receive(socket), 'welcome')
        messages = [str(i) for i in range(100)] + ['order']
        for message in messages:
            await socket.send(message)
        for message in messages[:-1]:
            self.assertEqual(await self.receive(socket), message)
        self.assertEqual(await self.receive(socket), ' '.join(messages))
        await socket.send('end')
        self.assertEqual(await self.receive(socket), 'end')
        self.assertEqual(await self.exit_code(), 0, self.script.transcript())
        self.assertEqual(len(self.script.stderr), 1, self.script.transcript())

    async def test_one_that_fails_is_logged_with_its_traceback(self, way):
        socket = await self.begin(way, 'loop')
        for message in ('fail', 'cancel', 'next'):
            await socket.send(message)
        self.assertEqual(await self.receive(socket), 'welcome')
        self.assertEqual(await self.receive(socket), 'next')
        await self.line('asynchronous callback on_message: Traceback', 'stderr')
        await self.line(r'async_callbacks.py", line \d+, in on_message', 'stderr')
        await self.line('^ValueError: this one fails later', 'stderr')

    async def test_an_http_handler_answers_when_its_task_is_done(self, way):
        await self.begin(way, 'loop')
        status, headers, body = await self.fetch('/page', data=b'body')
        self.assertEqual((status, headers['X-Path'], body), (200, '/page', b'body'))
        for path, expected, reason in (('/none', 404, None),
                                       ('/fail', 500, 'httpCallback of .*: Traceback'),
                                       ('/cancel', 500, 'its task was cancelled'),
                                       ('/nonsense', 500, "wrong status: .* got str 'two hundred'")):
            status, _, _ = await self.fetch(path)
            self.assertEqual(status, expected, path)
            if reason:
                await self.line(reason, 'stderr')
        self.assertEqual((await self.fetch('/stop'))[0], 503)
        self.assertEqual(await self.exit_code(), 0, self.script.transcript())

    async def test_an_http_handler_that_stops_its_server_and_answers_later(self, way):
        await self.begin(way, 'loop')
        self.assertEqual((await self.fetch('/stopFirst'))[0], 503)
        self.assertEqual(await self.exit_code(), 0, self.script.transcript())

    async def test_one_that_ends_the_program_is_no_failure(self, way):
        socket = await self.begin(way, 'loop')
        await socket.send('exit')
        self.assertEqual(await self.exit_code(), 6, self.script.transcript())
        self.assertEqual(len(self.script.stderr), 1, self.script.transcript())

    async def test_without_a_loop_an_http_handler_answers_500(self, way):
        await self.begin(way, 'run')
        self.assertEqual((await self.fetch('/page'))[0], 500)
        await self.line("httpCallback of simWS.Server:1: it is 'async def', and no asyncio loop runs", 'stderr')
        self.assertNotIn('never awaited', self.script.transcript())

    async def test_without_a_loop_a_line_says_what_to_do(self, way):
        socket = await self.begin(way, 'run')
        await socket.send('x')
        await self.line("messageCallback of simWS.Server:1: it is 'async def', and no asyncio loop runs here "
                        r'.*loop.add_reader\(simWS.fileno\(\), simWS.poll\)', 'stderr')
        self.assertNotIn('never awaited', self.script.transcript())


@each_way(PYTHON_WAYS)
class AsyncUpgrades(ScriptTest):
    async def decide(self, path, decision):
        """The answer to an attempt that is decided when the script has been asked."""
        attempt = asyncio.create_task(self.do(answer_to_handshake, self.port, path))
        await self.line(f'^asked {path}$')
        self.assertFalse(attempt.done())
        await self.fetch(f'{path}?{decision}')
        return await attempt

    async def test_are_decided_when_the_task_is_done(self, way):
        await self.run_script(way, 'async_upgrade')
        status, headers, _ = await self.decide('/a', 'yes')
        self.assertEqual((status, headers['X-Robot']), (101, 'R2'))
        status, _, body = await self.decide('/b', 'no')
        self.assertEqual((status, body), (404, b'none'))
        self.assertEqual((await self.decide('/c', 'fail'))[0], 500)
        await self.line('upgradeCallback of .*: Traceback', 'stderr')
        self.assertEqual((await self.decide('/d', 'nonsense'))[0], 500)
        await self.line("wrong status: .* got str 'yes'", 'stderr')

    async def test_of_peers_that_leave_meanwhile_fail(self, way):
        await self.run_script(way, 'async_upgrade')
        fields = ''.join(f'{name}: {value}\r\n' for name, value in HANDSHAKE.items())
        _, writer = await asyncio.open_connection('127.0.0.1', self.port)
        writer.write(f'GET /left HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n'.encode())
        await self.line('^asked /left$')
        writer.close()
        await self.line('^fail the peer left')
        self.assertEqual((await self.fetch('/left?yes'))[0], 204)
        self.assertEqual((await self.decide('/next', 'yes'))[0], 101)


if __name__ == '__main__':
    unittest.main()
