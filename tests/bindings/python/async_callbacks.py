"""Handlers that are `async def`, with a loop that runs them and without one."""
import asyncio
import sys

import simWS

server = simWS.start(0)
order = []


async def on_message(server, connection, data):
    if data == 'fail':
        raise ValueError('this one fails later')
    if data == 'exit':
        raise SystemExit(6)
    if data == 'cancel':
        asyncio.current_task().cancel()
    order.append(data)
    await asyncio.sleep(0)
    if data == 'order':
        data = ' '.join(order)
    simWS.send(server, connection, data)
    if data == 'end':
        simWS.stop(server)
        done.set_result(None)


async def on_http(server, connection, resource, data):
    await asyncio.sleep(0)
    if resource == '/fail':
        raise ValueError('no answer')
    if resource == '/cancel':
        asyncio.current_task().cancel()
        await asyncio.sleep(0)
    if resource == '/nonsense':
        return 'two hundred'
    if resource == '/stop':
        simWS.stop(server)
        done.set_result(None)
    return None if resource == '/none' else (200, data, {'X-Path': resource})


class Later:
    """Anything that can be awaited will do."""

    def __init__(self, connection):
        self.connection = connection

    def __await__(self):
        yield from asyncio.sleep(0).__await__()
        simWS.send(server, self.connection, 'welcome')


def on_http_first(server, connection, resource, data):
    if resource == '/stopFirst':
        simWS.stop(server)
        done.set_result(None)
    return on_http(server, connection, resource, data)


simWS.setMessageHandler(server, on_message)
simWS.setHTTPHandler(server, on_http_first)
simWS.setOpenHandler(server, lambda server, connection: Later(connection))
print('PORT', simWS.getServerInfo(server)['port'], flush=True)


async def main():
    global done
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    loop.add_reader(simWS.fileno(), simWS.poll)
    await done
    loop.remove_reader(simWS.fileno())


if sys.argv[1] == 'loop':
    asyncio.run(main())
else:
    simWS.run()
print('END', flush=True)
