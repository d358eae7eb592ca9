"""Runs a snippet as it stands, but for where its servers listen and its clients connect: wrapper.py SNIPPET
As wrapper.lua, which see."""
import functools
import re
import sys

import simWS


_ports = []


def _listen(start, options=None):
    server = start(0, options)
    _ports.append(simWS.getServerInfo(server)['port'])
    return server


def _tell_port():
    print('PORT', _ports[-1], flush=True)


def _listen_here(start):
    @functools.wraps(start)
    def listen(port, options=None):
        server = _listen(start, {key: value for key, value in (options or {}).items() if key != 'host'})
        _tell_port()
        return server
    return listen


def _start_passing_on(start):
    server = _listen(start)

    def on_open(server, connection):
        simWS.setOpenHandler(server, lambda *_: None)
        _tell_port()

    def on_message(server, connection, data):
        simWS.broadcast(server, data, options={'except': [connection]})

    simWS.setOpenHandler(server, on_open)
    simWS.setMessageHandler(server, on_message)


def _connect_here(connect, start):
    @functools.wraps(connect)
    def connect_here(uri, options=None):
        if not _ports:
            _start_passing_on(start)
        return connect(re.sub(r'^(\w+://)([^/?]*@)?[^/?]*', rf'\1\2localhost:{_ports[-1]}', uri), options)
    return connect_here


_probe = simWS.start(0)
simWS.setMessageHandler(_probe, simWS.send)
print('PROBE', simWS.getServerInfo(_probe)['port'], flush=True)
simWS.start, simWS.connect = _listen_here(simWS.start), _connect_here(simWS.connect, simWS.start)

sys.argv = sys.argv[1:]
with open(sys.argv[0]) as _file:
    exec(compile(_file.read(), sys.argv[0], 'exec'), globals())
if not _ports and 'sysCall_init' not in globals():
    print('NO PORT', flush=True)
