"""Standard error that nobody reads, and standard descriptors that are closed."""
import asyncio
import os
import resource
import signal
import tempfile
import unittest
from pathlib import Path

from programs import (DEADLINE, Script, ScriptTest, each_way, environment_of, host, plain_lua, plain_python,
                      python_host, script_of, threaded_host, threaded_python_host)
from simws_host import Process

THREADED = (threaded_host, threaded_python_host)


async def echo(socket, text='still served'):
    await socket.send(text)
    assert await asyncio.wait_for(socket.recv(), DEADLINE) == text


@each_way()
class NobodyReads(ScriptTest):
    """The pipe is full from the start."""

    async def run_script(self, way):
        self.script = self.enterContext(Script(way, 'log', is_log_stuck=True))
        self.port = await self.do(lambda: self.script.port)

    async def refused(self):
        reader, writer = await asyncio.open_connection('127.0.0.1', self.port)
        writer.write(b'GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n')
        self.assertIn(b' 403 ', await asyncio.wait_for(reader.readline(), DEADLINE))
        writer.close()

    async def test_refused_requests_hold_up_nobody(self, way):
        await self.run_script(way)
        socket = await self.connect()
        for _ in range(1200):
            await self.refused()
        await echo(socket)
        await echo(await self.connect())
        self.assertEqual(await self.terminate(), 0, self.script.transcript())

    async def test_what_waited_comes_once_somebody_reads(self, way):
        await self.run_script(way)
        for _ in range(5):
            await self.refused()
        self.script.read_stderr()
        await self.line('^simWS: info: .*listening on', 'stderr')
        for _ in range(5):
            await self.line("^simWS: warning: .*'evil.example'", 'stderr')
        self.assertEqual(await self.terminate(), 0, self.script.transcript())

    async def test_an_error_of_the_script_waits_for_the_reader_and_ctrl_c_for_nobody(self, way):
        for is_read in (True, False):
            await self.run_script(way)
            socket = await self.connect()
            await echo(socket)
            await socket.send('fail')
            if way in THREADED:
                await self.connect()
            if is_read:
                self.script.read_stderr()
                await self.line('^simWS: error: messageCallback .*', 'stderr')
                await self.line('as the peer wished', 'stderr')
                await echo(socket)
            code = await self.do(self.script.signal, signal.SIGTERM)
            self.assertEqual(code, 0, self.script.transcript())


@each_way()
class ClosedDescriptors(ScriptTest):
    async def check(self, way, *closed):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        path = Path(folder, 'port')
        os.mkfifo(path)
        closing = ' '.join(f'{number}>&-' for number in closed)
        command = way(str(script_of(way, 'log')), str(path))
        self.script = Process(command, environment_of(way))
        self.script.start_by_shell(redirections=closing)
        self.enterContext(self.script)
        self.port = int(await asyncio.wait_for(self.do(path.read_text), DEADLINE))
        for number in closed:
            self.assertEqual(os.readlink(f'/proc/{self.script.pid}/fd/{number}'), '/dev/null')
        socket = await self.connect()
        await echo(socket)
        self.assertEqual(await self.terminate(), 0, self.script.transcript())

    async def test_each_and_all(self, way):
        for closed in ((0,), (1,), (2,), (0, 1, 2)):
            await self.check(way, *closed)


class DescriptorLimit(ScriptTest):
    async def limits(self, way):
        script = Script(way, 'log')
        script.start_by_shell('ulimit -Sn 200; ulimit -Hn 600')
        self.script = self.enterContext(script)
        self.port = await self.do(lambda: self.script.port)
        limits = resource.prlimit(self.script.pid, resource.RLIMIT_NOFILE)
        await self.terminate()
        return limits

    async def test_the_host_has_as_many_as_it_may(self):
        for way in (host, python_host):
            self.assertEqual(await self.limits(way), (600, 600))

    async def test_a_module_leaves_it_to_its_program(self):
        for way in (plain_lua, plain_python):
            self.assertEqual(await self.limits(way), (200, 600))


if __name__ == '__main__':
    unittest.main()
