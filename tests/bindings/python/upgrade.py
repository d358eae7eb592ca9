"""Decisions of an upgrade handler, right and wrong, by the path that is asked for."""
import simWS

server = simWS.start(0, {'subprotocols': ['v1']})


def broken(request):
    raise RuntimeError('broken')


def of_request(request):
    return True, None, {'X-Request': ' '.join([
        request['method'], request['resource'], request['query']['a'], request['query']['b c'],
        request['headers']['x-robot'], 'nil' if request['origin'] is None else request['origin'],
        '+'.join(request['subprotocols']), request['remoteAddress'].rpartition(':')[0]])}


def unset(request):
    simWS.setUpgradeHandler(server, None)
    return True


def missing(request):
    simWS.setUpgradeHandler(server, 'nowhere')
    return True


def stop(request):
    simWS.stop(server)
    return True


async def later(request):
    return True


answers = {
    '/yes': lambda _: True,
    '/headers': lambda _: (True, None, {'X-Robot': 'R2'}),
    '/no': lambda _: False,
    '/full': lambda _: (503, 'full', {'Retry-After': '9'}),
    '/float': lambda _: 404.0,
    '/nothing': lambda _: None,
    '/nil': lambda _: (None,),
    '/ok': lambda _: 200,
    '/text': lambda _: 'true',
    '/error': broken,
    '/body': lambda _: (True, 'body'),
    '/misplaced': lambda _: (True, {'X-Robot': 'R2'}),
    '/own': lambda _: (True, None, {'Upgrade': 'h2c'}),
    '/split': lambda _: (True, None, {'A': 'b\r\nSet-Cookie: c'}),
    '/request': of_request,
    '/unset': unset,
    '/missing': missing,
    '/stop': stop,
    '/async': later,
    '/truthy': lambda _: [True],
}


def on_upgrade(server, connection, request):
    assert simWS.getConnectionInfo(server, connection)['state'] == 'connecting'
    return answers[request['path']](request)


simWS.setUpgradeHandler(server, on_upgrade)
simWS.setOpenHandler(server, lambda server, connection: print('open', flush=True))
simWS.setFailHandler(server, lambda server, connection: print(
    'fail', simWS.getConnectionInfo(server, connection)['error'], flush=True))

print('PORT', simWS.getServerInfo(server)['port'], flush=True)
if 'sim' not in globals():
    simWS.run({'threaded': True})
