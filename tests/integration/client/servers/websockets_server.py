"""A server by Python's websockets: websockets_server.py PORT. What it does with orders says servers.py beside it."""
import asyncio
import sys

import websockets


async def obey(socket, order, argument):
    if order == '/close':
        await socket.close(int(argument), 'as ordered')
    elif order == '/ping':
        await (await socket.ping(b'there?'))
        await socket.send('pong there?')
    elif order == '/fragments':
        await socket.send([f'{i} ' for i in range(int(argument))])
    elif order == '/drop':
        socket.transport.abort()


async def serve(socket, path=None):
    async for message in socket:
        if isinstance(message, str) and message.startswith('/'):
            # Beside the reader, which takes the pong.
            asyncio.ensure_future(obey(socket, *message.split(), *[''][len(message.split()) - 1:]))
        else:
            await socket.send(message)


async def main():
    async with websockets.serve(serve, '127.0.0.1', int(sys.argv[1]), max_size=None,
                                subprotocols=['robot.v1']) as server:
        print('port', server.sockets[0].getsockname()[1], flush=True)
        await asyncio.Future()


asyncio.run(main())
