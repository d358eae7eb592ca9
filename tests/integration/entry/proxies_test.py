"""Whom a server behind a proxy takes a client for: the proxies send the address that they see, behind whatever the client
has written there."""
import http.client
import sys
import time
import unittest
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
sys.path[:0] = [str(FOLDER.parents[1] / 'support'), str(FOLDER.parent / 'client')]

from clients import answer_to_handshake  # noqa: E402
from proxies import REVERSE, Proxy  # noqa: E402
from simws_host import DEADLINE, Host  # noqa: E402

CLIENT = '127.0.0.9'  # the proxies ask from 127.0.0.1


def answer(port, **headers):
    """Status and headers of the answer to a page's request."""
    connection = http.client.HTTPConnection('127.0.0.1', port, timeout=DEADLINE, source_address=(CLIENT, 0))
    try:
        connection.request('GET', '/', headers={name.replace('_', '-'): value for name, value in headers.items()})
        response = connection.getresponse()
        response.read()
        return response.status, response.headers
    finally:
        connection.close()


class BehindAProxy:
    name = ''

    def serve(self, *options):
        self.host = self.enterContext(Host(FOLDER / 'serve.lua', *options))
        self.host.wait_for('^ready$', 'stdout')
        proxy = self.enterContext(Proxy(self.name, self.host.port))
        self.port = proxy.port
        end = time.monotonic() + DEADLINE
        while True:
            try:
                return answer(self.port)
            except OSError:  # it's about to listen
                self.assertLess(time.monotonic(), end, proxy.transcript())
                time.sleep(0.02)

    def test_its_word_is_taken_and_no_other(self):
        self.serve('trustedProxies=127.0.0.1')
        for forged in ({}, {'X_Forwarded_For': '198.51.100.1'}, {'X_Forwarded_For': '198.51.100.1, 127.0.0.1'},
                       {'X_Forwarded_For': '"'}):
            with self.subTest(forged):
                status, headers = answer(self.port, **forged)
                self.assertEqual((status, headers['X-Client']), (200, CLIENT))
        status, headers, _ = answer_to_handshake(self.port, headers={'X-Forwarded-For': '198.51.100.1'}, source=CLIENT)
        self.assertEqual((status, headers['X-Client']), (101, CLIENT))

    def test_without_the_option_it_asks_itself(self):
        self.serve()
        status, headers = answer(self.port)
        self.assertEqual(status, 200)
        self.assertRegex(headers['X-Client'], r'^127\.0\.0\.1:\d+$')


for name in REVERSE:
    globals()[name] = type(name, (BehindAProxy, unittest.TestCase), {'name': name})


if __name__ == '__main__':
    unittest.main()
