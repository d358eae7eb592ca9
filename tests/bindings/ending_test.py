import asyncio
import re
import signal
import time
import unittest
from pathlib import Path

from programs import (ScriptTest, each_way, host, plain_lua, plain_python, python_host,
                      threaded_host, threaded_python_host)
from simws_host import DEADLINE


class Ending(ScriptTest):
    async def receive_all(self, socket):
        for i in range(1, 101):
            message = await asyncio.wait_for(socket.recv(), DEADLINE)
            self.assertEqual(message, 'x' * 10000 + str(i))
        return await self.closing(socket)

    async def signal(self, number):
        return await asyncio.to_thread(self.script.signal, number)

    def wait_until_it_waits(self):
        """Before the wait has begun, a signal is lua's own, and so is when it's heard."""
        path = Path(f'/proc/{self.script.pid}/stat')
        deadline = time.monotonic() + DEADLINE
        while path.read_text().rpartition(')')[2].split()[0] != 'S':
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)


@each_way()
class Signals(Ending):
    async def test_end_the_script_and_what_was_queued_still_leaves(self, way):
        for number in (signal.SIGINT, signal.SIGTERM):
            await self.run_script(way, 'ending', 'run')
            socket = await self.connect(max_queue=None)
            await socket.send('go')
            await self.line('^2$')
            self.assertEqual(await self.signal(number), 0, self.script.transcript())
            self.assertEqual(await self.receive_all(socket), (1001, ''))
            # Servers stop without callbacks when their script ends.
            self.assertNotIn('close', self.script.stdout)
            self.assertIn('after', self.script.stdout)


@each_way((plain_lua,))
class PlainLua(Ending):
    async def test_run_returns_after_a_signal(self, way):
        await self.run_script(way, 'ending', 'threaded')
        await self.connect()
        await self.line('^open$')
        self.assertEqual(await self.signal(signal.SIGINT), 0, self.script.transcript())
        self.assertEqual(self.script.stdout[2], 'after')

    async def test_the_end_of_the_state_stops_servers(self, way):
        await self.run_script(way, 'ending', 'poll')
        socket = await self.connect(max_queue=None)
        await socket.send('go')
        self.assertEqual(await self.receive_all(socket), (1001, ''))
        self.assertEqual(await self.exit_code(), 0, self.script.transcript())
        self.assertEqual(self.script.stdout[1:4], ['open', '2', 'after'])
        self.assertEqual(self.script.stdout[4], 'false\tsimWS.getServerInfo: the script has ended')

    async def test_exit_in_a_callback_of_the_loop_ends_at_once(self, way):
        await self.run_script(way, 'ending', 'exit')
        socket = await self.connect(max_queue=None)
        await socket.send('go')
        self.assertEqual(await self.exit_code(), 3, self.script.transcript())

    async def test_exit_in_a_callback_beside_the_network_s_thread(self, way):
        for how in ('exitThreaded', 'exitPoll'):
            await self.run_script(way, 'ending', how)
            socket = await self.connect(max_queue=None)
            await socket.send('go')
            self.assertEqual(await self.receive_all(socket), (1001, ''))
            self.assertEqual(await self.exit_code(), 3, self.script.transcript())
            self.assertNotIn('never', self.script.stdout)

    async def test_poll_ends_on_a_signal_which_goes_on_to_lua(self, way):
        await self.run_script(way, 'ending', 'pollOnce')
        await asyncio.to_thread(self.wait_until_it_waits)
        self.assertEqual(await self.signal(signal.SIGINT), 1, self.script.transcript())
        self.assertIn('interrupted!', self.script.transcript())

    async def test_a_busy_callback_is_ended_by_a_second_signal(self, way):
        await self.run_script(way, 'ending', 'run')
        socket = await self.connect()
        await socket.send('busy')
        await self.line('^4$')
        await asyncio.to_thread(self.interrupt_twice)
        self.assertEqual(await self.exit_code(), 0, self.script.transcript())
        self.assertIn('interrupted!', self.script.transcript())
        self.assertIn('after', self.script.stdout)

    def interrupt_twice(self):
        """The second signal is sent when the first has been handled."""
        status = Path(f'/proc/{self.script.pid}/status')
        terminate_bit = 1 << (signal.SIGTERM - 1)
        self.script.process.send_signal(signal.SIGINT)
        while int(re.search(r'SigCgt:\s*(\w+)', status.read_text())[1], 16) & terminate_bit:
            pass
        self.script.process.send_signal(signal.SIGINT)


