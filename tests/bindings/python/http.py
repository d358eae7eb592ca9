"""Answers of an http handler, right and wrong."""
import collections
import types

import simWS

server = simWS.start(0)


def broken(data, request):
    raise RuntimeError('broken')


def of_request(data, request):
    return 200, ' '.join([request['method'], request['headers'].get('x-robot', '-'),
                          request['remoteAddress'].rpartition(':')[0], data.decode()])


def unset(data, request):
    simWS.setHTTPHandler(server, None)
    return 200, 'unset'


def missing(data, request):
    simWS.setHTTPHandler(server, 'nowhere')
    return 200, 'missing'


def four(data, request):
    simWS.setHTTPHandler(server, lambda server, connection, resource, data: (200, resource + data.decode()))
    return 200, 'four'


reused = bytearray(b'buffer')


def buffer(data, request):
    reused.extend(b'!')  # nobody holds it any more
    return 200, reused


async def later(data, request):
    return 200, 'later'


answers = {
    '/plain.txt': lambda *_: (200, 'plain'),
    '/created': lambda *_: (201, 'made', {'Content-Type': 'text/x-made', 'X-Robot': 'R2'}),
    '/status': lambda *_: 204,
    '/float': lambda *_: (200.0, 'float'),
    '/nothing': lambda *_: None,
    '/nil': lambda *_: (None, 'not here'),
    '/binary': lambda *_: (200, b'\0\xff'),
    '/large': lambda *_: (200, 'x' * 3000000),
    '/error': broken,
    '/badStatus': lambda *_: ('200', 'x'),
    '/zero': lambda *_: (0, 'x'),
    '/huge': lambda *_: (2.0 ** 53, 'x'),
    '/larger': lambda *_: (10 ** 30, 'x'),
    '/badBody': lambda *_: (200, {}),
    '/badHeaders': lambda *_: (200, 'x', 'y'),
    '/proxy': lambda *_: (200, 'x', types.MappingProxyType({'X-Robot': 'R2'})),
    '/userDict': lambda *_: (200, 'x', collections.UserDict({'X-Robot': 'R2'})),
    '/badHeader': lambda *_: (200, 'x', {'Age': 5}),
    '/splitHeader': lambda *_: (200, 'x', {'A': 'b\r\nSet-Cookie: c'}),
    '/splitName': lambda *_: (200, 'x', {'A: b\r\nC': 'd'}),
    '/request': of_request,
    '/unset': unset,
    '/missing': missing,
    '/four': four,
    '/buffer': buffer,
    '/view': lambda *_: (200, memoryview(b'view')),
    '/tooMany': lambda *_: (200, 'x', {}, 'y'),
    '/async': later,
    '/generator': lambda *_: (answer for answer in (200, 'x')),
}


def on_http(server, connection, resource, data, request):
    return answers[resource.partition('?')[0]](data, request)


simWS.setHTTPHandler(server, on_http)

print('PORT', simWS.getServerInfo(server)['port'], flush=True)
if 'sim' not in globals():
    simWS.run({'threaded': True})
