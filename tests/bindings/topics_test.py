"""Topics as scripts have them: plain clients that the script subscribes, and pages that do it themselves."""
import json
import unittest

from programs import ScriptTest, each_way


class TopicsTest(ScriptTest):
    async def call(self, socket, *call):
        """What came before the answer, and the answer."""
        await socket.send(json.dumps(call))
        before = []
        while True:
            message = await socket.recv()
            if isinstance(message, str) and message.startswith('answer '):
                return before, json.loads(message.removeprefix('answer '))
            before.append(message)

    async def answer(self, socket, *call):
        return (await self.call(socket, *call))[1]

    async def subscribe(self, socket, *call):
        await socket.send(json.dumps(['subscribe', *call]))


@each_way()
class Topics(TopicsTest):
    async def test_are_published_and_retained(self, way):
        await self.run_script(way, 'topics')
        socket = await self.connect()
        self.assertEqual(await self.answer(socket, 'publish', 'map', 'wall', 1, {'key': 'north', 'retain': True}), [True, 0])
        await self.subscribe(socket, 'map')
        self.assertEqual(await socket.recv(), 'wall')
        self.assertEqual(await self.call(socket, 'publish', 'map', 'door'), (['door'], [True, 1]))
        self.assertEqual(await self.call(socket, 'publish', 'map', 'bits', 2), ([b'bits'], [True, 1]))
        _, topics = await self.answer(socket, 'getTopics')
        self.assertEqual(topics, {'map': {
            'subscribers': 1, 'published': 3, 'delivered': 3, 'conflated': 0, 'dropped': 0, 'queuedBytes': 0,
            'retainedKeys': 1, 'retainedBytes': 9}})
        self.assertEqual(await self.answer(socket, 'unsubscribe', 'map'), [True, True])
        self.assertEqual(await self.call(socket, 'publish', 'map', 'unheard'), ([], [True, 0]))

    async def test_wrong_calls_say_what_is_wrong(self, way):
        await self.run_script(way, 'topics')
        socket = await self.connect()
        for call, words in ((('publish', 'a/#', 'x'), "simWS.publish: invalid topic: 'a/#' has a '#'"),
                            (('publish', 'a', 'x', 0), 'invalid opcode: 0 (a publication is one whole message'),
                            (('publish', 'a', 'x', 8), 'invalid opcode: 8 (a publication is one whole message'),
                            (('publish', 'a', 'x', 1, {'keys': 'a'}), "unknown option 'keys'; the options are key, retain, compress"),
                            (('subscribe', ''), "simWS.subscribe: invalid topic: '' is empty"),
                            (('subscribe', 'a', {'policy': 'some'}), "option policy must be 'all' or 'latest' or"),
                            (('subscribe', 'a', {'priority': 8}), 'option priority must be 0 to 7, not int 8'),
                            (('setTopic', 'a', {'maxKeys': 0}), 'option maxKeys must be 1 to')):
            done, error = await self.answer(socket, *call)
            self.assertFalse(done)
            self.assertIn(words, error)
        self.assertEqual((await self.answer(socket, 'setTopic', 'few', {'maxKeys': 1}))[0], True)
        await self.answer(socket, 'publish', 'few', 'x', 1, {'key': 'a', 'retain': True})
        done, error = await self.answer(socket, 'publish', 'few', 'x', 1, {'key': 'b', 'retain': True})
        self.assertIn('maxKeys (1)', error)

    async def test_losses_are_told_and_made_good(self, way):
        await self.run_script(way, 'topics')
        socket = await self.connect()
        await self.subscribe(socket, 'log', {'policy': 'resync', 'maxQueued': 100})
        self.assertEqual((await self.answer(socket, 'drops')), [True, []])
        socket.transport.pause_reading()
        asking = await self.connect()
        await self.answer(asking, 'flood', 'log', 50)
        while not (drops := (await self.answer(asking, 'drops'))[1]):
            pass
        self.assertEqual(drops, ['log some'])
        socket.transport.resume_reading()
        came = []
        while (message := await socket.recv()) != 'snapshot':
            came.append(message)
        self.assertLess(len(came), 50)

    async def test_pages_subscribe_and_publish_by_themselves(self, way):
        await self.run_script(way, 'topics')
        page = await self.connect(subprotocols=['simws.topics.1'])
        self.assertEqual(page.subprotocol, 'simws.topics.1')
        await page.send('["subscribe","public/pose",{"policy":"latest"}]')
        self.assertEqual((await page.recv())[:28], '["subscribed","public/pose",')
        await page.send('\n["publish","public/pose","1"]')
        header, _, payload = (await page.recv()).partition('\n')
        self.assertEqual((json.loads(header)[:3], payload), (['message', 'public/pose', ''], '1'))
        mark = json.loads(await page.recv())
        self.assertEqual(mark[:2], ['mark', 1])
        await page.send(json.dumps(['ack', 1]))
        answer = (await page.recv()).removeprefix('\nanswer ')
        self.assertEqual(json.loads(answer), [True, 1])
        await page.send('["publish","commands"]\nstop')
        self.assertEqual(await page.recv(), '\npublished commands stop')
        await page.send('["publish","public/pose"]\nforged')
        self.assertEqual(json.loads(await page.recv())[:3], ['refused', 'publish', 'public/pose'])
        await page.send('["subscribe","secret"]')
        self.assertEqual(json.loads(await page.recv())[:3], ['refused', 'subscribe', 'secret'])


if __name__ == '__main__':
    unittest.main()
