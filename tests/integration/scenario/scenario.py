"""Uses every function of simWS and writes down what comes of it: one line `trace: ...` each.

A client plays the other side (see play.py), one step after the other, so the lines and their order
are the same wherever this runs. A message that is the name of a command runs it; any other comes
back as it is. The same as scenario.lua, in Python.
"""
import sys

import simWS

sys.stdout.reconfigure(line_buffering=True)


def show(value):
    """What a value looks like in every language: text in quotes, long data by its size and a checksum."""
    if isinstance(value, list):
        return '[' + ', '.join(map(show, value)) + ']'
    if not isinstance(value, (str, bytes)):
        return word(value)
    data = value.encode() if isinstance(value, str) else value
    if len(data) > 60:
        checksum = 0
        for byte in data:
            checksum = (checksum * 31 + byte) % 65521
        return f'{len(data)} bytes, checksum {checksum}'
    return "'" + ''.join(chr(byte) if 32 <= byte < 127 else f'\\x{byte:02x}' for byte in data) + "'"


def word(value):
    if value is None:
        return 'nil'
    if isinstance(value, bytes):
        return value.decode()
    return str(value).lower() if isinstance(value, bool) else str(value)


def trace(*words):
    print('trace:', *map(word, words))


def attempt(what, function, *arguments):
    """Calls a function and writes down its result, or its error."""
    try:
        result = function(*arguments)
    except Exception as error:
        trace(what, 'raises', error)
        return error
    trace(what, 'gives', show(result))
    return result


# The servers; connections by the name they gave themselves in their path: `/ann`.
first = second = port = None
connections = {}
commands = {}
pages = {}


def command(name):
    return lambda function: commands.setdefault(name, function)


def page(name):
    return lambda function: pages.setdefault(name, function)


# ------------------------------------------------------------------------------------------------


class app:
    @staticmethod
    def onMessage(server, connection, data, opcode):
        trace('message', server, connection, opcode, show(data))
        if data in commands:
            return commands[data](server, connection)
        trace('echo gives', simWS.send(server, connection, data, opcode))


def onOpen(server, connection):
    info = simWS.getConnectionInfo(server, connection)
    trace('open', server, connection, info['resource'], info['state'])
    connections[info['resource'][1:]] = connection


def onClose(server, connection):
    info = simWS.getConnectionInfo(server, connection)
    trace('close', server, connection, info['state'], info['closeCode'], show(info['closeReason']),
          'clean' if info['clean'] else 'not clean', show(info['error']))
    attempt('send to a closed connection', simWS.send, server, connection, 'late')


@command('info')
def info(server, connection):
    info = simWS.getConnectionInfo(server, connection)
    for key in ('remoteAddress', 'resource', 'subprotocol', 'compression', 'queuedBytes',
                'roundTripTime', 'state', 'closeCode', 'closeReason', 'clean', 'error'):
        trace('info', key, show(info[key]))
    trace('info', 'x-robot', show(info['headers'].get('x-robot')))
    simWS.send(server, connection, 'done')


@command('server info')
def server_info(server, connection):
    info = simWS.getServerInfo(server)
    for key in ('host', 'tls', 'connections', 'messagesIn', 'messagesOut', 'dropped', 'refused',
                'queuedBytes'):
        trace('server', key, show(info[key]))
    trace('server is on its port', info['port'] == port)
    trace('server counts bytes', info['bytesIn'] > 0 and info['bytesOut'] > 0)
    trace('server counts time', info['uptime'] > 0)
    simWS.send(server, connection, 'done')


# ------------------------------------------------------------------------------------------------


@command('send')
def send(server, connection):
    long = '0123456789' * 7000
    attempt('send text', simWS.send, server, connection, 'text')
    attempt('send UTF-8', simWS.send, server, connection, 'Gr\u00fc\u00dfe, \u4e16\u754c')
    attempt('send binary', simWS.send, server, connection, b'\xff\0\xfe', simWS.opcode.binary)
    attempt('send no text', simWS.send, server, connection, '')
    attempt('send no bytes', simWS.send, server, connection, b'', simWS.opcode.binary)
    attempt('send long text', simWS.send, server, connection, long, simWS.sim_ws_opcode_text)
    attempt('send long data', simWS.send, server, connection, long.encode() + b'\xff',
            simWS.opcode_binary)
    attempt('send nil opcode', simWS.send, server, connection, 'default', None)


