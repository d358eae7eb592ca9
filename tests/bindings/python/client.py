"""A client of the server whose URI is the second argument; the first says what it does."""
import sys

import simWS

what, uri = sys.argv[1:]


def show(*words):
    """As Lua prints it."""
    print(*('nil' if word is None else str(word).lower() if isinstance(word, bool) else word for word in words), sep='\t')


def on_open(client, connection):
    show('open', simWS.getClientInfo(client)['state'])


def on_fail(client, connection):
    show('fail', simWS.getConnectionInfo(client, connection)['error'])


def on_close(client, connection):
    info = simWS.getConnectionInfo(client, connection)
    show('close', info['closeCode'], info['clean'], simWS.getClientInfo(client)['state'])


def on_message(client, connection, data, opcode):
    show('message', data, opcode)


def watch(client):
    simWS.setOpenHandler(client, on_open)
    simWS.setFailHandler(client, on_fail)
    simWS.setCloseHandler(client, 'on_close')
    simWS.setMessageHandler(client, on_message)


def echo():
    client = simWS.connect(uri, {'proxy': '', 'subprotocols': ['v2', 'v1'], 'headers': {'X-Robot': 'R2'}})
    watch(client)
    count = 0

    def opened(client, connection):
        info = simWS.getConnectionInfo(client, connection)
        show('open', info['subprotocol'], info['headers']['x-served'], len(simWS.getConnections(client)))
        assert simWS.send(client, connection, 'text')
        assert simWS.send(client, None, b'bin')
        assert simWS.send(serverHandle=client, connectionHandle=None, data='in ', options={'fin': False})
        assert simWS.send(client, connection, 'parts', simWS.opcode.continuation)

    def received(client, connection, data, opcode):
        nonlocal count
        show('message', data if isinstance(data, str) else data.decode(), opcode)
        count += 1
        if count < 3:
            return
        simWS.disconnect(client)
        try:
            simWS.getClientInfo(client)
        except simWS.Error as error:
            show('disconnected', False, error)

    simWS.setOpenHandler(client, opened)
    simWS.setMessageHandler(serverOrClientHandle=client, callbackFn=received)


def fail():
    client = simWS.connect(uri, {'proxy': ''})
    watch(client)

    def failed(client, connection):
        show('fail', simWS.getConnectionInfo(client, connection)['error'])
        info = simWS.getClientInfo(client)
        show('then', info['state'], info['attempts'], info['nextAttempt'], simWS.send(client, None, 'late'))

    simWS.setFailHandler(client, failed)


def reconnect():
    client = simWS.connect(uri, {'proxy': None, 'reconnect': {'initial': 0.01, 'max': 0.05}, 'keepQueue': True})
    watch(client)
    show('kept', simWS.send(client, None, 'first'))

    def closed(client, connection):
        show('close', simWS.getClientInfo(client)['state'], simWS.send(client, None, 'second'))

    def received(client, connection, data):
        show('message', data)
        if data == 'second':
            simWS.disconnect(client)

    simWS.setCloseHandler(client, closed)
    simWS.setMessageHandler(client, received)


def errors():
    server = simWS.start(0)
    client = simWS.connect('ws://127.0.0.1:1/', {'proxy': '', 'reconnect': True})

    def attempt(name, *arguments):
        try:
            getattr(simWS, name)(*arguments)
        except (simWS.Error, TypeError, ValueError) as error:
            show('error', False, error)
        else:
            show('error', True)

    attempt('connect', 'ftp://robot/')
    attempt('connect', 'ws://robot/', {'reconect': True})
    attempt('connect', 'ws://robot/', {'reconnect': {'inital': 1}})
    attempt('connect', 'ws://robot/', {'reconnect': {'jitter': 2}})
    attempt('connect', 'ws://robot/', {'reconnect': 5})
    attempt('connect', 'ws://robot/', {'headers': {'Host': 'other'}})
    attempt('connect', 'ws://robot/', {'headers': {'X-A': 5}})
    attempt('connect', 'ws://robot/', {'proxy': 'socks5://proxy'})
    attempt('disconnect', server)
    attempt('stop', client)
    attempt('broadcast', client, 'x')
    attempt('getServerInfo', client)
    attempt('setHTTPHandler', client, 'f')
    attempt('send', server, None, 'x')
    attempt('send', client, None, b'\xff', 1)
    simWS.disconnect(client)
    attempt('send', client, None, 'x')
    attempt('disconnect', client)
    simWS.stop(server)


scenarios = {'echo': echo, 'fail': fail, 'reconnect': reconnect, 'errors': errors}
scenarios[what]()
print('PORT 0', flush=True)
if 'sim' not in globals():
    simWS.run()
