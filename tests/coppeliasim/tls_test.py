"""TLS in a simulator: the plugin brings its own."""
import os
import tempfile
import unittest
import unittest.mock
from pathlib import Path

from simulator import SimulatorTest, connect, each_version, trusting

SCRIPT = '''
    simWS = require 'simWS'
    server = simWS.start(0, {tls = 'local'})
    simWS.setMessageHandler(server, function(server, connection, data, opcode)
        print('trace: ' .. simWS.getConnectionInfo(server, connection).tls.version)
        simWS.send(server, connection, data, opcode)
    end)
    function connect(ca)
        client = simWS.connect('wss://localhost:' .. simWS.getServerInfo(server).port, {tls = {ca = ca}})
        simWS.setOpenHandler(client, function(client, connection) simWS.send(client, connection, 'by wss') end)
        simWS.setFailHandler(client, function(client, connection)
            print('trace: fail ' .. simWS.getConnectionInfo(client, connection).error)
        end)
        simWS.setMessageHandler(client, function(client, connection, data)
            print('trace: ' .. data .. ' ' .. table.concat(simWS.getClientInfo(client).tls.names, ' '))
        end)
    end
'''


@each_version()
class TlsTest(SimulatorTest):
    async def test_serves_and_connects(self, version):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        with unittest.mock.patch.dict(os.environ, XDG_CONFIG_HOME=str(folder)):
            self.start(version)
        await self.do(lambda: self.simulator.add('arm', SCRIPT))
        port = await self.do(self.simulator.port, 'arm')
        authority = folder / 'simws/authority.pem'
        async with connect(f'wss://localhost:{port}/', ssl=trusting(authority)) as client:
            await client.send('hello')
            self.assertEqual(await self.receive(client), 'hello')
        await self.line(r'^trace: TLSv1\.3$')
        await self.do(self.simulator.lua, 'arm', f"connect '{authority}'")
        await self.line(r'^trace: by wss localhost .*127\.0\.0\.1')
        await self.do(self.simulator.lua, 'arm', "connect ''")
        await self.line('^trace: fail TLS: the certificate of CN=')
        self.assertEqual(await self.do(self.simulator.quit), 0)


if __name__ == '__main__':
    unittest.main()
