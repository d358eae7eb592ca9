"""simws edge with a NATS server and the helper process of a simulation's server: what comes to viewers, and what goes back."""
import asyncio
import contextlib
import json
import os
import re
import unittest

import broker
from broker import Helper, NatsClient, NatsServer
from clients import ClientTest, answer_to
from relay import Relay
from simws_host import DEADLINE, ROOT, Host, Process, program
from websocket_client import connect

broker.HELPER = os.environ['SIMWS_HELPER']
EPOCHS = ('0123456789ab', 'ba9876543210')


class Edge(Host):
    def __init__(self, url, name, *options):
        Process.__init__(self, [program(), 'edge', '--broker', url, '--name', name, '--port', '0', *options])


class Viewer:
    """Of simws.topics.1, with the lines that come."""

    def __init__(self, port):
        self._address = f'ws://127.0.0.1:{port}/'

    async def __aenter__(self):
        self._socket = await connect(self._address, subprotocols=['simws.topics.1'])
        return self

    async def __aexit__(self, *_):
        await self._socket.close()

    async def say(self, *words, payload=''):
        await self._socket.send(f'{json.dumps(words)}\n{payload}')

    async def next(self):
        """Words and payload, without marks."""
        while True:
            data = await asyncio.wait_for(self._socket.recv(), DEADLINE)
            line, _, payload = data.partition('\n' if isinstance(data, str) else b'\n')
            words = json.loads(line)
            if words[0] != 'mark':
                return words, payload
            await self.say('ack', words[1])

    async def acknowledge_nothing(self):
        while True:
            await self._socket.recv()

    async def subscribe(self, topic):
        await self.say('subscribe', topic)
        await self.wait_for('subscribed', topic)

    async def wait_for(self, *start):
        while True:
            words, payload = await self.next()
            if words[:len(start)] == list(start):
                return words, payload

    async def wait_for_all(self, *wanted):
        """Words that begin so, and payloads, in any order."""
        left = set(wanted)
        while left:
            words, payload = await self.next()
            left -= {payload, tuple(words[:2])}

    async def next_message(self):
        """Topic, key, data, epoch, sequence."""
        words, payload = await self.wait_for('message')
        return words[1], words[2], payload, *words[4:]


class EdgeTest(ClientTest):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(NatsServer())

    def setUp(self):
        super().setUp()
        self.name = self.id().rpartition('.')[2][:60]

    async def start_simulation(self, server=None, **options):
        helper = self.enterContext(Helper((server or self.server).url, self.name, **options))
        await self.do(helper.wait_for_state, 'open')
        return helper

    async def start_edge(self, *options, url=None):
        edge = self.enterContext(Edge(url or self.server.url, self.name, *options))
        await self.do(lambda: edge.port)
        return edge

    async def view(self, edge, topic):
        viewer = await self.enterAsyncContext(Viewer(edge.port))
        await viewer.subscribe(topic)
        return viewer

    async def wait_until_new(self, edge):
        await self.do(edge.wait_for, f"viewers get '{self.name}'")


