"""Handlers: by name, by function, found when they're called; and what comes of their errors."""
import re
import unittest

from simulator import SimulatorTest, each_version

SERVER = '''
    simWS = require 'simWS'
    server = simWS.start(0)
    function reply(text)
        return function(_, connection, data) simWS.send(server, connection, text .. tostring(data)) end
    end
    simWS.setMessageHandler(server, reply 'function ')
'''


class CallbackTest(SimulatorTest):
    async def serve(self, version, text='', kind='customization'):
        self.start(version)
        await self.do(lambda: self.simulator.add('arm', SERVER + text, kind=kind))
        self.port = await self.do(self.simulator.port, 'arm')
        self.client = await self.connect(self.port)

    async def lua(self, code):
        return await self.do(self.simulator.lua, 'arm', code)

    async def hears(self, expected, message='x'):
        self.assertEqual(await self.ask(self.client, message), expected)

    async def becomes(self, code, pattern):
        """What a pass to come does: an answer can arrive before the pass that sent it is over."""
        while not re.search(pattern, await self.lua(code)):
            pass

    async def nobody_hears(self):
        """A message that is lost, and has been by the time this returns."""
        await self.client.send('nobody')
        self.assertEqual((await self.fetch(self.port, '/'))[0], 404)
        await self.lua('simWS.setHTTPHandler(server, function() return 204 end)')
        while (await self.fetch(self.port, '/'))[0] != 204:
            pass


@each_version()
class NamesTest(CallbackTest):
    async def test_functions_and_names(self, version):
        await self.serve(version)
        await self.hears('function x')
        await self.lua("onMessage = reply 'name ' simWS.setMessageHandler(server, 'onMessage')")
        await self.hears('name x')
        await self.lua("app = {on = {message = reply 'dotted '}} "
                       "simWS.setMessageHandler(server, 'app.on.message')")
        await self.hears('dotted x')
        await self.lua("app.on.message = reply 'replaced '")
        await self.hears('replaced x')
        await self.lua("simWS.setMessageHandler(server, reply 'again a function ')")
        await self.hears('again a function x')

    async def test_the_module_is_required_again(self, version):
        await self.serve(version)
        self.assertEqual(await self.lua("""
            local before = simWS
            package.loaded.simWS = nil
            return require 'simWS' == before"""), 'true')
        await self.hears('function x')
        await self.lua("simWS.setMessageHandler(server, reply 'again ')")
        await self.hears('again x')

    async def test_defined_later(self, version):
        await self.serve(version, "simWS.setMessageHandler(server, 'app.later')")
        await self.client.send('too early')
        await self.line(r"app\.later", 'stderr')
        await self.lua("app = {later = reply 'later '}")
        await self.hears('later x')

    async def test_the_log_has_a_handler_too(self, version):
        await self.serve(version, "lines = {} simWS.setLogHandler(function(level, line) "
                                  "lines[#lines + 1] = level .. ' ' .. line end)")
        await self.lua("simWS.setMessageHandler(server, function(_, connection, data) "
                       "simWS.send(server, connection, data) error 'as the peer wished' end)")
        await self.hears('x')
        await self.becomes("return lines[1]", '^error messageCallback .*as the peer wished')
        await self.lua("onLog = function(level) lines = {level} end simWS.setLogHandler('onLog')")
        await self.hears('x')
        await self.becomes("return lines[1]", '^error$')
        await self.lua("simWS.setLogHandler(nil)")
        await self.hears('x')
        await self.line('as the peer wished', 'stderr')

    async def test_a_missing_function_is_told_once(self, version):
        await self.serve(version, "simWS.setMessageHandler(server, 'nowhere')")
        for _ in range(5):
            await self.client.send('x')
        await self.line('nowhere', 'stderr')
        await self.lua("simWS.setMessageHandler(server, reply 'now ')")
        await self.client.send('y')
        while await self.receive(self.client) != 'now y':
            pass
        told = self.simulator.logged('nowhere')
        self.assertEqual(len(told), 1, told)
        self.assertIn('arm', told[0])
        self.assertTrue(await self.do(self.simulator.is_alive, 'arm'))

    async def test_cleared(self, version):
        await self.serve(version)
        for none in ("''", 'nil'):
            await self.lua("simWS.setMessageHandler(server, reply 'set ')")
            await self.hears('set x')
            await self.lua(f'simWS.setMessageHandler(server, {none})')
            await self.lua('simWS.setHTTPHandler(server, nil)')
            await self.nobody_hears()
            self.assertFalse(self.simulator.logged('missing'))

    async def test_every_handler_gets_what_it_should(self, version):
        await self.serve(version, '''
            function told(name)
                return function(...)
                    local words = {}
                    for i = 1, select('#', ...) do words[i] = type(select(i, ...)) end
                    print('trace: ' .. name .. ' ' .. table.concat(words, ' '))
                end
            end
            for _, name in ipairs{'Open', 'Fail', 'Close', 'Message', 'HTTP'} do
                simWS['set' .. name .. 'Handler'](server, told(name))
            end''')
        await self.client.close()
        client = await self.connect(self.port)
        await client.send(b'x')
        self.assertEqual((await self.fetch(self.port, '/'))[0], 404)
        with self.assertRaises(Exception):
            await self.connect(self.port, origin='http://elsewhere.example')
        await self.line('trace: Fail')
        data = 'table' if version.has_buffers else 'string'
        self.assertEqual(sorted(set(self.simulator.lines('trace: '))), [
            'Close string string', 'Fail string string', f'HTTP string string string {data} table',
            f'Message string string {data} number', 'Open string string'])

    async def test_the_lazy_module(self, version):
        self.start(version)
        await self.do(self.simulator.add, 'arm', '''
            function onMessage(server, connection, data) simWS.send(server, connection, 'lazy') end
            function sysCall_init()
                server = simWS.start(0)
                simWS.setMessageHandler(server, 'onMessage')
            end''')
        client = await self.connect(await self.do(self.simulator.port, 'arm'))
        self.assertEqual(await self.ask(client, 'x'), 'lazy')

    async def test_in_a_thread(self, version):
        self.start(version)
        await self.do(self.simulator.add, 'arm', '''
            simWS = require 'simWS'
            function sysCall_thread()
                server = simWS.start(0)
                simWS.setMessageHandler(server, function(_, _, data) received = tostring(data) end)
                while true do
                    if received then simWS.broadcast(server, 'thread ' .. received) received = nil end
                    sim.step()
                end
            end''')
        await self.line('listening', 'stderr')
        client = await self.connect(await self.do(self.simulator.port, 'arm'))
        self.assertEqual(await self.ask(client, 'x'), 'thread x')


