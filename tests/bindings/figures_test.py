"""What a server and its connections count, as scripts and `/metrics` have it."""
import json
import unittest

from programs import ScriptTest, each_way

TIMES = {'count', 'sum', 'p50', 'p90', 'p99', 'longest'}


@each_way()
class Figures(ScriptTest):
    async def ask(self, socket):
        await socket.send('figures')
        return json.loads(await socket.recv())

    async def test_of_a_connection_and_its_server(self, way):
        await self.run_script(way, 'figures')
        socket = await self.connect()
        first, second = await self.ask(socket), await self.ask(socket)
        told = second['connection']
        self.assertEqual((told['messagesIn'], told['messagesOut'], told['dropped'], told['queueAge']), (2, 1, 0, 0))
        self.assertGreater(told['bytesOut'], len(json.dumps(first, separators=(',', ':'))) // 2)
        self.assertGreaterEqual(told['bytesIn'], 13)  # the second one's own count when it has been handled
        server = second['server']
        counted = {name: server[name] for name in ('accepted', 'handshakes', 'httpRequests', 'linesLeftOut', 'retainedBytes')}
        self.assertEqual(counted, {'accepted': 1, 'handshakes': 1, 'httpRequests': 0, 'linesLeftOut': 0, 'retainedBytes': 0})
        self.assertEqual(server['pendingBytes'] >= 0, True)
        for name in ('roundTripTimes', 'queueWaits', 'passTimes', 'callbackTimes', 'stepLateness'):
            self.assertEqual(set(server[name]), TIMES, name)
        self.assertGreaterEqual(server['callbackTimes']['count'], 1)
        self.assertGreaterEqual(server['callbackTimes']['longest'], server['callbackTimes']['p50'])

    async def test_of_round_trips_come_with_pings(self, way):
        await self.run_script(way, 'figures')
        socket = await self.connect()
        while (await self.ask(socket))['server']['roundTripTimes']['count'] == 0:
            pass

    async def test_are_metrics_too(self, way):
        await self.run_script(way, 'figures')
        status, headers, body = await self.fetch('/metrics')
        self.assertEqual((status, headers['Content-Type']), (200, 'text/plain; version=0.0.4; charset=utf-8'))
        self.assertIn(b'\nsimws_callback_seconds_count ', body)


if __name__ == '__main__':
    unittest.main()