class Edges(EdgeTest):
    async def test_have_what_is_published_and_what_was_retained(self):
        simulation = await self.start_simulation()
        simulation.message('map', b'a wall', key='north', retain=True)
        simulation.message('map', b'a door', key='south', retain=True)
        simulation.message('map', b'', key='south', retain=True)
        simulation.message('pose', b'gone')
        await self.do(simulation.pass_mark, 1)
        edge = await self.start_edge()
        await self.wait_until_new(edge)
        viewer = await self.view(edge, '#')
        self.assertEqual(await viewer.next_message(), ('map', 'north', 'a wall', EPOCHS[0], 1))
        simulation.message('robots/1/pose', 'größe'.encode(), key='left/arm')
        simulation.message('raw', b'\x00\xff', opcode='binary')
        self.assertEqual(await viewer.next_message(), ('robots/1/pose', 'left/arm', 'größe', EPOCHS[0], 5))
        self.assertEqual(await viewer.next_message(), ('raw', '', b'\x00\xff', EPOCHS[0], 6))

    async def test_carry_back_what_viewers_publish(self):
        simulation = await self.start_simulation()
        edge = await self.start_edge('--publishable', 'commands/#', '--id', 'hall-1')
        await self.wait_until_new(edge)
        viewer = await self.view(edge, 'pose')
        await viewer.say('publish', 'commands/stop', payload='now')
        [_, name, about, topic, opcode], payload = await self.do(simulation.wait_for, 'publish')
        self.assertEqual((name, topic, opcode, payload), ('hall-1', 'commands/stop', 'text', b'now'))
        about = about if isinstance(about, dict) else json.loads(about)
        self.assertEqual(about['connection'], 1)
        self.assertRegex(about['address'], r'^127\.0\.0\.1:\d+$')
        await viewer.say('publish', 'pose', payload='forged')
        self.assertEqual((await viewer.wait_for('refused'))[0][1:3], ['publish', 'pose'])

    async def test_say_that_the_simulation_is_gone(self):
        edge = await self.start_edge()
        viewer = await self.view(edge, 'pose')
        await self.do(edge.wait_for, "may be old: the simulation isn't there")
        simulation = await self.start_simulation()
        await viewer.wait_for('stale', False)
        self.assertEqual(await self.do(simulation.stop), 0)
        words, _ = await viewer.wait_for('stale', True)
        self.assertEqual(words[2], "the simulation isn't there")

    async def test_forget_what_a_former_start_retained(self):
        simulation = await self.start_simulation()
        simulation.message('map', b'a wall', key='north', retain=True)
        simulation.message('map', b'a door', key='south', retain=True)
        await self.do(simulation.pass_mark, 1)
        edge = await self.start_edge()
        await self.wait_until_new(edge)
        viewer = await self.view(edge, 'map')
        self.assertEqual({(await viewer.next_message())[2] for _ in range(2)}, {'a wall', 'a door'})
        self.assertEqual(await self.do(simulation.stop), 0)
        again = await self.start_simulation(epoch=EPOCHS[1])
        again.retained('map', b'a window', key='north')
        self.assertEqual({(await viewer.next_message())[1:4] for _ in range(2)}, {('north', '', EPOCHS[1]), ('south', '', EPOCHS[1])})
        self.assertEqual(await viewer.next_message(), ('map', 'north', 'a window', EPOCHS[1], 1))
        late = await self.view(edge, 'map')
        self.assertEqual((await late.next_message())[2], 'a window')

    async def test_of_any_number_have_the_same(self):
        simulation = await self.start_simulation()
        edges = [await self.start_edge() for _ in range(3)]
        for edge in edges:
            await self.wait_until_new(edge)
        viewers = [await self.view(edge, 'pose') for edge in edges]
        large = ('m' * 999 + 'ü') * 3000  # 3 MB, over the broker's limit for a message
        simulation.message('pose', large.encode())
        simulation.message('pose', b'next')
        for viewer in viewers:
            parts = []
            while (words := await viewer.next())[0][0] == 'part':
                parts.append(words[1])
            self.assertEqual(''.join(parts), large)
            self.assertEqual(words[0][0], 'message')

    async def test_what_the_simulation_sets_holds_for_viewers_that_came_before(self):
        edge = await self.start_edge('--metrics')
        viewer = await self.view(edge, 'pose')
        reading = asyncio.create_task(viewer.acknowledge_nothing())
        self.addCleanup(reading.cancel)
        simulation = await self.start_simulation()
        simulation.say(['topics'], b'{"pose":{"policy":"latest"}}')

        def leaves_out():
            simulation.message('pose', b'x' * 20_000)
            figures = answer_to(f'http://127.0.0.1:{edge.port}/metrics')[2].decode()
            return re.search(r'^simws_topic_conflated_total\{topic="pose"\} [1-9]', figures, re.M)

        await self.do(broker.until, leaves_out)

    async def test_end_in_order(self):
        edge = await self.start_edge()
        viewer = await self.view(edge, 'pose')
        self.assertEqual(await self.do(edge.terminate), 0)
        with self.assertRaises(Exception):
            while True:
                await viewer.next()


