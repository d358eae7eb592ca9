"""Clients in a simulator, as the WS plugin's newer versions have them."""
import unittest

from simulator import SimulatorTest, each_version

ECHO = '''
    simWS = require 'simWS'
    server = simWS.start(0)
    function onMessage(_, connection, data, opcode) simWS.send(server, connection, data, opcode) end
    simWS.setMessageHandler(server, 'onMessage')
    simWS.setCloseHandler(server, function(server, connection)
        print('trace: server ' .. simWS.getConnectionInfo(server, connection).closeCode)
    end)
'''
# Written for the WS plugin: names of functions, looked up when they're called.
CLIENT = '''
    simWS = require 'simWS'
    client = simWS.connect(host.argument(1))
    simWS.setOpenHandler(client, 'onOpen')
    simWS.setFailHandler(client, 'onFail')
    simWS.setCloseHandler(client, 'onClose')
    simWS.setMessageHandler(client, 'onMessage')
    function onOpen(clientHandle, connectionHandle)
        print('trace: open ' .. clientHandle)
        simWS.send(clientHandle, connectionHandle, 'hello', simWS.opcode.text)
        connection = connectionHandle
    end
    function onFail(clientHandle, connectionHandle)
        print('trace: fail ' .. simWS.getConnectionInfo(clientHandle, connectionHandle).error)
    end
    function onClose(clientHandle, connectionHandle) print('trace: close ' .. clientHandle) end
    function onMessage(clientHandle, connectionHandle, data) print('trace: message ' .. tostring(data)) end
'''


class ClientTest(SimulatorTest):
    async def trace(self, *lines):
        """The last lines are these, and come in time."""
        await self.do(self.simulator.wait_for, f'trace: {lines[-1]}$', 'stdout')
        self.assertEqual(self.simulator.lines('trace: ')[-len(lines):], list(lines), self.simulator.transcript())

    async def serve(self, version):
        self.start(version)
        await self.do(lambda: self.simulator.add('leg', ECHO))
        return await self.do(self.simulator.port, 'leg')

    async def add_client(self, port, text=CLIENT):
        await self.do(lambda: self.simulator.add('arm', text, f'ws://localhost:{port}/'))


@each_version()
class Clients(ClientTest):
    async def test_talk_to_another_script_of_the_simulator(self, version):
        await self.add_client(await self.serve(version))
        await self.trace('open simWS.Client:2', 'message hello')
        await self.do(self.simulator.lua, 'arm', 'simWS.disconnect(client)')
        await self.trace('close simWS.Client:2', 'server 1000')

    async def test_end_with_their_script_and_tell_nothing(self, version):
        await self.add_client(await self.serve(version))
        await self.trace('message hello')
        await self.do(self.simulator.command, 'end', 'arm')
        await self.trace('message hello', 'server 1000')

    async def test_that_reach_nobody_hear_why(self, version):
        port = await self.serve(version)
        await self.do(self.simulator.command, 'end', 'leg')
        await self.add_client(port)
        await self.do(self.simulator.wait_for, 'trace: fail could not connect to', 'stdout')
        self.assertIn('Connection refused', self.simulator.lines('trace: ')[-1])

    async def test_come_back(self, version):
        port = await self.serve(version)
        options = "{reconnect = {initial = 0.01, max = 0.05}, keepQueue = true}"
        await self.add_client(port, CLIENT.replace('host.argument(1)', f'host.argument(1), {options}'))
        await self.trace('message hello')
        await self.do(self.simulator.command, 'end', 'leg')
        await self.trace('close simWS.Client:2')
        await self.do(self.simulator.lua, 'arm', "simWS.send(client, nil, 'kept')")
        await self.do(lambda: self.simulator.add('foot', ECHO.replace('start(0)', f'start({port})')))
        await self.trace('message hello', 'message kept')

    async def test_wrong_calls_are_errors(self, version):
        await self.add_client(await self.serve(version))
        for call, error in (("simWS.connect('ftp://robot/')", "URI 'ftp://robot/' can't be used"),
                            ('simWS.connect()', 'not enough arguments'),
                            ('simWS.stop(client)', "'simWS.Client:2' is a client"),
                            ("simWS.disconnect('simWS.Client:9')", 'was never this script')):
            answer = await self.do(self.simulator.lua, 'arm', f'return select(2, pcall(function() {call} end))')
            self.assertIn(error, answer)


if __name__ == '__main__':
    unittest.main()
