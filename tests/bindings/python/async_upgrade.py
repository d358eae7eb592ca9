"""An upgrade handler that is `async def`: it decides when it's told to by a request."""
import asyncio

import simWS

server = simWS.start(0, {'handshakeTimeout': 5})
decisions = {}


async def on_upgrade(server, connection, request):
    decisions[request['path']] = asyncio.get_running_loop().create_future()
    print('asked', request['path'], flush=True)
    return await decisions[request['path']]


def on_http(server, connection, resource, data):
    path, _, what = resource.partition('?')
    answers = {'yes': (True, None, {'X-Robot': 'R2'}), 'no': (404, 'none'), 'nonsense': 'yes'}
    if what == 'fail':
        decisions[path].set_exception(ValueError('no decision'))
    else:
        decisions[path].set_result(answers[what])
    return 204


simWS.setUpgradeHandler(server, on_upgrade)
simWS.setHTTPHandler(server, on_http)
simWS.setFailHandler(server, lambda server, connection: print(
    'fail', simWS.getConnectionInfo(server, connection)['error'], flush=True))
print('PORT', simWS.getServerInfo(server)['port'], flush=True)


async def main():
    loop = asyncio.get_running_loop()
    loop.add_reader(simWS.fileno(), simWS.poll)
    await loop.create_future()


asyncio.run(main())
