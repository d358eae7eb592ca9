"""Servers live as long as the state of the script that started them, and not a message longer."""
import asyncio
import socket
import time
import unittest

from simulator import DEADLINE, IDLE_THREADS, NEW, V4_9, SimulatorTest, each_version

ECHO = '''
    simWS = require 'simWS'
    server = simWS.start(tonumber(host.argument(1) or 0))
    function onOpen(_, connection) print('trace: open') end
    function onMessage(_, connection, data) simWS.send(server, connection, 'echo ' .. data) end
    function onClose() print('trace: close') end
    simWS.setOpenHandler(server, 'onOpen')
    simWS.setMessageHandler(server, 'onMessage')
    simWS.setCloseHandler(server, 'onClose')
'''


def is_free(port):
    """Whether a server that doesn't share its port can have it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(('127.0.0.1', port))
        except OSError:
            return False
        return True


class LifeTest(SimulatorTest):
    async def echo(self, name, *arguments, kind='customization', text=ECHO):
        """The port of a script's echo server, and a client of it that has been answered."""
        await self.do(lambda: self.simulator.add(name, text, *arguments, kind=kind))
        port = await self.do(self.simulator.port, name)
        client = await self.connect(port)
        self.assertEqual(await self.ask(client, name), 'echo ' + name)
        return port, client

    async def gone(self, port, client):
        """The server has said goodbye, and its port can be had."""
        self.assertEqual((await self.closing(client))[0], 1001)
        self.assertTrue(is_free(port))


@each_version()
class StateTest(LifeTest):
    async def test_the_state_ends(self, version):
        self.start(version)
        port, client = await self.echo('arm')
        other_port, other = await self.echo('leg')
        await self.do(self.simulator.command, 'end', 'arm')
        await self.gone(port, client)
        self.assertEqual(self.simulator.lines('trace: ').count('close'), 0)
        self.assertEqual(await self.ask(other, 'still here'), 'echo still here')
        await self.do(self.simulator.command, 'remove', 'leg')
        await self.gone(other_port, other)

    async def test_restarted_with_changes_on_the_same_port(self, version):
        self.start(version)
        port, client = await self.echo('arm')
        for generation in range(3):
            self.simulator.write('arm', ECHO.replace("'echo '", f"'echo {generation} '"))
            self.simulator.write('arm', (self.simulator.folder / 'arm.lua').read_text().replace(
                'tonumber(host.argument(1) or 0)', str(port)))
            await self.do(self.simulator.command, 'restart', 'arm')
            self.assertEqual((await self.closing(client))[0], 1001)
            client = await self.connect(port)
            self.assertEqual(await self.ask(client, 'x'), f'echo {generation} x')

    async def test_cleanup_may_stop(self, version):
        self.start(version)
        port, client = await self.echo('arm', text=ECHO + '''
            function sysCall_cleanup()
                simWS.broadcast(server, 'last words')
                simWS.stop(server)
                print('trace: stopped')
            end''')
        await self.do(self.simulator.command, 'end', 'arm')
        self.assertEqual(await self.receive(client), 'last words')
        await self.gone(port, client)
        self.assertEqual(self.simulator.lines('trace: '), ['open', 'close', 'stopped'])

    async def test_an_add_on_that_starts_when_it_is_read(self, version):
        self.start(version)
        _, client = await self.echo('arm', kind='addon')
        starts = [line for line in self.simulator.logged('listening')]
        self.assertEqual(len(starts), 2, self.simulator.transcript())
        self.assertEqual(await self.ask(client, 'x'), 'echo x')

    async def test_messages_of_the_end_may_come_twice(self, version):
        self.start(version, options=['--repeat-ends'])
        port, client = await self.echo('arm', kind='addon')
        await self.do(self.simulator.command, 'restart', 'arm')
        await self.gone(port, client)
        self.assertEqual(await self.do(self.simulator.quit), 0, self.simulator.transcript())

    async def test_a_script_that_fails_at_once(self, version):
        self.start(version)
        await self.do(self.simulator.add, 'arm', "server = simWS.start(0) error 'on purpose'")
        self.assertFalse(await self.do(self.simulator.is_alive, 'arm'))
        port = int((await self.line(r'listening on 127\.0\.0\.1:(\d+)', 'stderr'))[1])
        self.assertTrue(is_free(port))


@each_version()
class SimulationTest(LifeTest):
    async def test_stopped_running_paused(self, version):
        self.start(version)
        _, client = await self.echo('arm')
        for command in ('start', 'pause', 'start', 'stop', 'start', 'stop'):
            await self.do(self.simulator.command, command)
            self.assertEqual(await self.ask(client, command), 'echo ' + command)

    async def test_a_script_of_the_simulation_ends_with_it(self, version):
        self.start(version)
        await self.do(self.simulator.command, 'start')
        port, client = await self.echo('joint', kind='simulation')
        for _ in range(3):
            await self.do(self.simulator.command, 'stop')
            await self.gone(port, client)
            await self.do(self.simulator.command, 'start')
            port = await self.do(self.simulator.port, 'joint')
            client = await self.connect(port)
            self.assertEqual(await self.ask(client, 'again'), 'echo again')

    async def test_an_error_pauses_the_simulation(self, version):
        self.start(version)
        await self.do(self.simulator.command, 'start')
        _, client = await self.echo('arm')
        await self.do(self.simulator.add, 'joint', "function sysCall_actuation() error 'x' end")
        self.assertEqual(await self.ask(client, 'x'), 'echo x')
        self.assertEqual(await self.do(self.simulator.lua, 'arm', 'return sim.getSimulationState()'), '8')


