"""What scripts do as clients, of servers that websockets serves here."""
import unittest

import websockets

from programs import PYTHON_WAYS, ScriptTest, each_way
from simws_host import free_port


class Foreign:
    """An echo server that is somebody else's."""

    def __init__(self):
        self.requests = []
        self.port = 0
        self._server = None

    async def start(self, port=0):
        self._server = await websockets.serve(self.talk, '127.0.0.1', port, subprotocols=['v1'], **self.served())
        self.port = self._server.sockets[0].getsockname()[1]

    @staticmethod
    def served():
        """A field of the answer, as either of its two servers takes it."""
        if hasattr(websockets, 'asyncio') or int(websockets.version.version.split('.')[0]) >= 14:
            def add(connection, request, response):
                response.headers['X-Served'] = 'yes'
            return {'process_response': add}
        return {'extra_headers': {'X-Served': 'yes'}}

    async def stop(self):
        self._server.close()
        await self._server.wait_closed()

    async def talk(self, socket, *path):
        request = getattr(socket, 'request', None)
        self.requests.append(request.headers if request else socket.request_headers)
        async for message in socket:
            await socket.send(message)


@each_way()
class Client(ScriptTest):
    async def run_client(self, way, what, uri):
        await self.run_script(way, 'client', what, uri)

    async def lines(self):
        """What it has printed when it has ended, which it does when no event can come any more."""
        self.assertEqual(await self.exit_code(), 0, self.script.transcript())
        return [line for line in self.script.stdout if line != 'PORT 0']

    async def test_talks_to_a_server_that_others_wrote(self, way):
        server = Foreign()
        await server.start()
        self.addAsyncCleanup(server.stop)
        await self.run_client(way, 'echo', f'ws://127.0.0.1:{server.port}/path?query')
        *told, gone = await self.lines()
        self.assertEqual(told, ['open\tv1\tyes\t1', 'message\ttext\t1', 'message\tbin\t2', 'message\tin parts\t1',
                                'close\t1000\tfalse\tclosed'], self.script.transcript())
        self.assertRegex(gone, r'^disconnected\tfalse\t.*invalid object handle: .* \(the client has been disconnected')
        self.assertEqual(server.requests[0]['X-Robot'], 'R2')
        self.assertEqual(server.requests[0]['User-Agent'], 'simWS')

    async def test_that_can_bring_no_event_is_not_waited_for(self, way):
        await self.run_client(way, 'fail', f'ws://127.0.0.1:{free_port()}/')
        fail, then = await self.lines()
        self.assertRegex(fail, r'fail\tcould not connect to 127.0.0.1:\d+: Connection refused')
        self.assertEqual(then, 'then\tclosed\t1\tnil\tfalse')

    async def test_comes_back_with_what_was_kept(self, way):
        port = await self.do(free_port)
        await self.run_client(way, 'reconnect', f'ws://127.0.0.1:{port}/')
        await self.line('^fail\t')
        server = Foreign()
        await server.start(port)
        await self.line('^message\tfirst$')
        await server.stop()
        await self.line('^close\twaiting\ttrue$')
        await server.start(port)
        self.addAsyncCleanup(server.stop)
        await self.line('^message\tsecond$')
        told = [line for line in await self.lines() if not line.startswith('fail')]
        self.assertEqual(told, ['kept\ttrue', 'open\topen', 'message\tfirst', 'close\twaiting\ttrue',
                                'open\topen', 'message\tsecond', 'close\tclosed\tfalse'],
                         self.script.transcript())

    async def test_wrong_calls_are_errors_that_say_what_is_right(self, way):
        await self.run_client(way, 'errors', 'none')
        errors = [line.split('\t', 2)[2] for line in await self.lines()]
        is_python = way in PYTHON_WAYS
        text, nil, table = ('str', 'None', 'dict') if is_python else ('string', 'nil', 'map')
        yes, no = ('True', 'False') if is_python else ('true', 'false')
        for error, expected in zip(errors, (
                "connect: URI 'ftp://robot/' can't be used: write 'ws://host:port/path'",
                "connect: unknown option 'reconect'; the options are headers, ",
                "connect: unknown option 'reconnect.inital'; the options are initial, max, factor, jitter, attempts",
                'connect: option reconnect.jitter must be 0 to 1, not int 2',
                f'connect: option reconnect: expected {yes}, {no} or a {table}, got int 5',
                "connect: option headers: 'Host' can't be set: it follows from the URI",
                f'connect: option headers: expected a {table} of strings, got {table} with int 5',
                "connect: proxy 'socks5://proxy' can't be used",
                "disconnect: invalid object handle: 'simWS.Server:1' is a server; the client's handle",
                "stop: invalid object handle: 'simWS.Client:2' is a client; the server's handle",
                "broadcast: invalid object handle: 'simWS.Client:2' is a client; the server's handle",
                "getServerInfo: invalid object handle: 'simWS.Client:2' is a client; the server's handle",
                "setHTTPHandler: invalid object handle: 'simWS.Client:2' is a client; the server's handle",
                f'send: argument 2 (connectionHandle): expected {text}, got {nil} (only a client can be sent to without)',
                'send: text must be UTF-8, and is not at byte offset 0',
                "send: invalid object handle: 'simWS.Client:2' (the client has been disconnected",
                "disconnect: invalid object handle: 'simWS.Client:2' (the client has been disconnected"), strict=True):
            self.assertEqual(error[:len(expected) + 6], 'simWS.' + expected)


if __name__ == '__main__':
    unittest.main()