class WithoutTheBroker(EdgeTest):
    async def test_edges_keep_their_viewers_and_catch_up(self):
        server = await self.do(self.enterContext, NatsServer())
        simulation = await self.start_simulation(server)
        simulation.message('map', b'a wall', key='north', retain=True)
        await self.do(simulation.pass_mark, 1)
        edge = await self.start_edge(url=server.url)
        await self.wait_until_new(edge)
        viewer = await self.view(edge, 'map')
        self.assertEqual((await viewer.next_message())[2], 'a wall')
        await self.do(server.stop)
        words, _ = await viewer.wait_for('stale', True)
        self.assertEqual(words[2], 'no connection to the broker')
        late = await self.view(edge, 'map')
        self.assertEqual((await late.next_message())[2], 'a wall')
        await self.do(server.start)
        await self.do(simulation.wait_for_state, 'open')
        simulation.retained('map', b'a door', key='north')
        await viewer.wait_for_all(('stale', False), 'a door')

    async def test_a_broker_that_stands_still_makes_what_comes_old(self):
        server = await self.do(self.enterContext, NatsServer())
        await self.start_simulation(server)
        edge = await self.start_edge(url=server.url)
        await self.wait_until_new(edge)
        viewer = await self.view(edge, 'map')
        server.pause()
        self.addCleanup(server.go_on)
        words, _ = await viewer.wait_for('stale', True)
        self.assertIn(words[2], ("the broker doesn't answer", 'the broker answers too slowly', 'no connection to the broker'))
        server.go_on()
        await viewer.wait_for('stale', False)


    async def test_what_is_forgotten_while_an_edge_is_cut_off_is_forgotten_there(self):
        simulation = await self.start_simulation()
        simulation.message('map', b'a wall', key='north', retain=True)
        simulation.message('map', b'a door', key='south', retain=True)
        await self.do(simulation.pass_mark, 1)
        with contextlib.ExitStack() as stack:
            way = await self.do(stack.enter_context, Relay(self.server.port, 1, delay=0, dropping=0))
            edge = await self.start_edge(url=f'nats://127.0.0.1:{way.port}')
            await self.wait_until_new(edge)
            viewer = await self.view(edge, 'map')
            self.assertEqual({(await viewer.next_message())[2] for _ in range(2)}, {'a wall', 'a door'})
            port = way.port
            await self.do(stack.close)
        await viewer.wait_for('stale', True)
        simulation.message('map', b'', key='south', retain=True)
        simulation.message('map', b'a lamp', key='east', retain=True)
        await self.do(simulation.pass_mark, 2)
        await self.do(self.enterContext, Relay(self.server.port, 1, delay=0, dropping=0, port=port))
        await viewer.wait_for_all('a lamp', ('stale', False))
        late = await self.view(edge, 'map')
        self.assertEqual({(await late.next_message())[1:3] for _ in range(2)}, {('north', 'a wall'), ('east', 'a lamp')})


class Permissions(EdgeTest):
    """Those that docs/scaling.md has are enough, and nobody speaks for others."""

    @classmethod
    def setUpClass(cls):
        text = (ROOT / 'docs/scaling.md').read_text()
        lines = re.search(r'^authorization \{\n.*?^\}\n', text, re.M | re.S)[0]
        lines = lines.replace('$ARM_PASSWORD', 'arm1').replace('$ARM_EDGE_PASSWORD', 'edge1')
        cls.server = cls.enterClassContext(NatsServer(lines))

    def setUp(self):
        super().setUp()
        self.name = 'arm'  # as it is there

    def url(self, user):
        return self.server.url.replace('://', f'://{user}@')

    async def test_are_enough_for_a_simulation_and_its_edge(self):
        simulation = self.enterContext(Helper(self.url('arm:arm1'), self.name))
        await self.do(simulation.wait_for_state, 'open')
        simulation.message('map', b'a wall', key='north', retain=True)
        simulation.message('map', b'a door', key='south', retain=True)
        simulation.message('map', b'', key='south', retain=True)
        await self.do(simulation.pass_mark, 1)
        edge = await self.start_edge('--publishable', '#', url=self.url('arm_edge:edge1'))
        await self.wait_until_new(edge)
        viewer = await self.view(edge, '#')
        self.assertEqual((await viewer.next_message())[:3], ('map', 'north', 'a wall'))
        simulation.message('pose', b'x')
        self.assertEqual((await viewer.next_message())[:3], ('pose', '', 'x'))
        await viewer.say('publish', 'drive', payload='on')
        self.assertEqual((await self.do(simulation.wait_for, 'publish'))[1], b'on')
        self.assertNotIn('ermission', ''.join(edge.stderr))
        self.assertEqual(await self.do(simulation.stop), 0)
        again = self.enterContext(Helper(self.url('arm:arm1'), self.name, epoch=EPOCHS[1]))  # finds what the former stored
        await self.do(again.wait_for_state, 'open')
        self.assertNotIn('Violation', ''.join(self.server.process.stderr))

    async def test_let_nobody_speak_for_others(self):
        for user, password, subjects in (
                ('arm_edge', 'edge1', ('simws.arm.t.pose._', 'simws.arm.r.0.pose._', '$KV.simws_names.arm', 'simws.other.in.edge',
                                       '$JS.API.STREAM.PURGE.simws_arm', '$JS.API.STREAM.DELETE.simws_arm')),
                ('arm', 'arm1', ('simws.other.t.pose._', '$KV.simws_names.other', '$JS.API.STREAM.DELETE.KV_simws_names',
                                 '$JS.API.STREAM.PURGE.simws_other'))):
            for subject in subjects:
                with NatsClient(self.server.port, user=user, **{'pass': password}) as client:
                    client.publish(subject)
                    with self.assertRaisesRegex(AssertionError, 'Permissions Violation', msg=subject):
                        client.flush()

    async def test_a_wrong_password_is_said_to_be_one(self):
        edge = await self.start_edge(url=self.url('arm_edge:wrong'))
        await self.do(edge.wait_for, 'uthoriz')
        self.assertNotIn('wrong', ''.join(edge.stderr))


if __name__ == '__main__':
    unittest.main()