@each_version()
class SceneTest(LifeTest):
    async def test_closed(self, version):
        self.start(version)
        port, client = await self.echo('arm')
        _, add_on = await self.echo('tool', kind='addon')
        await self.do(self.simulator.command, 'scene', 'close')
        await self.gone(port, client)
        self.assertEqual(await self.ask(add_on, 'x'), 'echo x')

    # Scripts of two scenes may have the same handle; each hears of its own clients only.
    async def test_switched(self, version):
        self.start(version)
        first_scene = await self.do(self.simulator.command, 'scene', 'uid')
        port, client = await self.echo('arm')
        _, add_on = await self.echo('tool', kind='addon')
        second_scene = await self.do(self.simulator.command, 'scene', 'new')
        _, other = await self.echo('arm', text=ECHO.replace("'echo '", "'echo '"))
        await client.send('to the scene behind')
        self.assertEqual(await self.ask(add_on, 'x'), 'echo x')
        self.assertEqual(await self.ask(other, 'x'), 'echo x')
        await self.do(self.simulator.command, 'scene', 'switch', first_scene)
        self.assertEqual(await self.receive(client), 'echo to the scene behind')
        await self.do(self.simulator.command, 'scene', 'switch', second_scene)
        await self.do(self.simulator.command, 'scene', 'close')
        self.assertEqual((await self.closing(other))[0], 1001)
        self.assertEqual(await self.ask(client, 'back'), 'echo back')
        self.assertEqual(await self.ask(add_on, 'back'), 'echo back')
        await self.do(self.simulator.command, 'scene', 'close')
        await self.gone(port, client)


@each_version()
class PluginTest(LifeTest):
    async def test_unloaded_and_loaded_again(self, version):
        self.start(version)
        port, client = await self.echo('arm')
        for _ in range(3):
            await self.do(self.simulator.command, 'unload')
            await self.gone(port, client)
            self.assertIn((await self.do(self.simulator.statistics))['threads'], IDLE_THREADS)
            await self.do(self.simulator.command, 'load')
            await self.do(self.simulator.command, 'restart', 'arm')
            port = await self.do(self.simulator.port, 'arm')
            client = await self.connect(port)
            self.assertEqual(await self.ask(client, 'x'), 'echo x')

    # A script whose state outlives the plugin gets errors, then a server as before.
    async def test_a_script_that_stays(self, version):
        self.start(version)
        await self.echo('arm')
        await self.do(self.simulator.command, 'unload')
        self.assertIn('plugin not loaded', await self.do(
            self.simulator.lua, 'arm', 'return pcall(simWS.getServerInfo, server)'))
        await self.do(self.simulator.command, 'load')
        self.assertIn('invalid object handle', await self.do(
            self.simulator.lua, 'arm', 'return pcall(simWS.getServerInfo, server)'))
        await self.do(self.simulator.lua, 'arm', """
            server = simWS.start(0)
            simWS.setMessageHandler(server, 'onMessage')
            simWS.setOpenHandler(server, function() print 'trace: function' end)""")
        client = await self.connect(await self.do(self.simulator.port, 'arm'))
        self.assertEqual(await self.ask(client, 'x'), 'echo x')
        self.assertIn('function', self.simulator.lines('trace: '))

    async def test_quit_with_clients(self, version):
        for order in ('', 'plugin-first'):
            self.start(version)
            port, client = await self.echo('arm')
            tool_port, tool = await self.echo('tool', kind='addon')
            self.assertEqual(await self.do(self.simulator.quit, order), 0, self.simulator.transcript())
            await self.gone(port, client)
            await self.gone(tool_port, tool)
            self.assertFalse(self.simulator.logged('MISUSE'))

    async def test_what_was_queued_is_still_sent_at_the_end(self, version):
        self.start(version)
        _, client = await self.echo('arm')
        await self.do(self.simulator.lua, 'arm', "simWS.broadcast(server, string.rep('x', 3000000))")
        quitting = asyncio.create_task(self.do(self.simulator.quit))
        self.assertEqual(len(await self.receive(client)), 3000000)
        self.assertEqual(await quitting, 0)
        self.assertEqual((await self.closing(client))[0], 1001)

    async def test_no_peer_holds_up_the_end(self, version):
        self.start(version)
        port, _ = await self.echo('arm')
        with socket.create_connection(('127.0.0.1', port), DEADLINE) as deaf:
            deaf.sendall(b'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n'
                         b'Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'
                         b'Sec-WebSocket-Version: 13\r\n\r\n')
            deaf.recv(1)
            await self.do(self.simulator.lua, 'arm', "simWS.broadcast(server, string.rep('x', 30000000))")
            begun = time.monotonic()
            self.assertEqual(await self.do(self.simulator.quit), 0)
            self.assertLess(time.monotonic() - begun, 2.5, 'half of closeTimeout, and 0.3 s are expected')


class OwnershipTest(LifeTest):
    async def test_a_handle_belongs_to_its_script(self):
        for version in (V4_9, NEW):
            self.start(version)
            await self.echo('arm')
            await self.echo('leg')
            server = await self.do(self.simulator.lua, 'arm', 'return server')
            self.assertIn('invalid object handle', await self.do(
                self.simulator.lua, 'leg', f"return pcall(simWS.stop, '{server}')"))


if __name__ == '__main__':
    unittest.main()
