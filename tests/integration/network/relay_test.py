"""Clients behind a relay of the test's own that delays, splits and drops what it carries."""
import asyncio
import random
import unittest

import websockets

from network import NetworkTest, each_wire
from raw_client import trusting_context
from relay import Relay
from websocket_client import connect

CLIENTS = 20
ECHOES = 30  # that each client needs


@each_wire
class BehindARelay(NetworkTest):
    def run_clients(self, tls, relay, needs_all_at_once):
        uri = f'{"wss" if tls else "ws"}://127.0.0.1:{relay.port}/'
        options = {'ssl': trusting_context()} if tls else {}

        async def echoes(client, chance, left):
            for number in range(left, 0, -1):
                message = chance.randbytes(chance.choice((0, 1, 125, 126, 1000, 5000)))
                await client.send(message)
                self.assertEqual(await client.recv(), message)
                left = number - 1
                yield left

        async def one(number):
            """Connects again as often as it takes; an echo is right, or the connection is gone."""
            chance, left = random.Random(number), ECHOES
            while left:
                try:
                    async with connect(uri, max_size=None, ping_interval=None, compression=None, **options) as client:
                        async for left in echoes(client, chance, left):
                            pass
                except (websockets.ConnectionClosed, websockets.InvalidMessage, OSError, EOFError):
                    self.assertFalse(needs_all_at_once)

        async def run():
            await asyncio.gather(*map(one, range(CLIENTS)))
        asyncio.run(run())

    def expect_each_end_is_told_once(self, dropped):
        self.until(lambda: len(self.server.events('close')) == len(self.server.events('open')), 'connections are left')
        lost = [line for line in self.server.events('close') if ' clean ' not in line]
        self.assertLessEqual(len(lost), dropped)
        for line in lost:
            self.assertRegex(line, r'^close 1006 \(.+\)$')
        return lost

    def test_all_arrives_however_late_and_split(self, tls):
        with Relay(self.serve(tls=tls, ping_interval=0), seed=1, dropping=0) as relay:
            witness = self.witness()
            self.run_clients(tls, relay, needs_all_at_once=True)
            witness.has_more(10)
            self.server.wait_for_count('close', CLIENTS)
        self.assertEqual(self.server.events('fail'), [])
        self.assertEqual(self.server.events('close'), ['close 1000 clean '] * CLIENTS)

    def test_dropped_connections_harm_nobody_else(self, tls):
        with Relay(self.serve(tls=tls, ping_interval=0), seed=2) as relay:
            witness = self.witness()
            self.run_clients(tls, relay, needs_all_at_once=False)
            witness.has_more(10)
            self.assertGreater(relay.dropped, 0)
        witness.leave()
        self.assertGreater(len(self.expect_each_end_is_told_once(relay.dropped + 1)), 1)


if __name__ == '__main__':
    unittest.main()
