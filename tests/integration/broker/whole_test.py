"""A script, its server's helper process, nats-server, an edge and its viewers: the whole way, and its interruptions."""
import asyncio
import unittest

from broker import NatsServer
from clients import ClientTest
from edge_test import Edge, Viewer
from simws_host import Host

HERE = 'tests/integration/broker'


class WholeTest(ClientTest):
    def start(self, server):
        simulation = self.enterContext(Host(f'{HERE}/simulation.lua', server.url))
        edge = self.enterContext(Edge(server.url, 'whole', '--publishable', 'commands', '--id', 'hall'))
        return simulation, edge

    async def view(self, port, topic):
        viewer = await self.enterAsyncContext(Viewer(port))
        await viewer.subscribe(topic)
        return viewer

    async def command(self, viewer, word):
        await viewer.say('publish', 'commands', payload=word)

    async def test_there_and_back(self):
        with NatsServer() as server:
            simulation, edge = self.start(server)
            await self.do(edge.wait_for, "viewers get 'whole'")
            viewer = await self.view(edge.port, '#')
            self.assertEqual((await viewer.next_message())[:3], ('map', 'north', 'a wall'))
            await self.command(viewer, 'go')
            self.assertEqual((await viewer.next_message())[:3], ('answers', '', 'go from hall'))
            direct = await self.view(simulation.port, 'map')
            self.assertEqual((await direct.next_message())[:3], ('map', 'north', 'a wall'))

    async def test_the_broker_lost_and_found(self):
        with NatsServer() as server:
            simulation, edge = self.start(server)
            await self.do(edge.wait_for, "viewers get 'whole'")
            viewer = await self.view(edge.port, '#')
            await viewer.wait_for('message', 'map')
            await self.do(server.stop)
            await viewer.wait_for('stale', True)
            direct = await self.view(simulation.port, 'answers')
            await self.command(direct, 'alone')
            self.assertEqual((await direct.next_message())[2], 'alone from here')
            server.start()
            await viewer.wait_for('stale', False)
            await asyncio.wait_for(self.ask_until_answered(viewer), 60)

    async def ask_until_answered(self, viewer):
        """The simulation may come back after the edge."""
        while True:
            await self.command(viewer, 'again')
            try:
                while (await asyncio.wait_for(viewer.next_message(), 1))[2] != 'again from hall':
                    pass
                return
            except asyncio.TimeoutError:
                pass

    async def test_a_new_start_takes_over(self):
        with NatsServer() as server:
            simulation, edge = self.start(server)
            await self.do(edge.wait_for, "viewers get 'whole'")
            viewer = await self.view(edge.port, '#')
            first = await viewer.next_message()
            self.assertEqual(await self.do(simulation.terminate), 0)
            await viewer.wait_for('stale', True)
            self.enterContext(Host(f'{HERE}/simulation.lua', server.url))
            # What the former start retained is forgotten, by an empty message.
            while (message := await viewer.next_message())[3] == first[3] or not message[2]:
                pass
            self.assertEqual(message[:3], ('map', 'north', 'a wall'))


if __name__ == '__main__':
    unittest.main()
