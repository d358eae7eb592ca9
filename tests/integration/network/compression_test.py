"""Compression with independent clients: python3-websockets, aiohttp, and ws of Node, whoever takes contexts over."""
import asyncio
import itertools
import os
import subprocess
import unittest
from pathlib import Path

import aiohttp
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory

from network import DEADLINE, NetworkTest
from websocket_client import connect, extensions_of

WHO = ('none', 'server', 'client', 'both')
MESSAGES = ['', 'x', 'Grüße ' * 20, '{"joint": 1, "angle": 0.5}' * 40, '{"joint": 1, "angle": 0.5}' * 41, os.urandom(5000),
            b'state ' * 200_000, 'a message like the one before', 'a message like the one before']


class Websockets(NetworkTest):
    def talk(self, port, factory):
        async def run():
            async with connect(f'ws://127.0.0.1:{port}/', max_size=None, compression=None, extensions=[factory]) as client:
                self.assertEqual([extension.name for extension in extensions_of(client)], ['permessage-deflate'])
                for message in MESSAGES:
                    await asyncio.wait_for(client.send(message), DEADLINE)
                    self.assertEqual(await asyncio.wait_for(client.recv(), DEADLINE), message)
                await client.send(['in ', 'three ', 'parts ' * 1000])
                self.assertEqual(await client.recv(), 'in three ' + 'parts ' * 1000)
                await client.send('/fragments 30')
                self.assertEqual(await client.recv(), ''.join(f'{i} ' for i in range(30)))
        asyncio.run(run())

    def test_every_combination_of_contexts(self):
        for who in WHO:
            port = self.serve(compression=who)
            for server, client in itertools.product((False, True), repeat=2):
                with self.subTest(who=who, server=server, client=client):
                    self.talk(port, ClientPerMessageDeflateFactory(
                        server_no_context_takeover=not server, client_no_context_takeover=not client))

    def test_every_window(self):
        port = self.serve(compression='both')
        for server, client in itertools.product((9, 12, 15), repeat=2):
            with self.subTest(server=server, client=client):
                self.talk(port, ClientPerMessageDeflateFactory(
                    server_max_window_bits=server, client_max_window_bits=client))

    def test_others_go_without(self):
        async def run():
            async with connect(f'ws://127.0.0.1:{port}/', compression=None) as client:
                await client.send('/compression')
                self.assertEqual(await client.recv(), 'plain')
        port = self.serve(compression='none')
        asyncio.run(run())

    def test_a_broadcast_reaches_all(self):
        async def run():
            uri = f'ws://127.0.0.1:{port}/'
            async with connect(uri) as sender, connect(uri) as compressed, connect(uri, compression=None) as plain:
                await sender.send('/broadcast 100000')
                self.assertEqual(await sender.recv(), 'broadcast')
                for client in (compressed, plain):
                    self.assertEqual(await client.recv(), b'b' * 100_000)
        port = self.serve(compression='none')
        asyncio.run(run())


class Aiohttp(NetworkTest):
    def test_echoes(self):
        async def run():
            timeout = aiohttp.ClientTimeout(DEADLINE)
            async with aiohttp.ClientSession(f'http://127.0.0.1:{port}', timeout=timeout) as session:
                async with session.ws_connect('/', max_msg_size=0, compress=15) as client:
                    await client.send_str('/compression')
                    self.assertEqual(await client.receive_str(), 'compressed')
                    for message in MESSAGES:
                        await (client.send_str if isinstance(message, str) else client.send_bytes)(message)
                        self.assertEqual((await client.receive()).data, message)
        for who in WHO:
            with self.subTest(who):
                port = self.serve(compression=who)
                asyncio.run(run())


class NodeWs(NetworkTest):
    def test_echoes(self):
        environment = {**os.environ, 'NODE_PATH': '/usr/share/nodejs:/usr/lib/nodejs'}
        for who in WHO:
            with self.subTest(who):
                port = self.serve(compression=who)
                result = subprocess.run(
                    ['node', Path(__file__).with_name('ws_compressing.js'), str(port)], env=environment,
                    capture_output=True, text=True, timeout=DEADLINE)
                self.assertEqual((result.returncode, result.stderr), (0, ''), result.stdout)


if __name__ == '__main__':
    unittest.main()
