#!/usr/bin/python3
"""The server with Python's websockets: websockets_peer.py <port> <role> [uvloop]"""

import asyncio
import sys

import websockets

port, role = int(sys.argv[1]), sys.argv[2]
connections = set()


async def echo(websocket, path=None):
    async for message in websocket:
        await websocket.send(message)


async def fan_out(websocket, path=None):
    connections.add(websocket)
    try:
        async for message in websocket:
            websockets.broadcast(connections, message)
    finally:
        connections.discard(websocket)


async def main():
    async with websockets.serve(
            fan_out if role == 'fan-out' else echo, '127.0.0.1', port, max_size=None, backlog=4096,
            compression='deflate' if role == 'deflate' else None) as server:
        print('port', server.sockets[0].getsockname()[1], flush=True)
        await asyncio.Future()


if 'uvloop' in sys.argv:
    import uvloop
    uvloop.install()
asyncio.run(main())
