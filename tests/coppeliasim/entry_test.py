"""Who may come in: a script's decision, and tokens."""
import unittest

from simulator import SimulatorTest, each_version
from websocket_client import Refused, connect, status_of

SERVER = '''
    simWS = require 'simWS'
    server = simWS.start(0)
    simWS.setUpgradeHandler(server, function(server, connection, request)
        if request.path == '/error' then error 'on purpose' end
        if request.path == '/nothing' then return end
        if request.path == '/full' then return 503, 'full' end
        return request.query.robot == 'r2', nil, {['X-Robot'] = request.method}
    end)
    simWS.setOpenHandler(server, function() print 'trace: open' end)
'''
PYTHON = '''
    function python.sysCall_init()
        server = call('simWS.start', 0)
        call('simWS.setUpgradeHandler', server, 'onUpgrade')
    end

    function python.onUpgrade(server, connection, request)
        if request.path == '/no' then return false end
        if request.path == '/full' then return {503, 'full'} end
        return true
    end
'''


class EntryTest(SimulatorTest):
    async def status(self, path):
        try:
            async with connect(f'ws://127.0.0.1:{self.port}{path}'):
                return 101
        except Refused as refusal:
            return status_of(refusal)


@each_version()
class UpgradeTest(EntryTest):
    async def test_a_script_decides(self, version):
        self.start(version)
        await self.do(lambda: self.simulator.add('arm', SERVER))
        self.port = await self.do(self.simulator.port, 'arm')
        for path, status in (('/?robot=r2', 101), ('/?robot=r3', 403), ('/', 403), ('/full', 503),
                             ('/error', 500), ('/nothing', 500)):
            self.assertEqual(await self.status(path), status, path)
        self.assertEqual(self.simulator.lines('trace: '), ['open'])
        await self.line('on purpose', 'stderr')
        self.assertTrue(await self.do(self.simulator.is_alive, 'arm'))

    async def test_a_name_and_none(self, version):
        self.start(version)
        await self.do(lambda: self.simulator.add('arm', SERVER))
        self.port = await self.do(self.simulator.port, 'arm')
        await self.do(self.simulator.lua, 'arm', "simWS.setUpgradeHandler(server, 'decide')")
        self.assertEqual(await self.status('/?robot=r2'), 500)
        await self.do(self.simulator.lua, 'arm', 'function decide() return true end')
        self.assertEqual(await self.status('/'), 101)
        await self.do(self.simulator.lua, 'arm', 'function decide() return 404 end')
        self.assertEqual(await self.status('/'), 404)
        await self.do(self.simulator.lua, 'arm', "simWS.setUpgradeHandler(server, '')")
        self.assertEqual(await self.status('/'), 101)

    async def test_a_python_script_decides(self, version):
        self.start(version)
        await self.do(lambda: self.simulator.add('arm', PYTHON, kind='python'))
        self.port = int(await self.do(
            self.simulator.lua, 'arm', "return call('simWS.getServerInfo', server).port"))
        for path, status in (('/', 101), ('/no', 403), ('/full', 503)):
            self.assertEqual(await self.status(path), status, path)


@each_version()
class TokenTest(EntryTest):
    async def test_a_token_guards_a_server(self, version):
        self.start(version)
        await self.do(lambda: self.simulator.add(
            'arm', "simWS = require 'simWS' server = simWS.start(0, {token = 's3cret'})"))
        self.port = await self.do(self.simulator.port, 'arm')
        self.assertEqual(await self.status('/'), 401)
        self.assertEqual(await self.status('/?token=s3cret'), 101)
        self.assertEqual((await self.fetch(self.port, '/'))[0], 401)
        self.assertNotIn('s3cret', self.simulator.transcript())


if __name__ == '__main__':
    unittest.main()
