"""A server with a broker in the simulator; the test plays the helper process that the plugin starts."""
import unittest

from simulator import PlayedHelper, SimulatorTest, each_version

SCRIPT = '''
simWS = require 'simWS'
server = simWS.start(0, {broker = {url = 'nats://b', program = 'PROGRAM'}, name = 'arm', publishable = {'orders/#'}})
simWS.setMessageHandler(server, function(_, connection, data, opcode, topic, remote)
    simWS.publish(server, 'heard', table.concat({connection, tostring(data), opcode, topic, remote.edge, remote.viewer.address,
                                                 remote.viewer.connection}, ' '))
end)'''


@each_version()
class BrokerTest(SimulatorTest):
    async def serve(self, version):
        helper = await self.enterAsyncContext(PlayedHelper())
        self.start(version)
        await self.do(self.simulator.add, 'arm', SCRIPT.replace('PROGRAM', str(helper.program)))
        self.assertEqual((await helper.start())['name'], 'arm')
        helper.say(['state', 'open', 'hall'])
        return helper

    async def test_what_is_published_goes_to_it_and_viewers_of_edges_come_back(self, version):
        helper = await self.serve(version)
        await self.do(self.simulator.lua, 'arm', "simWS.publish(server, 'pose', 'here')")
        word, payload = await helper.heard()
        self.assertEqual((word[:3], payload), (['message', 'pose', ''], b'here'))
        helper.say(['publish', 'e1', {'address': '10.0.0.7:4321', 'connection': 3}, 'orders/go', 'text'], b'north')
        word, payload = await helper.heard()
        self.assertEqual((word[1], payload.decode()), ('heard', '0 north 1 orders/go e1 10.0.0.7:4321 3'))
        told = await self.do(self.simulator.lua, 'arm', "local b = simWS.getServerInfo(server).broker; return b.state .. ' ' .. b.url .. ' ' .. b.incoming")
        self.assertEqual(told, 'open nats://b 1')

    async def test_the_name_is_free_when_the_script_or_the_simulator_ends(self, version):
        helper = await self.serve(version)
        await self.do(self.simulator.command, 'end arm')
        self.assertEqual([word[0] for word, _ in await helper.ended()], ['stop'])
        helper.end()

    async def test_a_helper_that_is_not_there_is_an_error_and_the_server_serves(self, version):
        self.start(version)
        await self.do(self.simulator.add, 'arm', SCRIPT.replace('PROGRAM', '/nowhere/simws-broker'))
        told = await self.do(self.simulator.lua, 'arm', 'return simWS.getServerInfo(server).broker.error')
        self.assertIn("/nowhere/simws-broker can't be started: ", told)
        await self.connect(await self.do(self.simulator.port, 'arm'))

    async def test_the_simulator_has_no_library_of_the_broker_s(self, version):
        await self.serve(version)
        with open(f'/proc/{self.simulator.pid}/maps') as maps:
            self.assertNotIn('libnats', maps.read())


if __name__ == '__main__':
    unittest.main()