@command('fragments')
def fragments(server, connection):
    text, more = simWS.opcode.text, simWS.opcode.continuation
    attempt('first fragment', simWS.send, server, connection, b'a\xe4\xb8', text, {'fin': False})
    attempt('text within', simWS.send, server, connection, 'within')
    attempt('broadcast within', simWS.broadcast, server, 'to all but one')
    attempt('second fragment', simWS.send, server, connection, b'\x96b', more, {'fin': False})
    attempt('no UTF-8 within', simWS.send, server, connection, b'\xff', more)
    attempt('last fragment', simWS.send, server, connection, '', more)
    attempt('one too many', simWS.send, server, connection, 'c', more)
    attempt('broadcast after', simWS.broadcast, server, 'to all')


@command('broadcast')
def broadcast(server, connection):
    attempt('open connections', simWS.getConnections, server)
    attempt('broadcast text', simWS.broadcast, server, 'text for all')
    attempt('broadcast binary', simWS.broadcast, server, b'\0\xff', simWS.opcode.binary)
    attempt('broadcast on the other server', simWS.broadcast, second, 'nobody hears')


@command('close ben')
def close_ben(server, connection):
    ben = connections['ben']
    attempt('close', simWS.close, server, ben, 4001, 'the robot is taken')
    attempt('close again', simWS.close, server, ben)
    attempt('send while closing', simWS.send, server, ben, 'late')
    attempt('state while closing', lambda: simWS.getConnectionInfo(server, ben)['state'])
    attempt('broadcast while closing', simWS.broadcast, server, 'to the others')


@command('close me')
def close_me(server, connection):
    attempt('close', simWS.close, server, connection)


@command('after ben')
def after_ben(server, connection):
    ben = connections['ben']
    attempt('send', simWS.send, server, ben, 'late')
    attempt('send no UTF-8', simWS.send, server, ben, b'\xff', simWS.opcode.text)
    attempt('close', simWS.close, server, ben)
    attempt('info', simWS.getConnectionInfo, server, ben)
    simWS.send(server, connection, 'done')


# ------------------------------------------------------------------------------------------------


@command('errors')
def errors(server, connection):
    text = simWS.opcode.text
    attempt('no handle', simWS.send, 'robot', connection, '')
    attempt('no server', simWS.send, connection, connection, '')
    attempt('no connection', simWS.send, server, server, '')
    attempt('other server', simWS.send, second, connection, '')
    attempt('handler of no server', simWS.setOpenHandler, 'robot', 'onOpen')
    attempt('connections of no server', simWS.getConnections, 'robot')
    attempt('info of no server', simWS.getServerInfo, 'robot')
    attempt('stop of no server', simWS.stop, '')
    attempt('nothing to send', simWS.send, server, connection)
    attempt('too much to send', simWS.send, server, connection, '', 1, {}, 'more')
    attempt('a number', simWS.send, server, connection, 42)
    attempt('opcode 3', simWS.send, server, connection, '', 3)
    attempt('opcode as text', simWS.send, server, connection, '', 'binary')
    attempt('unknown option', simWS.send, server, connection, '', 1, {'final': True})
    attempt('wrong option', simWS.send, server, connection, '', 1, {'fin': 'no'})
    attempt('no UTF-8', simWS.send, server, connection, b'abc\xc0\x80', text)
    attempt('cut UTF-8', simWS.send, server, connection, b'abc\xe4\xb8', text)
    attempt('nothing begun', simWS.send, server, connection, 'a', simWS.opcode.continuation)
    attempt('over maxQueuedBytes', simWS.send, server, connection, 'x' * 300001)
    attempt('broadcast of a fragment', simWS.broadcast, server, 'a', simWS.opcode.continuation)
    attempt('broadcast of no UTF-8', simWS.broadcast, server, b'\xff', text)
    attempt('close code 1005', simWS.close, server, connection, 1005)
    attempt('close code 2000', simWS.close, server, connection, 2000)
    attempt('close code 70000', simWS.close, server, connection, 70000)
    attempt('long close reason', simWS.close, server, connection, 1000, 'r' * 124)
    attempt('close reason of no UTF-8', simWS.close, server, connection, 1000, '\udcff')
    attempt('handler that is a number', simWS.setMessageHandler, server, 42)
    attempt('port taken', simWS.start, port)
    simWS.send(server, connection, 'still open')


