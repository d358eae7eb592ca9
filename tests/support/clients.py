"""What tests share that are clients of a server on this machine."""
import asyncio
import contextlib
import http.client
import inspect
import unittest
import urllib.error
import urllib.request

from simws_host import DEADLINE


def answer_to(url, data=None, method=None, headers=None):
    """Status, headers and body of the answer to an HTTP request."""
    request = urllib.request.Request(url, data=data, method=method, headers=headers or {})
    try:
        answer = urllib.request.urlopen(request, timeout=DEADLINE)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return answer.status, answer.headers, answer.read()


HANDSHAKE = {'Upgrade': 'websocket', 'Connection': 'Upgrade', 'Sec-WebSocket-Version': '13',
             'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ=='}


def answer_to_handshake(port, path='/', headers=None, source='127.0.0.1'):
    """Status, headers and body of the answer to a request for WebSocket from that address."""
    connection = http.client.HTTPConnection('127.0.0.1', port, timeout=DEADLINE, source_address=(source, 0))
    with contextlib.closing(connection):
        connection.request('GET', path, headers={**HANDSHAKE, **(headers or {})})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()


class ClientTest(unittest.IsolatedAsyncioTestCase):
    """A test whose own connections go on while it waits for something that blocks."""

    maxDiff = None

    async def do(self, function, *arguments):
        return await asyncio.to_thread(function, *arguments)

    async def closing(self, socket):
        """The code and the reason with which the server closes, once it does."""
        await asyncio.wait_for(socket.wait_closed(), DEADLINE)
        return socket.close_code, socket.close_reason


def each(values, name_of):
    """Decorates a class so that it has each of its tests once for every value: (self, value)."""
    def decorate(case):
        for name in [name for name in vars(case) if name.startswith('test_')]:
            method = getattr(case, name)
            delattr(case, name)
            for value in values:
                setattr(case, f'{name}__{name_of(value)}', bound(method, value))
        return case

    def bound(method, value):
        async def waiting_test(self):
            await method(self, value)

        def test(self):
            method(self, value)
        return waiting_test if inspect.iscoroutinefunction(method) else test

    return decorate
