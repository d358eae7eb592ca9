"""What scripts send and get: strings and buffers, results of HTTP handlers, options, parameters."""
import socket
import unittest

from simulator import NEW, V4_9, SimulatorTest, each_version

BYTES = bytes(range(256)) * 3


class DataTest(SimulatorTest):
    async def serve(self, version, text='', start='simWS.start(0)', parameters=()):
        self.start(version)
        for name, value in dict(parameters).items():
            await self.do(self.simulator.command, 'param', name, value)
        await self.do(self.simulator.add, 'arm', f'''
            simWS = require 'simWS'
            server = {start}
            function handle(name, work) simWS['set' .. name .. 'Handler'](server, work) end
            {text}''')
        self.port = await self.do(self.simulator.port, 'arm')

    async def lua(self, code):
        return await self.do(self.simulator.lua, 'arm', code)


@each_version()
class MessageTest(DataTest):
    async def test_what_arrives(self, version):
        await self.serve(version, '''
            handle('Message', function(_, connection, data, opcode)
                local kind = isbuffer(data) and 'buffer' or type(data)
                simWS.send(server, connection, kind .. ' ' .. #data .. ' ' .. opcode)
                simWS.send(server, connection, data, opcode)
            end)''')
        client = await self.connect(self.port)
        kind = 'buffer' if version.has_buffers else 'string'
        for data in ('', b'', 'text', 'Grüße', 'a\0b', b'\0', b'\0\0\0', BYTES, 'x' * 100000, bytes(70000),
                     '<a function that simWS.lua keeps>'):
            size = len(data.encode() if isinstance(data, str) else data)
            opcode = 1 if isinstance(data, str) else 2
            self.assertEqual(await self.ask(client, data), f'{kind} {size} {opcode}')
            self.assertEqual(await self.receive(client), data)

    async def test_what_is_sent(self, version):
        await self.serve(version)
        client = await self.connect(self.port)
        await self.until(lambda: self.simulator.lua('arm', 'return #simWS.getConnections(server)') == '1',
                         'open')
        await self.lua('connection = simWS.getConnections(server)[1]')
        for code, expected in (
                ("''", ''), ("'', 2", b''), ("'a\\0b'", 'a\0b'), ("'\\0', simWS.opcode.binary", b'\0'),
                ("tobuffer 'buffer'", 'buffer'), ("tobuffer '\\255\\0', 2", b'\xff\0'),
                ("tobuffer '', 2", b''), ("string.rep('y', 200000)", 'y' * 200000),
                ("'nil opcode', nil", 'nil opcode'), ("'options', nil, {}", 'options'),
                ("'fin', 1, {fin = true}", 'fin'), ("'float', 1.0", 'float')):
            answer = await self.lua(f'return pcall(simWS.send, server, connection, {code})')
            if code.endswith('1.0') and answer.startswith('false'):
                continue
            self.assertEqual(answer, 'true\ttrue', code)
            self.assertEqual(await self.receive(client), expected, code)
            self.assertEqual(await self.lua(
                f'return simWS.broadcast(server, {",".join(code.split(",")[:2])})'), '1')
            self.assertEqual(await self.receive(client), expected, code)

    async def test_what_cannot_be_sent(self, version):
        await self.serve(version)
        client = await self.connect(self.port)
        await self.until(lambda: self.simulator.lua('arm', 'return #simWS.getConnections(server)') == '1',
                         'open')
        await self.lua('connection = simWS.getConnections(server)[1]')
        for value in ('42', 'nil', 'true', '{}', "{'a'}", 'print'):
            if value == 'print':
                continue
            answer = await self.lua(f'return pcall(simWS.send, server, connection, {value})')
            self.assertIn('simWS.send: ', answer, value)
        answer = await self.lua("return pcall(simWS.send, server, connection, tobuffer 'a\\255')")
        self.assertIn('byte offset 1', answer)
        self.assertEqual(await self.lua("return simWS.send(server, connection, 'good')"), 'true')
        self.assertEqual(await self.receive(client), 'good')

    # What the upstream plugin dies of.
    async def test_bytes_that_are_no_text_come_back(self, version):
        await self.serve(version, '''
            handle('Message', function(_, connection, data)
                if not pcall(simWS.send, server, connection, data) then
                    simWS.send(server, connection, data, simWS.opcode.binary)
                end
            end)''')
        client = await self.connect(self.port)
        self.assertEqual(await self.ask(client, b'\xff\xfe'), b'\xff\xfe')
        self.assertEqual(await self.ask(client, b'ascii'), 'ascii')


