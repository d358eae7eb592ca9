"""Handlers given by name, by dotted name and as functions; replaced, cleared, missing and failing."""
import functools
import gc
import inspect
import types
import unittest.mock
import weakref

import simWS

server = simWS.start(0)
commands = {}


class app:
    on = types.SimpleNamespace()


simWS.setOpenHandler(server, 'app.on.open')  # defined later
simWS.setCloseHandler(server, 'onClose')


def on_fail(*arguments):
    print('fail', len(arguments), simWS.getConnectionInfo(*arguments)['error'], sep='\t', flush=True)


simWS.setFailHandler(server, on_fail)


def on_open(*arguments):
    print('open', len(arguments), sep='\t', flush=True)


app.on.open = on_open


def onClose(server, connection):
    info = simWS.getConnectionInfo(server, connection)
    print('close', info['state'], info['closeCode'], info['closeReason'], str(info['clean']).lower(),
          sep='\t', flush=True)


def on_message(server, connection, data, opcode):
    if data in commands:
        commands[data](server, connection)
    else:
        simWS.send(server, connection, data, opcode)


simWS.setMessageHandler(server, on_message)


def restore():
    simWS.setMessageHandler(server, on_message)


def handler(name):
    """The message of that name makes the function the message handler."""
    def decorate(function):
        commands[name] = lambda server, connection: simWS.setMessageHandler(server, function)
        return function
    return decorate


def shown(data):
    return data.decode() if isinstance(data, bytes) else data


@handler('three')
def three(server, connection, data):
    simWS.send(server, connection, 'three: ' + shown(data))
    restore()


@handler('four')
def four(server, connection, data, opcode):
    simWS.send(server, connection, f'four: {shown(data)} {opcode}')
    restore()


@handler('any')
def any_number(*arguments):
    simWS.send(arguments[0], arguments[1], f'{len(arguments)} arguments')
    restore()


handler('byName')('app.on.message')
handler('missing')('app.nowhere.message')
handler('noFunction')('app.on')


@handler('failing')
def failing(server, connection, data):
    restore()
    raise ValueError('this one fails on ' + data)


class FailsToo(Exception):
    def __str__(self):
        return 'a table that fails'


@handler('failingWithTable')
def failing_too(server, connection, data):
    restore()
    raise FailsToo


def set_replacing(server, connection):
    # The function that runs now is still there when it has been replaced.
    def replacing(server, connection, data):
        restore()
        gc.collect()
        simWS.send(server, connection, 'replaced')

    simWS.setMessageHandler(server, replacing)


commands['replacing'] = set_replacing


def by_name(server, connection, data):
    simWS.send(server, connection, 'by name: ' + data)

    def replaced(*_):
        simWS.send(server, connection, 'replaced by name')
        restore()

    app.on.message = replaced


app.on.message = by_name


# Only Python has these.

class Robot:
    def bound(self, server, connection, data):
        simWS.send(server, connection, 'bound method: ' + data)
        restore()

    def __call__(self, server, connection, data, opcode):
        simWS.send(server, connection, f'object: {data} {int(opcode)}')
        restore()


class Counter(Robot):
    """A function that is a number too."""

    def __float__(self):
        return 1.5

    __index__ = __float__


class Steps(list):
    """A function that is a list too."""

    def __call__(self, server, connection, data):
        simWS.send(server, connection, f'{"".join(self)}: {data}')
        restore()


def echo(server, connection, data, *more):
    simWS.send(server, connection, f'mock: {data} {len(more)}')
    restore()


def with_prefix(prefix, server, connection, data):
    simWS.send(server, connection, f'{prefix}: {data}')
    restore()


def wrap(function):
    @functools.wraps(function)
    def wrapper(*arguments, **keywords):
        return function(*arguments, **keywords)
    return wrapper


@handler('wrapped')
@wrap
def wrapped(server, connection, data):
    simWS.send(server, connection, 'wrapped: ' + data)
    restore()


@handler('default')
def with_default(server, connection, data, opcode='none'):
    simWS.send(server, connection, f'default: {data} {opcode}')
    restore()


