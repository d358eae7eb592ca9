"""What the tests of the examples share."""
import asyncio
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / 'support'))

from clients import ClientTest, answer_to  # noqa: E402
from simws_host import DEADLINE, Host  # noqa: E402
from websocket_client import connect  # noqa: E402


class ExampleTest(ClientTest):
    """Runs the script named by the class for each test, and stops it as its user would."""

    script = ''

    async def asyncSetUp(self):
        self.host = self.enterContext(Host(self.script, 0))
        self.port = await self.do(lambda: self.host.port)

    async def asyncTearDown(self):
        code = await self.do(self.host.terminate)
        self.assertEqual(code, 0, self.host.transcript())

    async def connect(self):
        # Without a bound on what waits to be read, so that what a test doesn't read holds up nothing.
        socket = await connect(f'ws://localhost:{self.port}/', max_queue=None)
        self.addAsyncCleanup(socket.close)
        return socket

    async def fetch(self, path, data=None, method=None):
        """Status, headers and body of the answer to an HTTP request."""
        return await self.do(answer_to, f'http://localhost:{self.port}{path}', data, method)


async def receive(socket, wanted=lambda message: True):
    """The next message, decoded, that is wanted; others are passed over."""
    async def next_wanted():
        while True:
            message = json.loads(await socket.recv())
            if wanted(message):
                return message
    return await asyncio.wait_for(next_wanted(), DEADLINE)


async def receive_type(socket, kind):
    return await receive(socket, lambda message: message['type'] == kind)


async def send(socket, **message):
    await socket.send(json.dumps(message))