@command('raise')
def raise_on_purpose(server, connection):
    raise RuntimeError('on purpose')


# ------------------------------------------------------------------------------------------------


def restore_messages():
    simWS.setMessageHandler(first, 'app.onMessage')


pages['/page.html?unit=deg'] = lambda: (200, '<p>page</p>')
pages['/data'] = lambda: (201, b'\0\xff', {'Content-Type': 'application/x-robot'})
pages['/nil'] = lambda: None
pages['/empty'] = lambda: 204
pages['/nonsense'] = lambda: 'two hundred'


@page('/raise')
def raise_page():
    raise RuntimeError('on purpose')


@page('/restore')
def restore_page():
    restore_messages()
    return 200, 'restored'


def onHTTP(server, connection, resource, data, request):
    trace('http', server, connection, request['method'], resource, show(data))
    if resource in pages:
        return pages[resource]()
    return 200, data


@command('no messages')
def no_messages(server, connection):
    simWS.setMessageHandler(server, '')
    simWS.send(server, connection, 'done')


@command('missing function')
def missing_function(server, connection):
    simWS.setMessageHandler(server, 'app.missing')
    simWS.send(server, connection, 'done')


@command('no pages')
def no_pages(server, connection):
    simWS.setHTTPHandler(server, None)
    simWS.send(server, connection, 'done')


@command('replace function')
def replace_function(server, connection):
    usual = app.onMessage

    def other(server, connection, data):
        trace('the other function hears', server, connection, show(data))
        app.onMessage = staticmethod(usual)
        simWS.send(server, connection, 'replaced')

    app.onMessage = staticmethod(other)
    simWS.send(server, connection, 'done')


# ------------------------------------------------------------------------------------------------


def start():
    server = simWS.start(port or 0, {
        'subprotocols': ['robot.v2', 'robot.v1'], 'pingInterval': 0,
        'maxMessageSize': 200000, 'maxQueuedBytes': 300000,
    })
    simWS.setOpenHandler(server, 'onOpen')
    simWS.setMessageHandler(server, 'app.onMessage')
    simWS.setCloseHandler(server, onClose)
    simWS.setFailHandler(server, 'onFail')
    simWS.setHTTPHandler(server, 'onHTTP')
    return server


@command('stop')
def stop(server, connection):
    """Within stop only the close handler runs. The port is free when it returns."""
    global first
    simWS.broadcast(server, 'last words')
    trace('stopping')
    attempt('stop', simWS.stop, server)
    attempt('stop again', simWS.stop, server)
    attempt('send', simWS.send, server, connection, 'late')
    attempt('connections', simWS.getConnections, server)
    attempt('handler', simWS.setOpenHandler, server, 'onOpen')
    first = start()
    trace('started again', first, 'on the same port', simWS.getServerInfo(first)['port'] == port)
    attempt('old connection on the new server', simWS.send, first, connection, 'late')


@page('/end')
def end():
    """The last answer still leaves."""
    simWS.stop(second)
    simWS.stop(first)
    trace('end')
    return 200, 'the end'


def on_the_other_server(server, connection, *data):
    trace('on the other server', server, connection, *data)
    simWS.send(server, connection, 'heard')


attempt('port -1', simWS.start, -1)
attempt('port 65536', simWS.start, 65536)
attempt('port 80.5', simWS.start, 80.5)
attempt('port as text', simWS.start, '9000')
attempt('no port', simWS.start)
attempt('unknown option', simWS.start, 0, {'maxMesageSize': 1})
attempt('wrong option', simWS.start, 0, {'maxMessageSize': 'big'})
attempt('option out of range', simWS.start, 0, {'maxMessageSize': 0})
attempt('host that is none', simWS.start, 0, {'host': 'no.such.host'})

first = start()
port = simWS.getServerInfo(first)['port']
second = simWS.start(0)
simWS.setMessageHandler(second, on_the_other_server)
# Whose names Python before 3.11 prints.
trace('constants', *map(int, (simWS.opcode.continuation, simWS.opcode.text, simWS.opcode.binary)))


# Defined after its name was given to simWS.
def onFail(server, connection):
    info = simWS.getConnectionInfo(server, connection)
    trace('fail', server, connection, show(info['resource']), info['state'], info['error'])


trace('first listening', first, port)
trace('second listening', second, simWS.getServerInfo(second)['port'])

# A host of scripts serves by itself.
if 'sim' not in globals():
    simWS.run()