@each_version()
class ErrorTest(CallbackTest):
    async def test_an_error_is_logged_and_survived(self, version):
        await self.serve(version, '''
            function deeper() error 'on purpose' end
            function onMessage() deeper() end
            simWS.setMessageHandler(server, 'onMessage')''', kind='addon')
        await self.client.send('x')
        await self.line('on purpose', 'stderr')
        line = self.simulator.logged('on purpose')[0]
        self.assertIn('arm', line)
        self.assertIn('stack traceback', line)
        self.assertIn('deeper', line)
        self.assertTrue(await self.do(self.simulator.is_alive, 'arm'))
        await self.lua("simWS.setMessageHandler(server, reply 'alive ')")
        await self.hears('alive x')

    async def test_errors_of_every_handler(self, version):
        await self.serve(version, '''
            function raise() error('purpose ' .. #tostring({})) end
            for _, name in ipairs{'Open', 'Fail', 'Close', 'Message', 'HTTP'} do
                simWS['set' .. name .. 'Handler'](server, raise)
            end''')
        await self.client.send('x')
        self.assertEqual((await self.fetch(self.port, '/'))[0], 500)
        await self.client.close()
        with self.assertRaises(Exception):
            await self.connect(self.port, origin='http://elsewhere.example')
        await self.until(lambda: len(self.simulator.logged('purpose')) >= 5, 'five errors')
        self.assertTrue(await self.do(self.simulator.is_alive, 'arm'))

    async def test_errors_that_are_no_text(self, version):
        await self.serve(version)
        for raised in ('{}', 'nil', '42', 'setmetatable({}, {__tostring = function() return "mine" end})'):
            before = len(self.simulator.stderr)
            await self.lua(f'simWS.setMessageHandler(server, function() error({raised}, 0) end)')
            await self.client.send('x')
            await self.until(lambda: len(self.simulator.stderr) > before, raised)
            self.assertTrue(await self.do(self.simulator.is_alive, 'arm'), raised)

    async def test_names_that_cannot_be_looked_up(self, version):
        await self.serve(version, '''
            app = setmetatable({}, {__index = function(_, key) error('no field ' .. key) end})
            text = 'text' ''')
        for name in ('app.missing', '.', '..', 'app..x', 'text.x', 'server.x.y', ' ', 'a' * 10000,
                     '1', 'nil', 'while true do end'):
            before = len(self.simulator.stderr)
            await self.lua(f"simWS.setMessageHandler(server, '{name}')")
            await self.client.send('x')
            await self.until(lambda: len(self.simulator.stderr) > before, name)
            self.assertTrue(await self.do(self.simulator.is_alive, 'arm'), name)

    async def test_a_global_table_that_refuses_unknown_names(self, version):
        await self.serve(version, '''
            for _, name in ipairs{'Open', 'Fail', 'Close', 'Message', 'HTTP'} do
                simWS['set' .. name .. 'Handler'](server, 'on' .. name)
            end
            simWS.setMessageHandler(server, 'app.on.message')
            setmetatable(_G, {__index = function(_, name) error('unknown variable ' .. name) end})''',
            kind='addon')
        await self.client.send('x')
        self.assertEqual((await self.fetch(self.port, '/'))[0], 404)
        with self.assertRaises(Exception):
            await self.connect(self.port, origin='http://elsewhere.example')
        await self.client.close()
        await self.until(lambda: len(self.simulator.logged('no function of that name')) >= 5, 'five lines')
        self.assertFalse(self.simulator.logged('unknown variable'))
        self.assertTrue(await self.do(self.simulator.is_alive, 'arm'))
        await self.lua("app = {on = {message = reply 'defined '}}")
        self.client = await self.connect(self.port)
        await self.hears('defined x')

    async def test_a_handler_that_yields(self, version):
        await self.serve(version)
        await self.lua('simWS.setMessageHandler(server, function() coroutine.yield(1) end)')
        await self.client.send('x')
        await self.line('yield', 'stderr')
        self.assertTrue(await self.do(self.simulator.is_alive, 'arm'))

    async def test_wrong_calls_name_the_line_of_the_script(self, version):
        await self.serve(version, '')
        for call in ("simWS.setMessageHandler('nothing', 'f')", "simWS.setOpenHandler(server, 5)",
                     "simWS.stop('nothing')"):
            answer = await self.lua(f'return select(2, pcall(function() {call} end))')
            function = call.partition('(')[0]
            self.assertRegex(answer, rf'^command:1: {function}: ', self.simulator.transcript())
            self.assertNotIn('simWS.lua', answer)

    async def test_errors_in_the_form_users_know(self, version):
        await self.serve(version)
        for call, expected in (
                ("simWS.send(server)", 'simWS.send: not enough arguments'),
                ("simWS.stop(server, 1)", 'simWS.stop: too many arguments'),
                ("simWS.stop('robot')", 'simWS.stop: invalid object handle'),
                ("simWS.send(server, connection, 'x', 3)", 'simWS.send: '),
                ("simWS.start(-1)", 'simWS.start: '), ("simWS.start(70000)", 'simWS.start: '),
                ("simWS.start(9000.5)", 'simWS.start: '), ("simWS.start('9000')", 'simWS.start: '),
                ("simWS.start(0, {maxMesageSize = 1})", "unknown option 'maxMesageSize'"),
                ("simWS.start(0, 7)", 'simWS.start: '), ("simWS.start(0, {1, 2})", 'simWS.start: '),
                ("simWS.setOpenHandler(server, 42)", 'simWS.setOpenHandler: '),
                ("simWS.setOpenHandler(server, {})", 'simWS.setOpenHandler: '),
                ("simWS.getServerInfo(server, nil)", 'simWS.getServerInfo: too many arguments')):
            answer = await self.lua(f'return pcall(function() {call} end)')
            self.assertTrue(answer.startswith('false\t'), call)
            self.assertIn(expected, answer, call)
        self.assertTrue(await self.do(self.simulator.is_alive, 'arm'))

    async def test_an_uncaught_error_ends_the_script_and_its_servers(self, version):
        await self.serve(version)
        await self.do(self.simulator.add, 'leg', "simWS = require 'simWS' other = simWS.start(0)")
        await self.lua('function sysCall_nonSimulation() simWS.stop "robot" end')
        self.assertEqual((await self.closing(self.client))[0], 1001)
        self.assertFalse(await self.do(self.simulator.is_alive, 'arm'))
        self.assertTrue(await self.do(self.simulator.is_alive, 'leg'))


