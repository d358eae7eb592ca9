#!/usr/bin/python3
"""The server with Python's aiohttp: aiohttp_peer.py <port> <role> [uvloop]"""

import asyncio
import sys

from aiohttp import WSMsgType, web

port, role = int(sys.argv[1]), sys.argv[2]
websockets = set()


async def send(websocket, message):
    if message.type == WSMsgType.TEXT:
        await websocket.send_str(message.data)
    elif message.type == WSMsgType.BINARY:
        await websocket.send_bytes(message.data)


async def send_to_all(message):
    """Each in turn: only one whose buffer is full is waited for, by a task of its own."""
    for websocket in list(websockets):
        if not websocket.closed:
            await send(websocket, message)


async def serve(request):
    websocket = web.WebSocketResponse(compress=role == 'deflate', max_msg_size=0)
    await websocket.prepare(request)
    websockets.add(websocket)
    try:
        async for message in websocket:
            await (send_to_all(message) if role == 'fan-out' else send(websocket, message))
    finally:
        websockets.discard(websocket)
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
