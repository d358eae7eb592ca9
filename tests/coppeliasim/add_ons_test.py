"""Add-ons that use the API as those in wide use do: a stream of a scene's events, remote calls."""
import asyncio
import json
import socket
import struct
import unittest

from simulator import DEADLINE, SimulatorTest, each_version


@each_version()
class EventStreamTest(SimulatorTest):
    async def stream(self, version, **parameters):
        self.start(version)
        for name, value in parameters.items():
            await self.do(self.simulator.command, 'param', 'eventStream.' + name, value)
        await self.do(self.simulator.script, 'addon', 'stream', 'event_stream.lua')

    async def join(self, port):
        """A client that has got its snapshot; and the number of the event that it shows."""
        client = await self.connect(port)
        kind, number = self.parse(await self.receive(client))
        self.assertEqual(kind, b'snapshot')
        return client, number

    def parse(self, event):
        self.assertIsInstance(event, bytes)
        self.assertEqual(event[-2:], b'\0\xff')
        return event[:-6], struct.unpack('<I', event[-6:-2])[0]

    async def test_a_snapshot_then_every_event(self, version):
        await self.stream(version)
        port = int((await self.line(r'listening on 127\.0\.0\.1:(\d+)', 'stderr'))[1])
        for state in ('stop', 'start', 'stop'):
            await self.do(self.simulator.command, state)
            for _ in range(3):
                client, last = await self.join(port)
                for _ in range(20):
                    kind, number = self.parse(await self.receive(client))
                    self.assertEqual((kind, number), (b'event', last + 1))
                    last = number
        self.assertEqual(await self.do(self.simulator.quit), 0, self.simulator.transcript())
        self.assertFalse(self.simulator.logged('log 420'))

    async def test_clients_that_leave_in_every_way(self, version):
        await self.stream(version)
        port = int((await self.line(r'listening on 127\.0\.0\.1:(\d+)', 'stderr'))[1])
        stays, _ = await self.join(port)
        for i in range(10):
            client, _ = await self.join(port)
            if i % 2:
                client.transport.abort()
            else:
                await client.close()
            await self.receive(stays)
        self.assertTrue(await self.do(self.simulator.is_alive, 'stream'))
        await self.until(lambda: self.simulator.lua(
            'stream', 'local n = 0 for _ in pairs(clients) do n = n + 1 end return n') == '1', 'gone')

    async def test_pages(self, version):
        await self.stream(version)
        port = int((await self.line(r'listening on 127\.0\.0\.1:(\d+)', 'stderr'))[1])
        for path, status, kind, body in (
                ('/', 200, 'text/html', f'<script>const port = {port}</script>'),
                ('/index.html', 200, 'text/html', f'<script>const port = {port}</script>'),
                ('/app.js', 200, 'text/javascript', 'connect()')):
            answer = await self.fetch(port, path)
            self.assertEqual((answer[0], answer[2].decode()), (status, body))
            self.assertTrue(answer[1]['Content-Type'].startswith(kind), answer[1]['Content-Type'])
        for path in ('/favicon.ico', '/../../etc/passwd', '/missing.js'):
            self.assertEqual((await self.fetch(port, path))[0], 404, path)
        await self.line('not found: /missing.js', 'stderr')

    async def test_a_start_that_is_tried_until_the_port_is_free(self, version):
        with socket.socket() as taken:
            taken.bind(('127.0.0.1', 0))
            taken.listen()
            port = taken.getsockname()[1]
            starting = asyncio.create_task(self.stream(version, port=port, retry='true'))
            while not hasattr(self, 'simulator'):
                await asyncio.sleep(0)
            for _ in range(3):
                line = (await self.line(f'not started: .*{port}.*', 'stderr'))[0]
                self.assertIn('in use', line)
        await starting
        client, last = await self.join(port)
        self.assertEqual(self.parse(await self.receive(client)), (b'event', last + 1))

    async def test_started_and_stopped_again_and_again(self, version):
        with socket.socket() as free:
            free.bind(('127.0.0.1', 0))
            port = free.getsockname()[1]
        await self.stream(version, port=port)
        for _ in range(20):
            client, _ = await self.join(port)
            await self.do(self.simulator.command, 'restart', 'stream')
            await asyncio.wait_for(client.wait_closed(), DEADLINE)
            self.assertEqual(client.close_code, 1001)
        self.assertFalse(self.simulator.logged('log 420'))


@each_version()
class RemoteCallsTest(SimulatorTest):
    async def serve(self, version):
        self.start(version)
        await self.do(self.simulator.script, 'addon', 'calls', 'remote_calls.lua')
        self.port = await self.do(self.simulator.port, 'calls')

    async def request(self, client, number, function, *arguments):
        answer = await self.ask(client, json.dumps({'id': number, 'func': function, 'args': arguments}))
        return json.loads(answer)

    async def test_json_and_binary(self, version):
        await self.serve(version)
        client = await self.connect(self.port)
        self.assertEqual(await self.request(client, 1, 'robot.move', 2, 45),
                         {'id': 1, 'success': True, 'ret': ['45']})
        refused = await self.request(client, 2, 'robot.fly', 0, 0)
        self.assertEqual(refused, {'id': 2, 'success': False, 'ret': ['no such function: robot.fly']})
        failed = await self.request(client, 3, 'robot.fail', 0, 0)
        self.assertIn('the robot is stuck', failed['ret'][0])
        for function in (b'robot.fly', b'sim.nothing', b'robot'):
            answer = await self.ask(client, bytes([len(function)]) + function)
            self.assertEqual(answer[0], 0, answer)
            self.assertEqual(len(answer) - 2, answer[1], answer)

    async def test_each_answer_goes_to_who_asked(self, version):
        await self.serve(version)
        clients = [await self.connect(self.port) for _ in range(20)]

        async def work(client, first):
            for number in range(first, first + 50):
                self.assertEqual(await self.request(client, number, 'robot.move', first, number),
                                 {'id': number, 'success': True, 'ret': [str(number)]})

        await asyncio.gather(*[work(client, 1000 * i) for i, client in enumerate(clients)])

    async def test_what_nobody_can_decode(self, version):
        await self.serve(version)
        client = await self.connect(self.port)
        for message in ('', '{', '{"id": 1}', b'\xff', 'x'):
            await client.send(message)
            await self.line('cannot decode', 'stderr')
        self.assertTrue((await self.request(client, 1, 'robot.move', 1, 1))['success'])

    async def test_its_function_may_stop_it(self, version):
        await self.serve(version)
        await self.do(self.simulator.lua, 'calls', '''
            function robot.leave() simWS.stop(server) server = nil return 'left' end''')
        client = await self.connect(self.port)
        await client.send(json.dumps({'id': 1, 'func': 'robot.leave', 'args': [0, 0]}))
        self.assertEqual((await self.closing(client))[0], 1001)
        self.assertEqual(await self.do(self.simulator.quit), 0, self.simulator.transcript())


if __name__ == '__main__':
    unittest.main()
