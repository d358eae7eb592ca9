"""A server with a broker as scripts have it; the test plays the helper process that speaks to the broker."""
import json
import unittest

from programs import PlayedHelper, ScriptTest, each_way


class BrokerTest(ScriptTest):
    async def serve(self, way, **more):
        """The script's server, its helper, and a client that asks the script."""
        self.helper = await self.enterAsyncContext(PlayedHelper())
        options = {'broker': {'url': 'nats://me:secret@b:4222', 'program': str(self.helper.program), **more}, 'name': 'arm'}
        await self.run_script(way, 'broker', json.dumps(options))
        self.told = await self.helper.start()
        self.client = await self.connect()

    async def ask(self, *call):
        await self.client.send(json.dumps(call))
        return json.loads(await self.client.recv())

    async def info_when(self, is_wanted):
        while not is_wanted(info := await self.ask('info')):
            pass
        return info


@each_way()
class Broker(BrokerTest):
    async def test_gets_what_is_published(self, way):
        await self.serve(way, ca='/ca.pem')
        self.assertEqual({key: self.told[key] for key in ('url', 'ca', 'certificate', 'name')},
                         {'url': 'nats://me:secret@b:4222', 'ca': '/ca.pem', 'certificate': '', 'name': 'arm'})
        info = await self.ask('info')
        self.assertEqual((info['state'], info['url'], info['name'], info['error']), ('connecting', 'nats://***@b:4222', 'arm', ''))
        await self.ask('publish', 'map', 'wall', {'key': 'north', 'retain': True})
        self.helper.say(['state', 'open', 'hall'])
        word, payload = await self.helper.heard()
        self.assertEqual((word[:4], payload), (['retained', 'map', 'north', 'text'], b'wall'))
        word, payload = await self.helper.heard()
        self.assertEqual((word[:5], word[6], payload), (['message', 'map', 'north', 'text', 1], True, b'wall'))
        await self.ask('publish', 'pose', '1')
        word, payload = await self.helper.heard()
        self.assertEqual((word[:5], word[6], payload), (['message', 'pose', '', 'text', 2], False, b'1'))
        info = await self.info_when(lambda info: 'roundTrip' in info)
        self.assertEqual((info['state'], info['server'], info['published'], info['dropped'], info['queuedBytes']),
                         ('open', 'hall', 2, 0, 0))

    async def test_tells_what_viewers_of_edges_publish(self, way):
        await self.serve(way)
        self.helper.say(['state', 'open', 'hall'])
        viewer = {'address': '10.0.0.7:4321', 'connection': 3}
        self.helper.say(['publish', 'e1', viewer, 'other', 'text'], b'refused')
        self.helper.say(['publish', 'e1', viewer, 'orders/go', 'text'], b'north')
        self.helper.say(['publish', 'e2', viewer, 'orders/go', 'binary'], b'\0\xff')
        came = [json.loads(await self.client.recv()) for _ in range(2)]
        self.assertEqual(came, [
            {'connection': 0, 'size': 5, 'opcode': 1, 'topic': 'orders/go', 'remote': {'edge': 'e1', 'viewer': viewer}},
            {'connection': 0, 'size': 2, 'opcode': 2, 'topic': 'orders/go', 'remote': {'edge': 'e2', 'viewer': viewer}}])
        info = await self.ask('info')
        self.assertEqual((info['incoming'], info['incomingDropped']), (3, 1))

    async def test_held_names_and_errors_are_told(self, way):
        await self.serve(way)
        self.helper.say(['state', 'held', 'other:9000'])
        info = await self.info_when(lambda info: info['state'] == 'held')
        self.assertIn("the name 'arm' is held by the server at other:9000", info['error'])
        self.helper.say(['state', 'error', 'me:secret may not publish'])
        info = await self.info_when(lambda info: info['state'] == 'error')
        self.assertEqual(info['error'], '*** may not publish')
        await self.line(r'broker nats://\*\*\*@b:4222: \*\*\* may not publish', 'stderr')

    async def test_stopping_the_server_gives_the_name_back(self, way):
        await self.serve(way)
        self.helper.say(['state', 'open', 'hall'])
        await self.info_when(lambda info: info['state'] == 'open')
        await self.ask('publish', 'pose', '1')
        await self.client.send(json.dumps(['stop']))
        words = [word[0] for word, _ in await self.helper.ended()]
        self.assertEqual(words, ['message', 'stop'])
        self.helper.end()


@each_way()
class BrokerOptions(ScriptTest):
    async def test_that_cannot_be_say_so(self, way):
        for options, words in (
                ({'broker': 'b:4222', 'name': 'arm'}, "broker 'b:4222' is no address of a NATS server"),
                ({'broker': 'nats://b'}, 'the option broker needs the option name'),
                ({'broker': 'nats://b', 'name': 'a.b'}, "invalid name: 'a.b' isn't 1 to 64 of the characters"),
                ({'name': 'arm'}, "the option name is for the option broker, which isn't given"),
                ({'broker': 5, 'name': 'arm'}, 'option broker: expected'),
                ({'broker': {'urls': 'x'}}, "unknown option 'broker.urls'; the options are url, credentials")):
            await self.run_script(way, 'broker', json.dumps(options))
            client = await self.connect()
            self.assertIn(words, await client.recv())


@each_way()
class NoHelper(ScriptTest):
    async def test_is_an_error_and_the_server_serves(self, way):
        options = {'broker': {'url': 'nats://b', 'program': '/nowhere/simws-broker'}, 'name': 'arm'}
        await self.run_script(way, 'broker', json.dumps(options))
        client = await self.connect()
        await client.send(json.dumps(['info']))
        info = json.loads(await client.recv())
        self.assertEqual(info['state'], 'error')
        self.assertIn("/nowhere/simws-broker can't be started: ", info['error'])


if __name__ == '__main__':
    unittest.main(verbosity=2)