@each_version()
class HttpTest(DataTest):
    PAGES = {
        '/page.html': "return 200, '<p>page</p>'",
        '/buffer.css': "return 200, tobuffer 'p {}'",
        '/binary.bin': "return 201, 'a\\0\\255b'",
        '/nil': 'return nil',
        '/nothing': 'return',
        '/missing': 'return 404, nil',
        '/status': 'return 204',
        '/typed': "return 200, '{}', {['Content-Type'] = 'application/json', ['X-Robot'] = 'arm'}",
        '/typed-buffer': "return 200, tobuffer '{}', {['Content-Type'] = 'application/json'}",
        '/float': "return 200.0, 'float'",
        '/empty': "return 200, ''",
        '/nonsense': "return 'two hundred'",
        '/number': 'return 200, 42',
        '/table': 'return 200, {1, 2}',
        '/raise': "error 'on purpose'",
        '/large': "return 200, string.rep('z', 3000000)",
        '/7': 'return 7',
    }

    async def test_results_of_all_kinds(self, version):
        pages = '\n'.join(f"pages['{path}'] = function() {code} end" for path, code in self.PAGES.items())
        await self.serve(version, f'''
            pages = {{}}
            {pages}
            handle('HTTP', function(_, connection, resource, data)
                return pages[tostring(resource)]()
            end)''')
        for path, status, kind, body in (
                ('/page.html', 200, 'text/html; charset=utf-8', b'<p>page</p>'),
                ('/buffer.css', 200, 'text/css; charset=utf-8', b'p {}'),
                ('/binary.bin', 201, 'application/octet-stream', b'a\0\xffb'),
                ('/nil', 404, None, None), ('/nothing', 404, None, None), ('/missing', 404, None, None),
                ('/status', 204, None, b''), ('/typed', 200, 'application/json', b'{}'),
                ('/typed-buffer', 200, 'application/json', b'{}'), ('/empty', 200, None, b''),
                ('/large', 200, None, b'z' * 3000000),
                ('/nonsense', 500, None, None), ('/number', 500, None, None), ('/table', 500, None, None),
                ('/raise', 500, None, None), ('/7', 500, None, None)):
            answer = await self.fetch(self.port, path)
            self.assertEqual(answer[0], status, path)
            self.assertEqual(answer[1]['Content-Type'] if kind else None, kind, path)
            self.assertEqual(answer[2] if body is not None else None, body, path)
        self.assertEqual((await self.fetch(self.port, '/typed'))[1]['X-Robot'], 'arm')
        self.assertTrue(await self.do(self.simulator.is_alive, 'arm'))
        self.assertTrue(self.simulator.logged('on purpose'))

    async def test_requests(self, version):
        await self.serve(version, '''
            handle('HTTP', function(_, connection, resource, data, request)
                return 200, request.method .. ' ' .. tostring(resource) .. ' ' .. #data .. ' '
                    .. tostring(data) .. ' ' .. request.headers['user-agent']:sub(1, 13)
                    .. ' ' .. request.remoteAddress:match '^[%d.]+'
            end)''')
        for data, method in ((None, 'GET'), (b'', 'POST'), (BYTES, 'PUT')):
            answer = (await self.fetch(self.port, '/a/b?c=d%20e', data, method))[2]
            sent = data or b''
            self.assertEqual(answer, f'{method} /a/b?c=d%20e {len(sent)} '.encode() + sent +
                             b' Python-urllib 127.0.0.1')

    async def test_no_handler(self, version):
        await self.serve(version)
        self.assertEqual((await self.fetch(self.port, '/'))[0], 404)

    async def test_the_user_agent(self, version):
        await self.serve(version)
        name = {'4.6': '4.6.0rev2', '4.9': '4.9.0rev6', 'new': '4.10.0rev5'}[version.name]
        server = (await self.fetch(self.port, '/'))[1]['Server']
        self.assertEqual(server, f'CoppeliaSim/{name} Linux')