handler('bound')(Robot().bound)
handler('object')(Robot())
handler('number')(Counter())
handler('list')(Steps(['li', 'st']))
handler('mock')(unittest.mock.MagicMock(side_effect=echo))
handler('partial')(functools.partial(with_prefix, 'partial'))


signature = inspect.signature
asked = []


def counting_signature(function):
    asked.append(type(function))
    return signature(function)


inspect.signature = counting_signature


@handler('generator')
def generator(server, connection, data):
    yield simWS.send(server, connection, 'never')


@handler('asyncGenerator')
async def async_generator(server, connection, data):
    yield simWS.send(server, connection, 'never')


handler('iterator')(lambda server, connection, data: iter(()))


class Arm:
    def on_message(self, server, connection, data):
        simWS.send(server, connection, f'{data}: {len(asked)}')
        if data == 'last':
            restore()
            del app.arm


def by_method(server, connection):
    app.arm = Arm()
    arm = weakref.ref(app.arm)
    commands['arm'] = lambda server, connection: simWS.send(server, connection, str(arm()))
    asked.clear()
    simWS.setMessageHandler(server, 'app.arm.on_message')


commands['byMethod'] = by_method


def run(server, connection):
    for function in (simWS.run, simWS.poll):
        try:
            function()
        except simWS.Error as error:
            simWS.send(server, connection, f'false {error}')


def info(server, connection):
    info = simWS.getConnectionInfo(server, connection)
    simWS.send(server, connection, ' '.join([
        info['state'], info['resource'], info['headers']['x-robot'], info['subprotocol'],
        'nil' if info['closeCode'] is None else str(info['closeCode']),
        info['remoteAddress'].rpartition(':')[0]]))


def raises(error, function, *arguments):
    try:
        function(*arguments)
    except error as raised:
        return str(raised)
    raise AssertionError('no error')


def fragments(server, connection):
    more = {'fin': False}
    raises(simWS.Error, simWS.send, server, connection, 'x', simWS.opcode.continuation)
    raises(ValueError, simWS.send, server, connection, '\udcc3', simWS.opcode.text, more)
    assert simWS.send(server, connection, b'one \xc3', simWS.opcode.text, more)
    raises(simWS.Error, simWS.send, server, connection, 'x')
    assert simWS.broadcast(server, 'left out') == 0
    raises(ValueError, simWS.send, server, connection, '\udcbc', simWS.opcode.continuation, more)
    assert simWS.send(server, connection, b'\xbc', simWS.opcode.continuation, more)
    assert simWS.send(server, connection, ' three', simWS.opcode.continuation)


def not_text(server, connection):
    simWS.send(server, connection,
               raises(ValueError, simWS.send, server, connection, b'ab\xff', simWS.opcode.text))


def close(server, connection):
    for reason in ('\udcff', '\udcc3\udca9'):
        error = raises(ValueError, simWS.close, server, connection, 1000, reason)
        assert 'simWS.close: a close reason must be UTF-8, and is not at byte offset ' in error, error
        assert 'opcode' not in error
    assert simWS.close(server, connection, 4001, 'enough')
    assert not simWS.close(server, connection)
    assert not simWS.send(server, connection, 'too late')


def others(server, connection):
    simWS.broadcast(server, f'to {len(simWS.getConnections(server))}')


def all_but_me(server, connection):
    assert simWS.broadcast(server, 'nobody', None, {'to': []}) == 0
    assert simWS.broadcast(server, 'nobody', options={'to': connection, 'except': (connection,)}) == 0
    assert simWS.broadcast(server, 'for the others', options={'except': [connection]}) == 1
    assert simWS.broadcast(server, 'for me', options={'to': [connection, connection]}) == 1


commands.update({
    'all_but_me': all_but_me,
    'run': run, 'info': info, 'fragments': fragments, 'notText': not_text, 'close': close,
    'others': others, 'end': lambda server, connection: simWS.stop(server)})

print('PORT', simWS.getServerInfo(server)['port'], flush=True)
if 'sim' not in globals():
    simWS.run()