@each_way((plain_python,))
class PlainPython(Ending):
    async def test_a_signal_interrupts_run_and_poll(self, way):
        for how in ('run', 'threaded', 'poll', 'pollOnce'):
            with self.subTest(how):
                await self.run_script(way, 'ending', how)
                if how == 'pollOnce':
                    await asyncio.to_thread(self.wait_until_it_waits)
                else:
                    await self.connect()
                    await self.line('^open$')
                self.assertEqual(await self.signal(signal.SIGINT), 0, self.script.transcript())
                self.assertEqual(self.script.stdout[-2:], ['interrupted', 'after'])

    async def test_a_busy_callback_is_interrupted_too(self, way):
        for how in ('run', 'threaded', 'poll'):
            with self.subTest(how):
                await self.run_script(way, 'ending', how)
                socket = await self.connect()
                await socket.send('busy')
                await self.line('^4$')
                self.assertEqual(await self.signal(signal.SIGINT), 0, self.script.transcript())
                self.assertEqual(self.script.stdout[-2:], ['interrupted', 'after'])

    async def test_the_end_of_the_program_stops_servers(self, way):
        await self.run_script(way, 'ending', 'poll')
        socket = await self.connect(max_queue=None)
        await socket.send('go')
        self.assertEqual(await self.receive_all(socket), (1001, ''))
        self.assertEqual(await self.exit_code(), 0, self.script.transcript())
        self.assertEqual(self.script.stdout[1:], ['open', '2', 'after'])

    async def test_exit_in_a_callback_ends_the_program(self, way):
        for how in ('exit', 'exitThreaded', 'exitPoll'):
            with self.subTest(how):
                await self.run_script(way, 'ending', how)
                socket = await self.connect(max_queue=None)
                await socket.send('go')
                self.assertEqual(await self.receive_all(socket), (1001, ''))
                self.assertEqual(await self.exit_code(), 3, self.script.transcript())
                self.assertNotIn('after', self.script.stdout)

    async def test_an_error_in_a_callback_ends_nothing(self, way):
        await self.run_script(way, 'ending', 'error')
        socket = await self.connect(max_queue=None)
        await socket.send('go')
        await self.line('the script goes on', 'stderr')
        self.assertEqual(await self.terminate(), 0, self.script.transcript())
        self.assertEqual(await self.receive_all(socket), (1001, ''))


@each_way((host, threaded_host, python_host, threaded_python_host))
class InTheHost(Ending):
    async def test_exit_in_a_callback(self, way):
        await self.run_script(way, 'ending', 'exit')
        socket = await self.connect(max_queue=None)
        socket.transport.write(2 * (b'\x81\x82\0\0\0\0' + b'go'))
        self.assertEqual(await self.receive_all(socket), (1001, ''))
        self.assertEqual(await self.exit_code(), 3, self.script.transcript())
        self.assertNotIn('never', self.script.stdout)
        self.assertEqual(self.script.stdout.count('2'), 1, 'no other callback runs')
        self.assertEqual(len(self.script.stderr), 1, self.script.transcript())

    async def test_exit_in_an_http_callback_answers_503(self, way):
        await self.run_script(way, 'ending', 'exit')
        self.assertEqual((await self.fetch('/'))[0], 503)
        self.assertEqual(await self.exit_code(), 3, self.script.transcript())

    async def test_an_error_in_a_callback_ends_nothing(self, way):
        await self.run_script(way, 'ending', 'error')
        socket = await self.connect(max_queue=None)
        await socket.send('go')
        await self.line('the script goes on', 'stderr')
        self.assertEqual(await self.terminate(), 0)
        self.assertEqual(await self.receive_all(socket), (1001, ''))


if __name__ == '__main__':
    unittest.main()
