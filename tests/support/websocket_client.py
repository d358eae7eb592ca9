"""python3-websockets in one way, whichever of its two clients a release has: the first until 13, the second from 14 on."""
import asyncio
import inspect
import sys
import types

import websockets
import websockets.version


def _mend_release_9():
    """Ubuntu 22.04's passes `loop=None` to what takes no loop in its Python 3.10."""
    from websockets.legacy import protocol

    def without_loop(function):
        return lambda *arguments, loop=None, **options: function(*arguments, **options)

    mended = {name: without_loop(getattr(asyncio, name)) for name in ('Lock', 'sleep', 'wait', 'wait_for')}
    protocol.asyncio = types.SimpleNamespace(**{**vars(asyncio), **mended})


if websockets.version.version.startswith('9.') and sys.version_info >= (3, 10):
    _mend_release_9()

_PARAMETERS = inspect.signature(websockets.connect).parameters
_IS_SECOND = 'additional_headers' in _PARAMETERS
_HEADERS = 'additional_headers' if _IS_SECOND else 'extra_headers'
# Far beyond what a busy machine needs. The first client waited without an end until 10.
_PATIENCE = {'open_timeout': 60} if 'open_timeout' in _PARAMETERS else {}

# What `connect` raises when the answer to the handshake isn't 101.
Refused = websockets.InvalidStatus if _IS_SECOND else websockets.InvalidStatusCode


def connect(uri, headers=None, **options):
    """websockets.connect, with fields of the request besides."""
    return websockets.connect(uri, **{_HEADERS: headers}, **_PATIENCE, **options)


def status_of(refusal):
    return refusal.response.status_code if _IS_SECOND else refusal.status_code


def extensions_of(client):
    """Those that the server has agreed to."""
    return client.protocol.extensions if _IS_SECOND else client.extensions
