import asyncio
import http.client
import json
import math
import struct
import unittest

from example import DEADLINE, ExampleTest, connect, receive, receive_type, send


async def receive_from(socket, topic):
    """Key and data of the next message of the topic, for a client that subscribes by itself."""
    async def next_wanted():
        while True:
            message = await socket.recv()
            line, _, data = message.partition('\n' if isinstance(message, str) else b'\n')
            word, *values = json.loads(line or '["send"]')
            if word == 'mark':
                await socket.send(json.dumps(['ack', values[0]]))
            if (word, *values[:1]) == ('message', topic):
                return values[1], data
    return await asyncio.wait_for(next_wanted(), DEADLINE)


class Demo(ExampleTest):
    script = 'examples/lua/demo/demo.lua'

    def get(self, target):
        """Status, content type and body. The target is sent as it is, however odd."""
        connection = http.client.HTTPConnection('localhost', self.port)
        connection.request('GET', target)
        answer = connection.getresponse()
        result = answer.status, answer.headers['Content-Type'], answer.read()
        connection.close()
        return result

    async def test_prints_where_to_look(self):
        self.host.wait_for(f'http://localhost:{self.port}$', 'stdout')

    async def test_files_are_served(self):
        for target, kind, part in (('/', 'text/html', b'<title>simWS'), ('/?x=1', 'text/html', b'<title>'),
                                   ('/app.js', 'text/javascript', b'import'),
                                   ('/style.css', 'text/css', b':root'), ('/icon.svg', 'image/svg+xml', b'<svg')):
            with self.subTest(target=target):
                status, content_type, body = self.get(target)
                self.assertEqual((status, content_type.split(';')[0]), (200, kind))
                self.assertIn(part, body)

    async def test_nothing_else_is(self):
        for target in ('/nothing', '/nothing.html', '/../demo.lua', '/%2e%2e/demo.lua', '/..%2fdemo.lua',
                       '//etc/passwd', '/web/index.html', '/index.html/', '/.', '/index.html%00'):
            with self.subTest(target=target):
                status, _, body = self.get(target)
                self.assertIn(status, (400, 404))
                self.assertNotIn(b'sysCall', body)

    async def test_newcomer_gets_a_snapshot_with_trail(self):
        first = await self.connect()
        for _ in range(5):
            await receive_type(first, 'state')
        snapshot = await receive(await self.connect())
        self.assertEqual(snapshot['type'], 'snapshot')
        self.assertGreaterEqual(len(snapshot['trail']), 5)
        self.assertEqual(snapshot['state']['viewers'], 2)

    async def subscribe(self, topic, **options):
        socket = await connect(f'ws://localhost:{self.port}/', max_queue=None, subprotocols=['simws.topics.1'])
        self.addAsyncCleanup(socket.close)
        await socket.send(json.dumps(['subscribe', topic, options]))
        return socket

    async def test_newcomer_gets_what_the_robot_has_seen_before(self):
        viewer = await self.connect()
        await receive(viewer, lambda x: x['type'] == 'state' and x['time'] > 2)
        subscriber = await self.subscribe('map')
        tiles = dict([await receive_from(subscriber, 'map') for _ in range(3)])
        self.assertEqual(len(tiles), 3, 'one message for each tile')
        for key, cells in tiles.items():
            for column, row in json.loads(cells):
                self.assertEqual(f'{column // 10},{row // 10}', key)
                self.assertLess(abs(column + 0.5), 31)
                self.assertLess(abs(row + 0.5), 21)

    async def test_newcomer_gets_what_has_happened_before(self):
        driver = await self.connect()
        await send(driver, type='take')
        await receive(driver, lambda x: x.get('mode') == 'manual')
        log = await self.subscribe('log')
        lines = [(await receive_from(log, 'log'))[1] for _ in range(2)]
        self.assertEqual([line.split('  ')[1] for line in lines], ['the autopilot drives', 'viewer 1 drives'])

    async def test_who_subscribes_gets_what_it_asked_for(self):
        arm = await self.subscribe('arm', policy='latest')
        angles = [struct.unpack('<6f', (await receive_from(arm, 'arm'))[1]) for _ in range(3)]
        self.assertEqual(len(set(angles)), 3, 'it moves')
        pose = await self.subscribe('pose', policy='latest')
        self.assertEqual(json.loads((await receive_from(pose, 'pose'))[1])['type'], 'state')

    async def test_state_streams_and_the_autopilot_drives(self):
        socket = await self.connect()
        states = [await receive_type(socket, 'state') for _ in range(20)]
        self.assertAlmostEqual(states[-1]['time'] - states[0]['time'], 19 * 0.05, places=3)
        self.assertEqual(states[-1]['mode'], 'auto')
        self.assertGreater(math.dist(*((x['x'], x['y']) for x in (states[0], states[-1]))), 0.1)

    async def test_drive_and_stop(self):
        socket = await self.connect()
        await send(socket, type='drive', v=0, omega=1.5)
        state = await receive(socket, lambda x: abs(x.get('omega', 0) - 1.5) < 0.001)
        self.assertEqual((state['mode'], state['command']), ('manual', {'v': 0, 'omega': 1.5}))
        self.assertAlmostEqual(state['left'], -state['right'], places=3)
        await send(socket, type='stop')
        await receive(socket, lambda x: x.get('mode') == 'manual' and x['omega'] == 0 and x['v'] == 0)

    async def test_one_drives_until_another_takes_over(self):
        first, second = await self.connect(), await self.connect()
        one, two = [(await receive_type(x, 'snapshot'))['you'] for x in (first, second)]
        self.assertNotEqual(one, two)
        self.assertNotIn('driver', await receive_type(first, 'state'))
        await send(first, type='drive', v=0, omega=1)
        await receive(second, lambda x: x.get('driver') == one)
        for refused in ({'type': 'drive', 'v': 0, 'omega': -1}, {'type': 'reset'}):
            await send(second, **refused)
            self.assertEqual((await receive_type(second, 'error'))['message'], f'viewer {one} drives: take over first')
        for way in ('take', 'stop'):
            await send(second, type=way)
            state = await receive(first, lambda x: x.get('driver') == two)
            self.assertEqual(state['command'], {'v': 0, 'omega': 0})
            await send(first, type='drive', v=0, omega=1)
            await receive_type(first, 'error')
            await send(first, type='take')
            await receive(second, lambda x: x.get('driver') == one)

    async def test_limits_hold(self):
        socket = await self.connect()
        await send(socket, type='drive', v=1e9, omega=-1e9)
        previous = await receive(socket, lambda x: x.get('mode') == 'manual')
        for _ in range(30):
            state = await receive_type(socket, 'state')
            for wheel in ('left', 'right'):
                self.assertLessEqual(abs(state[wheel]), 15)
                self.assertLessEqual(abs(state[wheel] - previous[wheel]), 30 * 0.05 + 0.001)
            previous = state

    async def test_walls_hold(self):
        socket = await self.connect()
        await send(socket, type='reset')

        async def drive_into_the_wall():  # from the start, straight ahead
            state = {'y': 0}
            while abs(state['y']) != 2 - 0.2:
                await send(socket, type='drive', v=0.9, omega=0)
                state = await receive_type(socket, 'state')
                self.assertLessEqual(abs(state['x']), 3 - 0.2)
                self.assertLessEqual(abs(state['y']), 2 - 0.2)
        await asyncio.wait_for(drive_into_the_wall(), DEADLINE)

    async def test_command_that_is_not_repeated_ends_and_the_autopilot_returns(self):
        socket = await self.connect()
        await send(socket, type='drive', v=0, omega=1)
        begin = await receive(socket, lambda x: x.get('mode') == 'manual')
        stop = await receive(socket, lambda x: x.get('command') == {'v': 0, 'omega': 0})
        self.assertAlmostEqual(stop['time'] - begin['time'], 3, delta=0.11)
        end = await receive(socket, lambda x: x.get('mode') == 'auto')
        self.assertAlmostEqual(end['time'] - begin['time'], 15, delta=0.11)

    async def test_reset_is_a_new_snapshot_for_all(self):
        first, second = await self.connect(), await self.connect()
        for socket in (first, second):
            await receive_type(socket, 'snapshot')
        await send(first, type='reset')
        for socket in (first, second):
            self.assertEqual((await receive_type(socket, 'snapshot'))['trail'], [])

    async def test_driver_who_leaves_stops_the_robot(self):
        driver, viewer = await self.connect(), await self.connect()
        await send(driver, type='drive', v=0, omega=1)
        await receive(viewer, lambda x: x.get('omega') == 1)
        await driver.close()
        await receive(viewer, lambda x: x.get('mode') == 'manual' and x['omega'] == 0 and x['viewers'] == 1
                      and 'driver' not in x)

    async def test_ping(self):
        socket = await self.connect()
        await send(socket, type='ping', id=17)
        self.assertEqual(await receive_type(socket, 'pong'), {'type': 'pong', 'id': 17})

    async def test_bad_commands_are_answered(self):
        socket = await self.connect()
        for text in ('', 'x', '[', '[' * 60_000, 'null', '1', '"drive"', '[1]', '{}', '{"type":null}', '{"type":{}}',
                     '{"type":"fly"}', '{"type":"drive"}', '{"type":"drive","v":1e999,"omega":0}',
                     '{"type":"drive","v":"1","omega":{}}', '{"type":"ping"}', '{"type":"ping","id":"\\ud800"}',
                     b'\xff\xfe'):
            with self.subTest(text=text[:40]):
                await socket.send(text)
                self.assertTrue((await receive_type(socket, 'error'))['message'])
        self.assertEqual((await receive_type(socket, 'state'))['mode'], 'auto')


if __name__ == '__main__':
    unittest.main()
