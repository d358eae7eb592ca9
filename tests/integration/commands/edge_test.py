"""simws edge: what it says of its options, and of a broker that isn't there. tests/integration/broker has the rest."""
import os
import unittest

import websockets

from commands import ClientTest, Command, answer_to, connect, finish
from websocket_client import extensions_of

HAS_BROKER = os.environ['SIMWS_HAS_BROKER'] == '1'
ADDRESS = ('--broker', 'nats://127.0.0.1:1', '--name', 'arm')


class Options(unittest.TestCase):
    def assert_refused(self, *arguments, because):
        done = finish('edge', *arguments)
        self.assertEqual((done.returncode, done.stdout), (2, ''), done.stderr)
        self.assertIn(because, done.stderr)

    def test_broker_and_name_are_needed(self):
        self.assert_refused('--name', 'arm', because='--broker')
        self.assert_refused('--broker', 'nats://localhost', because='--name')

    def test_names_are_those_of_subjects(self):
        for name in ('', 'a.b', 'a b', 'größe', 'x' * 65):
            self.assert_refused('--broker', 'nats://localhost', '--name', name, because="isn't 1 to 64 of the characters")
            self.assert_refused(*ADDRESS, '--id', name, because="isn't 1 to 64 of the characters")

    def test_policies_are_of_topics(self):
        for policy in ('latest', '=latest', 'pose=newset', 'pose='):
            self.assert_refused(*ADDRESS, '--policy', policy, because='write topic=all, latest, oldest, newest or resync')

    def test_sizes_are_numbers(self):
        for size in ('', '0', '-1', '1.5', '1G', '1000000'):
            self.assert_refused(*ADDRESS, '--max-retained', size, because='write 1 to 999999')

    def test_a_folder_is_there(self):
        self.assert_refused(*ADDRESS, '--files', '/nowhere', because="there is no folder '/nowhere'")

    def test_what_cannot_be_served_ends_with_1(self):
        for arguments, reason in (
                (('--topics', 'a//b'), 'has an empty level'),
                (('--policy', 'a//b=latest'), 'has an empty level'),
                (('--inspector', '--lan'), 'token')):
            done = finish('edge', *ADDRESS, '--port', '0', *arguments)
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertIn(reason, done.stderr)


class WithoutABroker(ClientTest):
    async def test_it_serves_viewers_and_says_that_there_is_nothing_new(self):
        if not HAS_BROKER:
            done = finish('edge', *ADDRESS, '--port', '0')
            self.assertEqual(done.returncode, 1)
            self.assertIn('install libnats', done.stderr)
            return
        command = self.enterContext(Command('edge', *ADDRESS, '--port', '0', '--metrics', '--compression'))
        port = await self.do(lambda: command.port)
        async with connect(f'ws://127.0.0.1:{port}/', subprotocols=['simws.topics.1']) as viewer:
            self.assertTrue(extensions_of(viewer))
            await viewer.send('["subscribe","pose"]')
            self.assertTrue((await viewer.recv()).startswith('["subscribed","pose"'))
            self.assertEqual(await viewer.recv(), '["stale",true,"no connection to the broker"]\n')
        await self.do(command.wait_for, "what viewers get of 'arm' may be old: no connection to nats://127.0.0.1:1: nobody answers there")
        self.assertEqual((await self.do(answer_to, f'http://127.0.0.1:{port}/simws.js'))[0], 200)
        self.assertEqual((await self.do(answer_to, f'http://127.0.0.1:{port}/metrics'))[0], 200)
        self.assertEqual((await self.do(answer_to, f'http://127.0.0.1:{port}/'))[0], 404)
        async with connect(f'ws://127.0.0.1:{port}/') as plain:
            with self.assertRaises(websockets.ConnectionClosed):
                await plain.recv()
            self.assertEqual((plain.close_code, plain.close_reason), (1008, 'an edge serves clients that speak simws.topics.1'))
        self.assertEqual(await self.do(command.terminate), 0)


if __name__ == '__main__':
    unittest.main()
