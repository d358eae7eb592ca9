"""What handlers may do to the ground they stand on: stop their server, wait, restart scripts, die."""
import asyncio
import unittest

from simulator import NEW, V4_9, SimulatorTest, each_version

SERVER = '''
    simWS = require 'simWS'
    server = simWS.start(0)
    function onHTTP() return 200, 'page' end
    function note(text) print('trace: ' .. text) end
    function handle(name, work)
        simWS['set' .. name .. 'Handler'](server, function(...) return work(...) end)
    end
'''


class ReentryTest(SimulatorTest):
    async def serve(self, version, text, name='arm', **options):
        if name == 'arm':
            self.start(version, **options)
        await self.do(self.simulator.add, name, SERVER + text)
        return await self.do(self.simulator.port, name)

    async def ends_well(self):
        self.assertEqual(await self.do(self.simulator.quit), 0, self.simulator.transcript())
        self.assertFalse(self.simulator.logged('MISUSE'))


@each_version()
class StopTest(ReentryTest):
    async def test_in_open_message_and_close(self, version):
        for name in ('Open', 'Message', 'Close'):
            port = await self.serve(version, f'''
                handle('{name}', function()
                    local stopped, failure = pcall(simWS.stop, server)
                    note('stopped ' .. tostring(stopped))
                end)''')
            client = await self.connect(port)
            stays = await self.connect(port) if name != 'Open' else client
            if name == 'Message':
                await client.send('x')
            if name == 'Close':
                await client.close()
            self.assertEqual((await self.closing(stays))[0], 1001, name)
            await self.line('stopped true')
            await self.ends_well()

    async def test_in_fail(self, version):
        port = await self.serve(version, "handle('Fail', function() simWS.stop(server) note 'stopped' end)")
        stays = await self.connect(port)
        with self.assertRaises(Exception):
            await self.connect(port, origin='http://elsewhere.example')
        self.assertEqual((await self.closing(stays))[0], 1001)
        await self.ends_well()

    async def test_in_http_the_answer_still_leaves(self, version):
        port = await self.serve(version, '''
            handle('HTTP', function() simWS.stop(server) return 200, 'the end' end)''')
        stays = await self.connect(port)
        status, _, body = await self.fetch(port, '/')
        self.assertEqual((status, body), (200, b'the end'))
        self.assertEqual((await self.closing(stays))[0], 1001)
        await self.ends_well()

    # Within stop the close handler runs; the error of one doesn't reach whom called stop.
    async def test_close_handlers_within_stop(self, version):
        port = await self.serve(version, '''
            handle('Close', function(_, connection)
                note('close ' .. simWS.getConnectionInfo(server, connection).closeCode)
                error 'on purpose'
            end)''')
        clients = [await self.connect(port) for _ in range(3)]
        await self.until(lambda: self.simulator.lua('arm', 'return #simWS.getConnections(server)') == '3',
                         'open')
        self.assertEqual(await self.do(self.simulator.lua, 'arm', 'return pcall(simWS.stop, server)'),
                         'true')
        self.assertEqual(self.simulator.lines('trace: '), ['close 1001'] * 3)
        for client in clients:
            self.assertEqual((await self.closing(client))[0], 1001)
        self.assertTrue(await self.do(self.simulator.is_alive, 'arm'))
        await self.ends_well()

    # 4.9 raises the error of any call that failed within the plugin's function.
    async def test_a_missing_close_handler_within_stop(self, version):
        port = await self.serve(version, "simWS.setCloseHandler(server, 'nowhere')")
        client = await self.connect(port)
        await self.until(lambda: self.simulator.lua('arm', 'return #simWS.getConnections(server)') == '1',
                         'open')
        self.assertEqual(await self.do(self.simulator.lua, 'arm', 'return pcall(simWS.stop, server)'),
                         'true')
        self.assertEqual((await self.closing(client))[0], 1001)
        await self.ends_well()

    async def test_started_again_within_a_handler(self, version):
        port = await self.serve(version, '''
            function again(_, connection, data)
                local port = simWS.getServerInfo(server).port
                simWS.send(server, connection, 'before')
                simWS.stop(server)
                server = simWS.start(port)
                simWS.setMessageHandler(server, again)
            end
            simWS.setMessageHandler(server, again)''')
        for _ in range(20):
            client = await self.connect(port)
            self.assertEqual(await self.ask(client, 'x'), 'before')
            self.assertEqual((await self.closing(client))[0], 1001)
            self.assertEqual(await self.do(self.simulator.port, 'arm'), port)
        await self.ends_well()


