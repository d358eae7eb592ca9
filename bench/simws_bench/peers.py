"""The table of servers and clients that are measured. Each is one program in bench/peers and one row here."""

import importlib.util
import os
import pathlib
import shutil
import subprocess
import sys
from dataclasses import dataclass

from simws_bench import BENCH, ROOT

PYTHON = '/usr/bin/python3'
ECHO, DEFLATE, TLS, FAN_OUT, PASS, SPIN = 'echo', 'deflate', 'tls', 'fan-out', 'pass', 'spin'
FAN_OUT_DEFLATE = 'fan-out-deflate'
CLIENT = 'client'  # of whom it's a client that is measured: it comes to the load generator
PLAIN = (ECHO, FAN_OUT)
WITH_TLS = (*PLAIN, TLS)
ALL = (ECHO, FAN_OUT, DEFLATE)
OURS = (*ALL, FAN_OUT_DEFLATE, TLS)


@dataclass(frozen=True)
class Peer:
    """What's started is `command <port> <role> options…`, where a client has the number of its connections instead of options.
    `needs` are files, of the build where they are relative,
    programs or 'python:module'."""

    name: str
    title: str
    command: tuple
    needs: tuple
    roles: tuple = ALL
    options: tuple = ()
    is_ours: bool = False
    is_raw: bool = False
    why_missing: str = ''


def compiled(source, title, why_missing='', name=None, kind='peer', **more):
    program = f'bench/bench_{source}_{kind}'
    return Peer(name or source, title, (program,), (program,), why_missing=why_missing, **more)


def python(module, *options):
    modules = (module, *options)
    return Peer('-'.join(modules), ', '.join(modules), (PYTHON, f'{BENCH}/peers/{module}_peer.py'),
                tuple(f'python:{name}' for name in modules), options=options,
                why_missing=' or '.join(f'python3-{name}' for name in modules) + ' is not installed')


def client(program, title, *modules, **more):
    return Peer(f'{program}-client', title, (PYTHON, f'{BENCH}/peers/{more.pop("file")}_client.py'),
                tuple(f'python:{name}' for name in modules) + more.pop('needs', ()), (CLIENT,), **more)


PEERS = (
    compiled('simws', 'simWS, C++', name='cpp', roles=OURS, is_ours=True),
    Peer('lua', 'simWS, Lua', ('{host}', 'run', f'{BENCH}/peers/simws_peer.lua'), ('{host}',), OURS, is_ours=True),
    Peer('python', 'simWS, Python', (PYTHON, f'{BENCH}/peers/simws_peer.py'), ('python/simWS',), OURS, is_ours=True),
    Peer('coppelia', 'simWS, CoppeliaSim', (PYTHON, f'{BENCH}/peers/coppelia_peer.py'),
         ('coppeliasim/libsimWS.so', '{simulator}'), (ECHO, FAN_OUT, PASS, SPIN), is_ours=True,
         why_missing='the plugin is not built'),
    compiled('raw', 'raw sockets', roles=PLAIN, is_raw=True),
    compiled('uws', 'uWebSockets', 'UWS_DIR and USOCKETS_DIR name no checkouts'),
    compiled('beast', 'Boost.Beast', roles=(*ALL, TLS)),
    compiled('websocketpp', 'websocketpp', 'libwebsocketpp-dev is not installed'),
    compiled('websocketpp', 'websocketpp, polled', 'libwebsocketpp-dev is not installed', 'websocketpp-polled',
             roles=(PASS, SPIN)),
    compiled('libwebsockets', 'libwebsockets', 'libwebsockets-dev is not installed'),
    Peer('nginx', 'nginx, Lua', (PYTHON, f'{BENCH}/peers/nginx_peer.py'), ('{nginx}/usr/sbin/nginx',), WITH_TLS,
         why_missing='its packages could not be had'),
    Peer('ws', 'Node ws', ('node', f'{BENCH}/peers/ws_peer.js'), ('node', '{ws}'),
         why_missing='node or its ws is not installed'),
    python('websockets'),
    python('websockets', 'uvloop'),
    python('aiohttp'),
    python('aiohttp', 'uvloop'),
    compiled('simws', "simWS, C++ client", name='cpp-client', kind='client', roles=(CLIENT,), is_ours=True),
    client('python', 'simWS, Python client', file='simws', needs=('python/simWS',), is_ours=True),
    compiled('beast', 'Boost.Beast client', name='beast-client', kind='client', roles=(CLIENT,)),
    client('websockets', 'websockets client', 'websockets', file='websockets',
           why_missing='python3-websockets is not installed'),
)
NAMES = tuple(peer.name for peer in PEERS)


class Places:
    """Where the programs of a build are, and what came for the peers."""

    def __init__(self, build):
        self.build = pathlib.Path(build).resolve()
        self.nginx = ROOT / 'build/peers/debian'
        self.node = ROOT / 'build/peers/node_modules'
        self.certificate = self.build / 'bench/certificate.pem'
        self.host = first_that_exists(self.build / 'bin/simws', self.build / 'src/host/simws')
        self._words = {
            'host': self.host,
            'simulator': first_that_exists(self.build / 'bench/coppeliasim/coppeliasim_host',
                                           self.build / 'tests/coppeliasim/host/coppeliasim_host'),
            'nginx': self.nginx, 'ws': first_that_exists(self.node / 'ws', '/usr/share/nodejs/ws')}

    def environment(self):
        return {**os.environ, 'PYTHONPATH': str(self.build / 'python'), 'NGINX_ROOT': str(self.nginx),
                'NODE_PATH': f'{self.node}:/usr/share/nodejs', 'COPPELIA_BUILD': str(self.build),
                'BENCH_CERTIFICATE': str(self.certificate)}

    def command(self, peer, role, port=0):
        program, *words = [word.format(**self._words) for word in peer.command]
        if (self.build / program).exists():
            program = str(self.build / program)
        return [program, *words, str(port), role, *peer.options]

    def has(self, peer):
        return all(self._has_one(need.format(**self._words)) for need in peer.needs)

    def _has_one(self, need):
        if need.startswith('python:'):
            return has_module(need.removeprefix('python:'))
        return (self.build / need).exists() or shutil.which(need) is not None

    def missing(self, names=NAMES):
        """The reasons why servers can't be measured, by name."""
        return {peer.name: peer.why_missing or 'it is not built' for peer in PEERS
                if peer.name in names and not self.has(peer)}


def first_that_exists(*paths):
    return next((path for path in map(pathlib.Path, paths) if path.exists()), pathlib.Path(paths[-1]))


def has_module(name):
    """Of Debian's Python, whoever runs this."""
    if os.path.realpath(PYTHON) == os.path.realpath(sys.executable):
        return importlib.util.find_spec(name) is not None
    return subprocess.run([PYTHON, '-c', f'import {name}'], stderr=subprocess.DEVNULL).returncode == 0


def peer_named(name):
    return next(peer for peer in PEERS if peer.name == name)
