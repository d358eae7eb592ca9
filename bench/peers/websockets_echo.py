#!/usr/bin/python3
"""The echo server with Python's websockets: websockets_echo.py <port>"""

import asyncio
import sys

import websockets


async def echo(websocket):
    async for message in websocket:
        await websocket.send(message)


async def main():
    async with websockets.serve(echo, '127.0.0.1', int(sys.argv[1]), compression=None):
        await asyncio.Future()


asyncio.run(main())