@each_version()
class PassesTest(ReentryTest):
    async def test_waits_within_a_handler(self, version):
        port = await self.serve(version, '''
            local depth = 0
            handle('Message', function(_, connection, data)
                depth = depth + 1
                note('depth ' .. depth)
                sim.wait(0.02, false)
                sim.step()
                simWS.send(server, connection, data, simWS.opcode.text)
                depth = depth - 1
            end)''')
        client = await self.connect(port)
        other = await self.connect(port)
        for i in range(5):
            await client.send(str(i))
            await other.send(str(i))
        for socket in (client, other):
            self.assertEqual([await self.receive(socket) for _ in range(5)], list('01234'))
        self.assertEqual(set(self.simulator.lines('trace: ')), {'depth 1'})
        await self.ends_well()

    async def test_passes_within_calls_of_the_script(self, version):
        port = await self.serve(version, '''
            handle('Open', function() note 'open' end)
            handle('Message', function(_, connection, data) simWS.send(server, connection, data) end)
            function sysCall_nonSimulation() host.command 'pass 2' end''')
        client = await self.connect(port)
        self.assertEqual(await self.ask(client, 'x'), 'x')
        await self.ends_well()

    async def test_the_server_stops_while_a_handler_waits(self, version):
        port = await self.serve(version, '''
            handle('Message', function(_, connection)
                simWS.stop(server)
                sim.wait(0.02, false)
                local sent, failure = pcall(simWS.send, server, connection, 'late')
                note(tostring(failure))
            end)''')
        client = await self.connect(port)
        await client.send('x')
        self.assertEqual((await self.closing(client))[0], 1001)
        await self.line('trace: .*invalid object handle')
        await self.ends_well()


@each_version()
class DeathTest(ReentryTest):
    async def test_the_script_dies_in_every_handler(self, version):
        for name in ('Open', 'Message', 'Close', 'HTTP', 'Fail'):
            port = await self.serve(version, f'''
                handle('{name}', function()
                    note 'last words'
                    host.kill()
                    return 200, 'dead'
                end)''')
            other_port = await self.serve(version, '''
                handle('Message', function(_, connection, data) simWS.send(server, connection, data) end)
                ''', 'leg')
            client = await self.connect(port)
            other = await self.connect(other_port)
            stays = client if name == 'Open' else await self.connect(port)
            if name == 'Message':
                for _ in range(10):
                    await client.send('x')
            if name == 'Close':
                await client.close()
            if name == 'HTTP':
                try:
                    await self.fetch(port, '/')
                except OSError:
                    pass
            if name == 'Fail':
                with self.assertRaises(Exception):
                    await self.connect(port, origin='http://elsewhere.example')
            self.assertEqual((await self.closing(stays))[0], 1001, name)
            self.assertFalse(await self.do(self.simulator.is_alive, 'arm'))
            self.assertEqual(self.simulator.lines('trace: '), ['last words'], name)
            self.assertEqual(await self.ask(other, name), name)
            await self.ends_well()

    async def test_a_handler_restarts_another_script(self, version):
        port = await self.serve(version, '''
            handle('Message', function(_, connection, data)
                host.command 'restart leg'
                simWS.send(server, connection, data, simWS.opcode.text)
            end)''')
        leg_port = await self.serve(version, "note 'leg'", 'leg')
        leg = await self.connect(leg_port)
        client = await self.connect(port)
        for i in range(10):
            self.assertEqual(await self.ask(client, str(i)), str(i))
        self.assertEqual((await self.closing(leg))[0], 1001)
        self.assertEqual(self.simulator.lines('trace: ').count('leg'), 11)
        await self.ends_well()

    async def test_the_script_dies_within_stop(self, version):
        port = await self.serve(version, '''
            handle('Close', function() note 'close' host.kill() end)
            handle('Message', function() simWS.stop(server) note 'stopped' end)''')
        clients = [await self.connect(port) for _ in range(3)]
        await clients[0].send('x')
        for client in clients:
            self.assertEqual((await self.closing(client))[0], 1001)
        await self.ends_well()

    async def test_cleanup_starts_and_sends(self, version):
        port = await self.serve(version, '''
            handle('Message', function() host.kill() end)
            function sysCall_cleanup()
                note(select('#', table.unpack(simWS.getConnections(server))))
                simWS.broadcast(server, 'from cleanup')
                local more = simWS.start(0)
                simWS.setOpenHandler(more, note)
            end''')
        client = await self.connect(port)
        await client.send('x')
        self.assertEqual(await self.receive(client), 'from cleanup')
        self.assertEqual((await self.closing(client))[0], 1001)
        await self.ends_well()


