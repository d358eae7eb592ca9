#!/usr/bin/python3
"""The echo server with Python's aiohttp: aiohttp_echo.py <port>"""

import sys

from aiohttp import WSMsgType, web


async def echo(request):
    websocket = web.WebSocketResponse(compress=False)
    await websocket.prepare(request)
    async for message in websocket:
        if message.type == WSMsgType.TEXT:
            await websocket.send_str(message.data)
        elif message.type == WSMsgType.BINARY:
            await websocket.send_bytes(message.data)
    return websocket


app = web.Application()
app.router.add_get('/', echo)
web.run_app(app, host='127.0.0.1', port=int(sys.argv[1]), print=None)