@each_version()
class OptionTest(DataTest):
    async def test_option_maps(self, version):
        await self.serve(version, start='''simWS.start(0, {
            subprotocols = {'robot.v2', 'robot.v1'}, maxMessageSize = 1000, pingInterval = 0.5,
            host = '127.0.0.1', origins = 'https://lab.example', compression = nil})''')
        client = await self.connect(self.port, subprotocols=['robot.v1'], origin='https://lab.example')
        self.assertEqual(client.subprotocol, 'robot.v1')
        await client.send(bytes(1001))
        self.assertEqual((await self.closing(client))[0], 1009)

    async def test_maps_that_are_wrong(self, version):
        await self.serve(version)
        for options, expected in (
                ("{maxMesageSize = 1}", "unknown option 'maxMesageSize'"),
                ("{maxMessageSize = 'big'}", 'option maxMessageSize: expected int'),
                ("{maxMessageSize = 0}", 'option maxMessageSize must be'),
                ("{maxMessageSize = 1.5}", 'option maxMessageSize: expected int'),
                ("{host = 7}", 'option host: expected string'),
                ("{subprotocols = {1, 2}}", 'option subprotocols: expected'),
                ("{origins = {{}}}", 'option origins: expected'),
                ("{[1] = 'x'}", 'simWS.start: '), ("{[{}] = 'x'}", 'simWS.start: '),
                ("{a = 1, [1] = 2}", 'simWS.start: '), ("{x = {y = {z = {}}}}", "unknown option 'x'")):
            answer = await self.lua(f'return pcall(simWS.start, 0, {options})')
            self.assertIn(expected, answer, options)
        await self.lua('loop = {} loop.loop = loop')
        self.assertIn('simWS.start: ', await self.lua('return pcall(simWS.start, 0, loop)'))

    async def test_results_that_are_maps_and_lists(self, version):
        await self.serve(version, "handle('Open', function() print 'trace: open' end)")
        self.assertEqual(await self.lua('return #simWS.getConnections(server)'), '0')
        await self.connect(self.port, '/path', headers={'X-Robot': 'arm'})
        await self.line('trace: open')
        self.assertEqual(await self.lua('''
            local connections = simWS.getConnections(server)
            local info = simWS.getConnectionInfo(server, connections[1])
            local of = simWS.getServerInfo(server)
            return #connections, info.resource, info.headers['x-robot'], info.state, info.clean,
                math.type(info.queuedBytes), info.closeCode, of.connections, math.type(of.uptime)
            '''), '1\t/path\tarm\topen\tfalse\tinteger\tnil\t1\tfloat')

    async def test_constants(self, version):
        await self.serve(version)
        self.assertEqual(await self.lua('''
            return simWS.opcode.continuation, simWS.opcode.text, simWS.opcode.binary,
                simWS.opcode_binary, sim_ws_opcode_text'''), '0\t1\t2\t2\t1')

    async def test_named_parameters(self, version):
        await self.serve(version, parameters={
            'simWS.maxMessageSize': '1000', 'simWS.subprotocols': 'robot.v1',
            'simWS.userAgent': 'My robots', 'simWS.origins': '*'})
        client = await self.connect(self.port, subprotocols=['robot.v1'], origin='https://any.example')
        self.assertEqual(client.subprotocol, 'robot.v1')
        self.assertEqual((await self.fetch(self.port, '/'))[1]['Server'], 'My robots')
        await client.send(bytes(1001))
        self.assertEqual((await self.closing(client))[0], 1009)

    async def test_parameters_that_are_wrong(self, version):
        await self.serve(version)
        await self.do(self.simulator.command, 'param', 'simWS.maxMessageSize', 'big')
        self.assertIn('simWS.maxMessageSize', await self.lua('return pcall(simWS.start, 0)'))

    async def test_the_start_line_tells_how_to_open_up(self, version):
        await self.serve(version)
        line = (await self.line('.*simWS.host.*', 'stderr'))[0]
        self.assertIn('simWS.host=*', line)
        self.assertIn('simWS.origins=*', line)
        self.assertIn('arm', line)
        await self.serve(version, parameters={'simWS.host': '*', 'simWS.origins': '*'})
        self.assertFalse(self.simulator.logged('simWS.host'))

    async def test_a_port_that_is_taken(self, version):
        await self.serve(version)
        with socket.socket() as taken:
            taken.bind(('127.0.0.1', 0))
            taken.listen()
            port = taken.getsockname()[1]
            answer = await self.lua(f'return pcall(simWS.start, {port})')
            self.assertIn(str(port), answer)
            self.assertIn('in use', answer)
        self.assertTrue((await self.lua(f'return pcall(simWS.start, {port})')).startswith('true'))


class VerboseTest(DataTest):
    async def test_connections_are_logged_when_asked_for(self):
        for version in (V4_9, NEW):
            for verbose in ('1', '0'):
                await self.serve(version, parameters={'simWS.verbose': verbose})
                client = await self.connect(self.port)
                await self.until(lambda: self.simulator.lua(
                    'arm', 'return #simWS.getConnections(server)') == '1', 'open')
                await client.close()
                await self.do(self.simulator.quit)
                self.assertEqual(len(self.simulator.logged('openCallback')), int(verbose))


if __name__ == '__main__':
    unittest.main()