@each_version()
class BareTest(CallbackTest):
    """Scripts that load the plugin without simWS.lua."""

    BARE = '''
        simWS = loadPlugin 'simWS'
        server = simWS.start(0)
        function onMessage(_, connection, data) simWS.send(server, connection, 'bare ' .. data) end
        simWS.setMessageHandler(server, 'onMessage')'''

    async def bare(self, version, text=''):
        self.start(version)
        await self.do(self.simulator.add, 'arm', self.BARE + text)
        self.port = await self.do(self.simulator.port, 'arm')
        self.client = await self.connect(self.port)

    async def test_handlers_by_name(self, version):
        await self.bare(version)
        await self.hears('bare x')

    # The simulator ends the script while the plugin calls it.
    async def test_an_error_ends_the_script(self, version):
        await self.bare(version, "function onMessage() error 'on purpose' end")
        await self.client.send('x')
        self.assertEqual((await self.closing(self.client))[0], 1001)
        self.assertFalse(await self.do(self.simulator.is_alive, 'arm'))
        self.assertEqual(await self.do(self.simulator.quit), 0, self.simulator.transcript())

    async def test_a_function_is_refused_with_the_way_out(self, version):
        await self.bare(version)
        self.assertIn("require 'simWS'", await self.lua(
            'return pcall(simWS.setMessageHandler, server, function() end)'))


if __name__ == '__main__':
    unittest.main()
