import unittest

from example import ExampleTest, receive, receive_type


class Broadcast(ExampleTest):
    script = 'examples/lua/broadcast.lua'

    async def test_state_comes_each_step(self):
        socket = await self.connect()
        self.assertEqual((await receive(socket))['type'], 'hello')
        states = [await receive_type(socket, 'state') for _ in range(10)]
        for before, after in zip(states, states[1:]):
            self.assertAlmostEqual(after['time'] - before['time'], 0.05)
            self.assertNotEqual(after['angle'], before['angle'])

    async def test_all_get_the_same(self):
        first, second = await self.connect(), await self.connect()
        state = await receive_type(second, 'state')
        self.assertEqual(await receive(first, lambda message: message.get('time') == state['time']),
                         state)

    async def test_listeners_are_counted(self):
        first, second = await self.connect(), await self.connect()
        await receive(first, lambda message: message.get('listeners') == 2)
        await second.close()
        await receive(first, lambda message: message.get('listeners') == 1)
        self.host.wait_for('listener 1 joined from', 'stdout')
        self.host.wait_for('listener 2 left, code 1000', 'stdout')


if __name__ == '__main__':
    unittest.main()
