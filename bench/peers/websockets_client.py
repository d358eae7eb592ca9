#!/usr/bin/python3
"""The client with Python's websockets: websockets_client.py <port> <role> <connections>

It makes them one after the other, and echoes what comes on each.
"""

import asyncio
import sys

import websockets

uri, count = f'ws://127.0.0.1:{sys.argv[1]}/', int(sys.argv[3])


async def echo(connection):
    async for message in connection:
        await connection.send(message)


async def main():
    echoes = []
    for _ in range(count):
        connection = await websockets.connect(uri, max_size=None, compression=None, ping_interval=None)
        echoes.append(asyncio.ensure_future(echo(connection)))
    await asyncio.gather(*echoes)


asyncio.run(main())
