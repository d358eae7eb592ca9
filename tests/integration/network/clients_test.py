"""Independent WebSocket clients: python3-websockets, aiohttp, and ws of Node."""
import asyncio
import os
import subprocess
import unittest
from pathlib import Path

import aiohttp
import websockets

from network import CLOSE, DEADLINE, PING, PONG, TEXT, NetworkTest, frame
from websocket_client import connect, extensions_of

SIZES = [0, 1, 125, 126, 127, 65535, 65536, 1_000_003]


class Websockets(NetworkTest):
    def run_with(self, talk, host='127.0.0.1', **options):
        async def run():
            # 'localhost' may be either address; the one asked for is taken.
            uri = f'ws://[{host}]:{port}/talk' if ':' in host else f'ws://{host}:{port}/talk'
            async with connect(uri, max_size=None, **options) as client:
                await asyncio.wait_for(talk(client), DEADLINE)
        port = self.serve(subprotocol='robot.v1')
        asyncio.run(run())

    def test_echoes_any_size(self):
        async def talk(client):
            for size in SIZES:
                for message in ('ä' * (size // 2), os.urandom(size), b'/' * size):
                    await client.send(message)
                    self.assertEqual(await client.recv(), message)
        self.run_with(talk, compression=None)

    def test_does_without_the_compression_offered(self):
        async def talk(client):
            await client.send('plain')
            self.assertEqual(await client.recv(), 'plain')
            self.assertEqual(extensions_of(client), [])
        self.run_with(talk)

    def test_ipv6(self):
        async def talk(client):
            await client.send('six')
            self.assertEqual(await client.recv(), 'six')
        self.run_with(talk, host='::1')

    def test_fragmented_messages(self):
        async def talk(client):
            await client.send(['a', '', 'b' * 100_000, 'c'])
            self.assertEqual(await client.recv(), 'a' + 'b' * 100_000 + 'c')
            await client.send('/fragments 5')
            self.assertEqual(await client.recv(), '0 1 2 3 4 ')
        self.run_with(talk)

    def test_ping(self):
        async def talk(client):
            for payload in (b'', b'p' * 125):
                await (await client.ping(payload))
        self.run_with(talk)

    def test_subprotocol(self):
        async def talk(client):
            self.assertEqual(client.subprotocol, 'robot.v1')
        self.run_with(talk, subprotocols=['chat', 'robot.v1'])

    def test_closes_by_the_client(self):
        async def talk(client):
            await client.close(4001, 'enough')
            self.assertEqual(client.close_code, 4001)
        self.run_with(talk)
        self.server.wait_for(r'^close 4001 clean enough$', 'stdout')

    def test_closes_by_the_server(self):
        async def talk(client):
            await client.send('/close 4002')
            with self.assertRaises(websockets.ConnectionClosed):
                await client.recv()
            self.assertEqual((client.close_code, client.close_reason), (4002, 'as ordered'))
        self.run_with(talk)
        self.server.wait_for(r'^close 4002 clean', 'stdout')

    def test_stop_sends_1001(self):
        async def talk(client):
            self.server.process.terminate()
            with self.assertRaises(websockets.ConnectionClosed):
                await client.recv()
            self.assertEqual(client.close_code, 1001)
        self.run_with(talk)


class ServersPing(NetworkTest):
    def test_the_server_pings_and_takes_the_pong(self):
        self.serve(ping_interval=0.05)
        client = self.client()
        for _ in range(5):
            opcode, payload = client.receive_frame()
            self.assertEqual(opcode, PING)
            client.send(frame(PONG, payload))

    def test_a_silent_peer_is_dropped(self):
        self.serve(ping_interval=0.05, ping_timeout=0.05)
        self.client()
        self.server.wait_for(r'^close 1006', 'stdout')


class Aiohttp(NetworkTest):
    def test_echo_and_http_on_one_port(self):
        async def run():
            timeout = aiohttp.ClientTimeout(DEADLINE)
            async with aiohttp.ClientSession(f'http://127.0.0.1:{port}', timeout=timeout) as session:
                async with session.ws_connect('/chat', max_msg_size=0) as client:
                    for size in SIZES:
                        await client.send_bytes(b'a' * size)
                        self.assertEqual(await client.receive_bytes(), b'a' * size)
                    await client.ping()
                    await client.close(code=4003)
                for _ in range(3):
                    async with session.post('/path?query', data=b'body') as answer:
                        self.assertEqual(answer.status, 200)
                        self.assertEqual(await answer.text(), 'POST /path?query\nbody')
        port = self.serve()
        asyncio.run(run())
        self.server.wait_for(r'^close 4003 clean', 'stdout')


class NodeWs(NetworkTest):
    def test_echo_ping_and_close(self):
        port = self.serve()
        environment = {**os.environ, 'NODE_PATH': '/usr/share/nodejs:/usr/lib/nodejs'}
        result = subprocess.run(
            ['node', Path(__file__).with_name('ws_client.js'), str(port)], env=environment,
            capture_output=True, text=True, timeout=DEADLINE)
        self.assertEqual((result.returncode, result.stderr), (0, ''), result.stdout)
        self.server.wait_for(r'^close 4004 clean from ws$', 'stdout')


class HalfClose(NetworkTest):
    def test_what_was_asked_before_the_end_is_still_answered(self):
        self.serve()
        client = self.client()
        client.send(frame(TEXT, b'x' * 200_000))
        client.finish()
        self.assertEqual(client.receive_message(), (TEXT, b'x' * 200_000))
        self.assertEqual(client.receive_end(), b'')
        self.server.wait_for(r'^close 1006', 'stdout')

    def test_close_without_answer_to_the_close(self):
        self.serve(close_timeout=0.1)
        client = self.client()
        client.send(frame(TEXT, b'/close 1000'))
        self.assertEqual(client.receive_frame()[0], CLOSE)
        self.assertEqual(client.receive_end(), b'')
        self.server.wait_for(r'^close 1006', 'stdout')


if __name__ == '__main__':
    unittest.main()
