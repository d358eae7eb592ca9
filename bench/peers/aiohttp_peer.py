#!/usr/bin/python3
"""The server with Python's aiohttp: aiohttp_peer.py <port> <role> [uvloop]"""

import asyncio
import collections
import sys

from aiohttp import WSMsgType, web

port, role = int(sys.argv[1]), sys.argv[2]
connections = set()


async def send(websocket, message):
    if message.type == WSMsgType.TEXT:
        await websocket.send_str(message.data)
    elif message.type == WSMsgType.BINARY:
        await websocket.send_bytes(message.data)


class Connection:
    """Sends at once what its reader takes at once; a task sends to one who is slow, so that nobody waits for that."""

    def __init__(self, websocket, transport):
        self.websocket, self.transport = websocket, transport
        self.waiting = collections.deque()
        self.task = None

    async def pass_on(self, message):
        if not self.waiting and self.transport.get_write_buffer_size() == 0:
            return await send(self.websocket, message)
        self.waiting.append(message)
        if len(self.waiting) == 1:
            self.task = asyncio.create_task(self.catch_up())

    async def catch_up(self):
        while self.waiting and not self.websocket.closed:
            await send(self.websocket, self.waiting[0])
            self.waiting.popleft()


async def send_to_all(message):
    for connection in list(connections):
        if not connection.websocket.closed:
            await connection.pass_on(message)


async def serve(request):
    websocket = web.WebSocketResponse(compress=role == 'deflate', max_msg_size=0)
    await websocket.prepare(request)
    connection = Connection(websocket, request.transport)
    connections.add(connection)
    try:
        async for message in websocket:
            await (send_to_all(message) if role == 'fan-out' else send(websocket, message))
    finally:
        connections.discard(connection)
    return websocket


async def main():
    app = web.Application()
    app.router.add_get('/', serve)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, '127.0.0.1', port, backlog=4096)
    await site.start()
    print('port', runner.addresses[0][1], flush=True)
    await asyncio.Future()


if 'uvloop' in sys.argv:
    import uvloop
    uvloop.install()
asyncio.run(main())
