"""A server by aiohttp: aiohttp_server.py PORT. What it does with orders says servers.py beside it. It has paths besides that
answer otherwise."""
import asyncio
import base64
import sys

import aiohttp
from aiohttp import web

PASSWORD = 'Basic ' + base64.b64encode(b'me:secret').decode()
busy = 2  # requests that are told so
free_again = 0


# It can send none by itself.
def send_fragments(transport, count):
    for i in range(count):
        payload = f'{i} '.encode()
        transport.write(bytes([(i == 0) | (i + 1 == count) << 7, len(payload)]) + payload)


async def obey(socket, order, argument, request):
    if order == '/close':
        await socket.close(code=int(argument), message=b'as ordered')
    elif order == '/ping':
        await socket.ping(b'there?')
    elif order == '/fragments':
        send_fragments(request.transport, int(argument))
    elif order == '/drop':
        request.transport.abort()


async def echo(request):
    socket = web.WebSocketResponse(max_msg_size=0, protocols=['robot.v1'], autoping=False)
    await socket.prepare(request)
    async for message in socket:
        if message.type == aiohttp.WSMsgType.PING:
            await socket.pong(message.data)
        elif message.type == aiohttp.WSMsgType.PONG:
            await socket.send_str('pong ' + message.data.decode())
        elif message.type == aiohttp.WSMsgType.BINARY:
            await socket.send_bytes(message.data)
        elif message.data.startswith('/'):
            order, _, argument = message.data.partition(' ')
            await obey(socket, order, argument, request)
        else:
            await socket.send_str(message.data)
    return socket


async def redirect(request):
    raise web.HTTPFound('/' if request.path == '/moved' else request.path)


async def guarded(request):
    if request.headers.get('Authorization') != PASSWORD:
        raise web.HTTPUnauthorized(headers={'WWW-Authenticate': 'Basic realm="robots"'})
    return await echo(request)


async def busy_at_first(request):
    global busy, free_again
    now = asyncio.get_running_loop().time()
    if now < free_again:
        raise web.HTTPTooManyRequests(text='sooner than it was asked to\n')
    if busy == 0:
        return await echo(request)
    busy -= 1
    free_again = now + 1
    raise web.HTTPServiceUnavailable(headers={'Retry-After': '1'}, text='come again\n')


async def chunked(request):
    response = web.StreamResponse(status=404)
    response.enable_chunked_encoding()
    await response.prepare(request)
    for part in (b'no ro', b'bot here', b'\nat all'):
        await response.write(part)
    await response.write_eof()
    return response


async def endless(request):
    response = web.StreamResponse(status=500)
    response.enable_chunked_encoding()
    await response.prepare(request)
    await response.write(b'it goes on\n')
    while True:
        await response.write(b'and on\n' * 100)
        await asyncio.sleep(0)


async def main():
    app = web.Application()
    app.add_routes([web.get('/', echo), web.get('/moved', redirect), web.get('/circle', redirect),
                    web.get('/guarded', guarded), web.get('/busy', busy_at_first), web.get('/chunked', chunked),
                    web.get('/endless', endless)])
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, '127.0.0.1', int(sys.argv[1]), reuse_address=True)
    await site.start()
    print('port', runner.addresses[0][1], flush=True)
    await asyncio.Future()


asyncio.run(main())