@each_version()
class GroundTest(ReentryTest):
    """A handler's script goes on, whatever it takes away from under the plugin."""

    ECHO = '''
        handle('Message', function(_, connection, data) simWS.send(server, connection, data) end)'''

    async def test_an_add_on_closes_the_scene(self, version):
        await self.serve(version, self.ECHO)
        arm = await self.connect(await self.do(self.simulator.port, 'arm'))
        await self.do(lambda: self.simulator.add('tool', SERVER + '''
            handle('Message', function(_, connection, data)
                host.command 'scene close'
                simWS.send(server, connection, data)
            end)''', kind='addon'))
        tool = await self.connect(await self.do(self.simulator.port, 'tool'))
        for i in range(3):
            self.assertEqual(await self.ask(tool, str(i)), str(i))
        self.assertEqual((await self.closing(arm))[0], 1001)
        await self.ends_well()

    async def test_an_add_on_switches_scenes(self, version):
        await self.serve(version, self.ECHO)
        arm = await self.connect(await self.do(self.simulator.port, 'arm'))
        await self.do(lambda: self.simulator.add('tool', SERVER + '''
            handle('Message', function(_, connection, data)
                simWS.send(server, connection, host.command('scene ' .. tostring(data)))
            end)''', kind='addon'))
        tool = await self.connect(await self.do(self.simulator.port, 'tool'))
        self.assertEqual(await self.ask(tool, 'new'), '2')
        await arm.send('while away')
        self.assertEqual(await self.ask(tool, 'uid'), '2')
        self.assertEqual(await self.ask(tool, 'switch 1'), '1')
        self.assertEqual(await self.receive(arm), 'while away')
        await self.ends_well()

    async def test_the_simulation_ends_within_a_handler_of_its_script(self, version):
        self.start(version)
        await self.do(self.simulator.command, 'start')
        await self.do(lambda: self.simulator.add('joint', SERVER + '''
            handle('Message', function() host.command 'stop' note 'stopped' end)
            function sysCall_cleanup() note 'cleanup' end''', kind='simulation'))
        client = await self.connect(await self.do(self.simulator.port, 'joint'))
        await client.send('x')
        self.assertEqual((await self.closing(client))[0], 1001)
        await self.until(lambda: self.simulator.lines('trace: ') == ['stopped', 'cleanup'], 'cleanup')
        await self.ends_well()

    async def test_the_plugin_is_unloaded_within_a_handler(self, version):
        for name in ('Open', 'Message', 'Close', 'HTTP'):
            port = await self.serve(version, f'''
                handle('{name}', function()
                    host.command 'unload'
                    note(tostring(pcall(simWS.getServerInfo, server)))
                    return 200, 'unloaded'
                end)''')
            client = await self.connect(port)
            if name == 'Message':
                await client.send('x')
            if name == 'Close':
                await client.close()
            if name == 'HTTP':
                try:
                    await self.fetch(port, '/')
                except OSError:
                    pass
            await self.line('trace: false')
            await asyncio.wait_for(client.wait_closed(), 60)
            await self.do(self.simulator.command, 'load')
            await self.do(self.simulator.command, 'restart', 'arm')
            await self.connect(await self.do(self.simulator.port, 'arm'))
            await self.ends_well()

    async def test_unloaded_and_loaded_within_a_handler(self, version):
        port = await self.serve(version, '''
            handle('Message', function()
                host.command 'unload'
                host.command 'load'
                server = simWS.start(0)
                handle('Message', function(_, connection) simWS.send(server, connection, 'new') end)
                note 'loaded'
            end)''')
        client = await self.connect(port)
        await client.send('x')
        self.assertEqual((await self.closing(client))[0], 1001)
        await self.line('trace: loaded')
        client = await self.connect(await self.do(self.simulator.port, 'arm'))
        self.assertEqual(await self.ask(client, 'x'), 'new')
        await self.ends_well()

    async def test_unloaded_within_a_close_handler_of_stop(self, version):
        port = await self.serve(version, '''
            handle('Close', function() host.command 'unload' note 'unloaded' end)
            handle('Message', function() simWS.stop(server) note 'stopped' end)''')
        clients = [await self.connect(port) for _ in range(3)]
        await clients[0].send('x')
        for client in clients:
            self.assertEqual((await self.closing(client))[0], 1001)
        await self.line('trace: unloaded')
        await self.ends_well()


class QuitTest(ReentryTest):
    async def test_a_handler_quits_the_simulator(self):
        for version in (V4_9, NEW):
            port = await self.serve(version, "handle('Message', function() host.command 'quit' end)")
            client = await self.connect(port)
            await client.send('x')
            self.assertEqual((await self.closing(client))[0], 1001)
            self.assertEqual(await self.do(self.simulator.wait), 0, self.simulator.transcript())


if __name__ == '__main__':
    unittest.main()
