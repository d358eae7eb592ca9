"""The client with proxies between it and a server: those before a server, and one that it asks for a tunnel."""
import signal
import unittest

from proxies import PASSWORD, REVERSE, USER, Proxy
from servers import ClientTest

SIZES = (0, 125, 65536, 1_000_003)


class ProxyTest(ClientTest):
    def proxy(self, name, backend=0):
        return self.enterContext(Proxy(name, backend))

    def open(self, *place, **options):
        """A client that is connected; it tries until the proxy is there."""
        client = self.connect(*place, reconnect='0.02', **options)
        self.expect_open(client, options.get('subprotocol', ''))
        return client

    def expect_open(self, client, subprotocol=''):
        wanted = 'open ' + subprotocol
        while client.expect(wanted, lambda line, _: line == wanted or line.startswith('fail ')) != wanted:
            pass


class BeforeAServer:
    name = ''

    def setUp(self):
        self.server = self.serve('websockets')
        self.in_between = self.proxy(self.name, self.server.port)

    def test_talks(self):
        client = self.open(self.in_between.port, subprotocol='robot.v1', ping_interval='0.05')
        self.check_echo(client)
        for size in SIZES:
            client.order(f'bytes {size}')
            client.expect(f'binary {size} as sent')
        for order, answer in (('/ping', 'pong there?'), ('/fragments 3', '0 1 2 ')):
            client.order('text ' + order)
            client.expect('text ' + answer)
        client.leave()

    def test_both_close(self):
        client = self.open(self.in_between.port)
        client.order('text /close 4002')
        client.expect('close 4002 clean as ordered')
        self.assertEqual(client.wait(), 0)
        client = self.open(self.in_between.port)
        client.order('close 4001')
        client.expect_start('close 4001 clean')
        self.assertEqual(client.wait(), 0)

    def test_a_killed_server_is_found_again(self):
        client = self.open(self.in_between.port)
        port = self.server.port
        self.server.signal(signal.SIGKILL)
        client.expect_start('close 1006')
        client.expect_start('fail the server answered 50')
        self.serve('websockets', port).port
        self.expect_open(client)
        self.check_echo(client)
        client.leave()


for name in REVERSE:
    globals()[name] = type(name, (BeforeAServer, ProxyTest), {'name': name})


class Squid(ProxyTest):
    def setUp(self):
        self.server = self.serve('websockets')
        self.squid = self.proxy('squid')

    def address(self, user=''):
        return f'http://{user}127.0.0.1:{self.squid.port}'

    def test_a_tunnel_with_authorization(self):
        client = self.open(self.server.port, proxy=self.address(f'{USER}:{PASSWORD}@'))
        for size in SIZES:
            client.order(f'bytes {size}')
            client.expect(f'binary {size} as sent')
        client.order('text /close 4002')
        client.expect('close 4002 clean as ordered')
        self.assertEqual(client.wait(), 0)

    def test_without_authorization(self):
        for user in ('', f'{USER}:wrong@'):
            client = self.connect(self.server, proxy=self.address(user), reconnect='0.02')
            # It isn't there yet, maybe; a 407 is not tried again.
            while not client.expect_start('fail the proxy').startswith('fail the proxy answered 407'):
                pass
            self.assertEqual(client.wait(), 0)

    def test_a_server_that_is_away_is_tried_again(self):
        client = self.open(self.server.port, proxy=self.address(f'{USER}:{PASSWORD}@'))
        port = self.server.port
        self.server.signal(signal.SIGKILL)
        client.expect_start('close 1006')
        client.expect_start('fail the proxy answered 503')
        self.serve('websockets', port).port
        self.expect_open(client)
        client.leave()


if __name__ == '__main__':
    unittest.main()
