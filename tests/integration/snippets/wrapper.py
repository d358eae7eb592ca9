"""Runs a snippet as it stands, but for where its servers listen: wrapper.py SNIPPET
As wrapper.lua, which see."""
import functools
import sys

import simWS


_servers = []


def _listen_here(start):
    @functools.wraps(start)
    def listen(port, options=None):
        server = start(0, {key: value for key, value in (options or {}).items() if key != 'host'})
        _servers.append(server)
        print('PORT', simWS.getServerInfo(server)['port'], flush=True)
        return server
    return listen


_probe = simWS.start(0)
simWS.setMessageHandler(_probe, simWS.send)
print('PROBE', simWS.getServerInfo(_probe)['port'], flush=True)
simWS.start = _listen_here(simWS.start)

sys.argv = sys.argv[1:]
with open(sys.argv[0]) as _file:
    exec(compile(_file.read(), sys.argv[0], 'exec'), globals())
if not _servers and 'sysCall_init' not in globals():
    print('NO PORT', flush=True)
