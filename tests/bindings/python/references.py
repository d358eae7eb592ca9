"""Calls of every kind, right and wrong, over and over: nothing of what they're given is kept.

A client sends `round` messages; each runs all of them once. The counts of references to what the
calls use, and the memory of the process, are the same at the end as after the first rounds.
"""
import gc
import resource
import sys

import simWS

server = simWS.start(0)
ROUNDS = 200
watched = {
    'text': 'text ' * 100, 'bytes': b'bytes' * 100, 'bytearray': bytearray(100), 'view': memoryview(b'view'),
    'lone': '\ud800', 'options': {'fin': True}, 'wrong': {'fin': object()}, 'unknown': {'no': 1}, 'list': ['a', 'b'],
    'start': {'origins': ['a', 'b'], 'maxBodySize': 1000}, 'object': object(), 'server': server,
    'error': ValueError('on purpose'), 'large': 1 << 70,
}


def failing(server, connection, data, opcode):
    raise watched['error'].with_traceback(None)


class Handlers:
    def method(self, server, connection, data):
        pass

    def __call__(self, *arguments):
        return watched['list']


watched['callback'] = Handlers()
watched['failing'] = failing
watched['globals'] = globals()


def attempt(function, *arguments, **keywords):
    try:
        function(*arguments, **keywords)
    except (simWS.Error, TypeError, ValueError):
        pass


def work(connection):
    w = watched
    for data in (w['text'], w['bytes'], w['bytearray'], w['view'], w['lone'], w['object'], w['list'], w['large'], None):
        attempt(simWS.send, server, connection, data)
        attempt(simWS.send, serverHandle=server, connectionHandle=connection, data=data, opcode=simWS.opcode.binary)
        attempt(simWS.broadcast, server, data)
        attempt(simWS.send, 'x', connection, data)
        attempt(simWS.close, server, connection, data or w['object'])
        attempt(simWS.setOpenHandler, server, data)
    for options in (w['options'], w['wrong'], w['unknown'], w['start'], w['list'], w['large']):
        attempt(simWS.send, server, connection, w['text'], 1, options)
        attempt(simWS.send, server, data=w['text'], no=options)
        attempt(simWS.start, -1, options)
    for function in (w['callback'], w['callback'].method, w['failing'], 'failing', 'nowhere', '', None):
        for name in ('setOpenHandler', 'setFailHandler', 'setCloseHandler', 'setHTTPHandler'):
            getattr(simWS, name)(server, function)
    simWS.stop(simWS.start(0, w['start']))
    attempt(simWS.start, w['object'], w['object'], w['object'])
    for function in (simWS.getServerInfo, simWS.getConnections):
        function(server)
        attempt(function, w['object'])
    simWS.getConnectionInfo(server, connection)
    attempt(simWS.poll)
    attempt(simWS.run, w['unknown'])


def state():
    gc.collect()
    counts = {name: sys.getrefcount(value) for name, value in watched.items()}
    total = sys.gettotalrefcount() if hasattr(sys, 'gettotalrefcount') else 0
    return counts, total, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


rounds = 0
first = None


def on_message(server, connection, data):
    global rounds, first
    work(connection)
    rounds += 1
    if rounds == ROUNDS // 2:
        first = state()
    if rounds == ROUNDS:
        report(state())
        simWS.send(server, connection, 'done')
        simWS.stop(server)


def report(last):
    for name, count in first[0].items():
        if last[0][name] != count:
            print(f'FAILED: references to {name}: {count}, then {last[0][name]}', flush=True)
    grown = last[2] - first[2]
    if grown > 4096:
        print(f'FAILED: the process grew by {grown} KiB', flush=True)
    if last[1] - first[1] > ROUNDS // 4:
        print(f'FAILED: {last[1] - first[1]} references more in all', flush=True)
    print('DONE', flush=True)


simWS.setMessageHandler(server, on_message)
print('PORT', simWS.getServerInfo(server)['port'], flush=True)
simWS.run({'threaded': sys.argv[1] == 'threaded'})
