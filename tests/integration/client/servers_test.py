"""The client with WebSocket servers of others: each does all of this."""
import signal
import unittest

from servers import COMMANDS, ClientTest

SIZES = (0, 1, 125, 126, 65535, 65536, 1_000_003, 16 << 20)


class Talking:
    name = ''

    def open(self, **options):
        server = self.serve(self.name)
        client = self.connect(server, **options)
        client.expect('open ' + options.get('subprotocol', ''))
        return server, client

    def test_echoes_any_size(self):
        _, client = self.open()
        self.check_echo(client)
        for size in SIZES:
            client.order(f'bytes {size}')
            client.expect(f'binary {size} as sent')
        client.leave()

    def test_a_subprotocol(self):
        _, client = self.open(subprotocol='robot.v1')
        self.check_echo(client)
        client.leave()

    def test_fragments_both_ways(self):
        _, client = self.open()
        for order in ('part one ', 'rest two', 'text /fragments 5'):
            client.order(order)
        client.expect('text one two')
        client.expect('text 0 1 2 3 4 ')
        client.leave()

    def test_a_ping_is_answered(self):
        _, client = self.open()
        client.order('text /ping')
        client.expect('text pong there?')
        client.leave()

    def test_its_own_pings_are_answered(self):
        _, client = self.open(ping_interval='0.05')
        for _ in range(5):
            self.check_echo(client)
        client.leave()

    def test_the_server_closes(self):
        for code in (1000, 3000, 4002):
            _, client = self.open()
            client.order(f'text /close {code}')
            client.expect(f'close {code} clean as ordered')
            self.assertEqual(client.wait(), 0)

    def test_the_client_closes(self):
        _, client = self.open()
        client.order('close 4001')
        # aiohttp answers any Close so.
        client.expect_start('close 1000 clean' if self.name == 'aiohttp' else 'close 4001 clean')
        self.assertEqual(client.wait(), 0)

    def test_a_dropped_connection_comes_back(self):
        _, client = self.open(reconnect='0.01')
        client.order('text /drop')
        client.expect_start('close 1006')
        client.expect('open ')
        self.check_echo(client)
        client.leave()

    def test_a_killed_server_is_found_again(self):
        server, client = self.open(reconnect='0.05')
        port = server.port
        server.signal(signal.SIGKILL)
        client.expect_start('close 1006')
        client.expect_start('fail could not connect to 127.0.0.1')
        self.serve(self.name, port).port
        while client.expect('open ', lambda line, _: line.startswith(('fail', 'open '))) != 'open ':
            pass
        self.check_echo(client)
        client.leave()


for name in COMMANDS:
    globals()[name] = type(name, (Talking, ClientTest), {'name': name})

if __name__ == '__main__':
    unittest.main()
