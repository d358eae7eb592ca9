"""Stops its server inside the callback named by the first argument."""
import sys

import simWS

where = sys.argv[1]
server = simWS.start(0)
port = simWS.getServerInfo(server)['port']


def say(*words):
    print(*words, sep='\t', flush=True)


def reached(name):
    say(name)
    if name != where:
        return
    simWS.stop(server)
    say('stopped')
    for function in (simWS.stop, simWS.getServerInfo, simWS.getConnections):
        try:
            function(server)
        except simWS.Error as error:
            assert 'invalid object handle' in str(error), error
        else:
            raise AssertionError(function)
    # The port is free.
    simWS.stop(simWS.start(port))


def on_message(server, connection, data):
    simWS.send(server, connection, 'last words')
    reached('message')


def on_http(server, connection, resource, data):
    reached('http')
    return 200, 'answered'


def on_close(server, connection):
    info = simWS.getConnectionInfo(server, connection)
    say('close', info['closeCode'], str(info['clean']).lower())
    reached('closed')


simWS.setOpenHandler(server, lambda server, connection: reached('open'))
simWS.setFailHandler(server, lambda server, connection: reached('fail'))
simWS.setMessageHandler(server, on_message)
simWS.setHTTPHandler(server, on_http)
simWS.setCloseHandler(server, on_close)

say(f'PORT {port}')
if 'sim' not in globals():
    simWS.run()
say('END')
