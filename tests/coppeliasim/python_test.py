"""Python scripts: the simulator runs them through a script in Lua that passes calls on (see
host/lua/python_bridge.lua). Handlers are names of Python functions, or the functions themselves."""
import unittest

from simulator import SimulatorTest, each_version

ECHO = '''
    function python.sysCall_init()
        server = call('simWS.start', 0)
        call('simWS.setOpenHandler', server, 'onOpen')
        call('simWS.setMessageHandler', server, %s)
        call('simWS.setCloseHandler', server, 'onClose')
        call('simWS.setHTTPHandler', server, 'onHTTP')
    end

    -- Handlers in Python take exactly what they are given.
    local function exactly(count, work)
        return function(...)
            assert(select('#', ...) == count, 'takes ' .. count .. ' arguments, got ' .. select('#', ...))
            return work(...)
        end
    end

    python.onOpen = exactly(2, function() print 'trace: open' end)
    python.onClose = exactly(2, function(server, connection)
        print('trace: close ' .. call('simWS.getConnectionInfo', server, connection).closeCode)
    end)
    python.onMessage = exactly(3, function(server, connection, data)
        if type(data) == 'table' then data = data.bytes end
        if data == 'raise' then error 'on purpose' end
        call('simWS.send', server, connection, 'python ' .. data)
    end)
    -- Several results come as a list.
    python.onHTTP = exactly(4, function(server, connection, resource, data)
        if resource == '/missing' then return nil end
        if resource == '/status' then return 204 end
        return {200, 'page of python', {['X-Robot'] = 'arm'}}
    end)
'''


@each_version()
class PythonTest(SimulatorTest):
    async def serve(self, version, handler):
        self.start(version)
        await self.do(lambda: self.simulator.add('arm', ECHO % handler, kind='python'))
        self.port = int(await self.do(
            self.simulator.lua, 'arm', "return call('simWS.getServerInfo', server).port"))

    async def test_handlers_by_name(self, version):
        await self.serve(version, "'onMessage'")
        client = await self.connect(self.port)
        self.assertEqual(await self.ask(client, 'x'), 'python x')
        self.assertEqual(await self.ask(client, b'bytes'), 'python bytes')
        await client.close(4000)
        await self.line('trace: close 4000')
        self.assertIn('open', self.simulator.lines('trace: '))

    async def test_handlers_that_are_functions(self, version):
        await self.serve(version, "'onMessage@func'")
        client = await self.connect(self.port)
        self.assertEqual(await self.ask(client, 'x'), 'python x')

    async def test_http(self, version):
        await self.serve(version, "'onMessage'")
        status, headers, body = await self.fetch(self.port, '/')
        self.assertEqual((status, headers['X-Robot'], body), (200, 'arm', b'page of python'))
        self.assertEqual((await self.fetch(self.port, '/missing'))[0], 404)
        self.assertEqual((await self.fetch(self.port, '/status'))[0], 204)

    async def test_a_missing_function(self, version):
        await self.serve(version, "'nowhere'")
        client = await self.connect(self.port)
        await client.send('x')
        await self.line('nowhere', 'stderr')
        self.assertTrue(await self.do(self.simulator.is_alive, 'arm'))
        self.assertEqual((await self.fetch(self.port, '/'))[0], 200)

    async def test_errors(self, version):
        await self.serve(version, "'onMessage'")
        client = await self.connect(self.port)
        await client.send('raise')
        await self.line('on purpose', 'stderr')
        self.assertIn('arm', self.simulator.logged('on purpose')[0])
        self.assertEqual(await self.ask(client, 'x'), 'python x')
        self.assertIn('simWS.send: ', await self.do(
            self.simulator.lua, 'arm', "return pcall(call, 'simWS.send', server)"))

    async def test_the_end(self, version):
        await self.serve(version, "'onMessage'")
        client = await self.connect(self.port)
        self.assertEqual(await self.ask(client, 'x'), 'python x')
        await self.do(self.simulator.command, 'restart', 'arm')
        self.assertEqual((await self.closing(client))[0], 1001)
        self.assertEqual(await self.do(self.simulator.quit), 0, self.simulator.transcript())

    async def test_other_scripts_have_their_own_handlers(self, version):
        await self.serve(version, "'onMessage'")
        await self.do(self.simulator.add, 'leg', '''
            simWS = require 'simWS'
            server = simWS.start(0)
            function onMessage(_, connection) simWS.send(server, connection, 'lua') end
            simWS.setMessageHandler(server, 'onMessage')''')
        client = await self.connect(self.port)
        leg = await self.connect(await self.do(self.simulator.port, 'leg'))
        self.assertEqual(await self.ask(client, 'x'), 'python x')
        self.assertEqual(await self.ask(leg, 'x'), 'lua')


@each_version()
class ExtTest(SimulatorTest):
    # The simulator calls a script's sysCall_ext instead of its functions.
    async def test_scripts_in_lua_that_take_calls_from_outside(self, version):
        self.start(version)
        await self.do(self.simulator.add, 'arm', '''
            simWS = require 'simWS'
            server = simWS.start(0)
            function sysCall_ext(name, ...)
                print('trace: ' .. name)
                return _G[name](...)
            end
            function onMessage(_, connection, data) simWS.send(server, connection, 'ext') end
            simWS.setMessageHandler(server, 'onMessage')''')
        client = await self.connect(await self.do(self.simulator.port, 'arm'))
        self.assertEqual(await self.ask(client, 'x'), 'ext')

    async def test_a_global_table_that_refuses_unknown_names(self, version):
        self.start(version)
        await self.do(self.simulator.add, 'arm', '''
            simWS = require 'simWS'
            server = simWS.start(0)
            function sysCall_ext() return {200, 'ext'} end
            simWS.setHTTPHandler(server, 'onHTTP')
            isbuffer = nil
            setmetatable(_G, {__index = function(_, name) error('unknown variable ' .. name) end})''')
        answer = await self.fetch(await self.do(self.simulator.port, 'arm'), '/')
        self.assertEqual((answer[0], answer[2]), (200, b'ext'))


if __name__ == '__main__':
    unittest.main()
