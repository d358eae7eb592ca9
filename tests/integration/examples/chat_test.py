import unittest

from example import ExampleTest, receive, receive_type, send


class Chat(ExampleTest):
    script = 'examples/lua/chat/chat.lua'

    async def join(self, name):
        socket = await self.connect()
        await send(socket, type='join', name=name)
        await receive(socket, lambda message: message == {'type': 'people', 'names': message.get('names')}
                      and name in message['names'])
        return socket

    async def test_page_is_served(self):
        status, headers, body = await self.fetch('/')
        self.assertEqual((status, headers['Content-Type']), (200, 'text/html; charset=utf-8'))
        self.assertIn(b'simWS chat', body)
        self.assertEqual((await self.fetch('/other'))[0], 404)

    async def test_people_hear_each_other(self):
        ada, grace = await self.join('Ada'), await self.join('Grace')
        await send(grace, type='say', text='  hello  ')
        for socket in (ada, grace):
            said = await receive_type(socket, 'said')
            self.assertEqual((said['name'], said['text']), ('Grace', 'hello'))

    async def test_newcomer_gets_the_history(self):
        ada = await self.join('Ada')
        await send(ada, type='say', text='<b>Grüße</b>')
        await receive_type(ada, 'said')
        history = await receive(await self.connect())
        self.assertEqual(history['type'], 'history')
        self.assertEqual([(x['type'], x.get('text')) for x in history['entries']],
                         [('joined', None), ('said', '<b>Grüße</b>')])

    async def test_leaving_is_told(self):
        ada, grace = await self.join('Ada'), await self.join('Grace')
        await grace.close()
        self.assertEqual((await receive_type(ada, 'left'))['name'], 'Grace')
        self.assertEqual((await receive_type(ada, 'people'))['names'], ['Ada'])

    async def test_nonsense_is_answered_and_survived(self):
        socket = await self.connect()
        for text in ('', 'x', '[' * 10_000, '7', '[]', '{"type":7}', '{"type":"say","text":"too early"}',
                     '{"type":"join"}', '{"type":"join","name":"   "}', '{"type":"join","name":{}}',
                     '{"type":"join","name":"' + 'x' * 25 + '"}', '{"type":"join","name":"\\ud800"}'):
            with self.subTest(text=text[:40]):
                await socket.send(text)
                self.assertEqual((await receive_type(socket, 'error'))['type'], 'error')
        await send(socket, type='join', name='x' * 24)
        await receive_type(socket, 'joined')


if __name__ == '__main__':
    unittest.main()
