"""How Python programs leave run and poll in the middle of it all: exceptions, signals, forks."""
import asyncio
import signal
import unittest

from programs import Script, ScriptTest, each, plain_python

DRIVES = ('run', 'threaded', 'poll')


class LeavingTest(ScriptTest):
    async def start(self, case, drive):
        await self.run_script(plain_python, 'leaving', case, drive)
        return await self.connect()

    def send_many(self, socket):
        """As one piece, so that the server reads them at once."""
        texts = [*map(str, range(20)), 'last']
        socket.transport.write(b''.join(bytes((0x81, 0x80 | len(text), 0, 0, 0, 0)) + text.encode()
                                        for text in texts))

    async def signal(self, number):
        await self.do(self.script.process.send_signal, number)

    async def ended(self, code=0):
        self.assertEqual(await self.exit_code(), code, self.script.transcript())
        return self.script.stdout[1:]


@each(DRIVES, str)
class Leaving(LeavingTest):
    async def test_no_callback_runs_between_an_exception_and_who_raises_it(self, drive):
        socket = await self.start('interrupt', drive)
        self.send_many(socket)
        messages = ' '.join(map(str, range(1, 20)))
        self.assertEqual(await self.ended(), ['interrupted after 0', f'then {messages} last', 'END'])

    async def test_exit_is_no_different(self, drive):
        socket = await self.start('exit', drive)
        self.send_many(socket)
        self.assertEqual(await self.ended(7), ['leaves after 0'])


@each(('run', 'threaded'), str)
class WhileServing(LeavingTest):
    async def test_what_ends_no_program_is_an_error(self, drive):
        socket = await self.start('cancelled', drive)
        await socket.send('cancel')
        await self.line('CancelledError', 'stderr')
        await socket.send('go on')
        self.assertEqual(await self.ended(), ['END'])

    async def test_a_handler_that_a_callback_sets_is_called(self, drive):
        for case, number in (('setInCallback', signal.SIGUSR1), ('realTime', signal.SIGRTMIN + 1)):
            with self.subTest(case):
                await self.start(case, drive)
                await self.line('^set$')
                await self.signal(number)
                self.assertEqual(await self.ended(), ['set', 'END'])

    async def test_a_handler_that_a_handler_sets_is_called(self, drive):
        await self.start('handlerOfHandler', drive)
        await self.signal(signal.SIGUSR1)
        await self.line('^handled$')
        await self.signal(signal.SIGUSR1)
        self.assertEqual(await self.ended(), ['handled', 'END'])

    async def test_a_handler_can_not_wait_itself(self, drive):
        await self.start('pollInHandler', drive)
        await self.signal(signal.SIGUSR1)
        await self.line("^simWS.poll: not possible in a signal's handler")
        await self.signal(signal.SIGINT)
        self.assertEqual((await self.ended(-signal.SIGINT))[0], 'handled')

    async def test_two_modules_that_wait_both_hear_of_it(self, drive):
        await self.run_script(plain_python, 'leaving', 'twoModules', drive)
        # The answer to the handshake may have to wait for the callback.
        opening = asyncio.create_task(self.connect())
        await self.line('^set$')
        await self.signal(signal.SIGINT)
        await asyncio.wait([opening])
        self.assertEqual(await self.ended(), ['set', 'interrupted after', 'END'])


@each(('waiting', 'owning', 'items', 'index', 'float', 'sequence', 'iterable', 'handler'), str)
class InConversions(LeavingTest):
    async def test_a_signal_is_not_lost_in_python_code_that_the_module_runs(self, where):
        self.script = self.enterContext(Script(plain_python, 'swallowed', where))
        self.assertEqual(await self.exit_code(), 0, self.script.transcript())
        self.assertEqual(self.script.stdout[-1:], ['interrupted once'])


@each(('run', 'threaded'), str)
class Forks(LeavingTest):
    async def test_a_forked_process_ends_where_it_comes_back_to_run(self, drive):
        socket = await self.start('fork', drive)
        await socket.send('fork')
        await self.line('^child 1$')
        await self.line('simWS.run ends here: this process was forked', 'stderr')
        await socket.send('exit')
        await self.line('^child 5$')
        await socket.send('on')
        self.assertEqual(await asyncio.wait_for(socket.recv(), 60), 'on')
        others = [await self.connect() for _ in range(20)]
        for other in others:
            await other.send('hello')
            self.assertEqual(await asyncio.wait_for(other.recv(), 60), 'hello')
        await self.signal(signal.SIGINT)
        self.assertEqual(await self.ended(-signal.SIGINT), ['child 1', 'child 5'])


if __name__ == '__main__':
    unittest.main()
