"""python3-websockets in one way, whichever of its two clients a release has: the first until 13, the second from 14 on."""
import inspect

import websockets

_IS_SECOND = 'additional_headers' in inspect.signature(websockets.connect).parameters
_HEADERS = 'additional_headers' if _IS_SECOND else 'extra_headers'

# What `connect` raises when the answer to the handshake isn't 101.
Refused = websockets.InvalidStatus if _IS_SECOND else websockets.InvalidStatusCode


def connect(uri, headers=None, **options):
    """websockets.connect, with fields of the request besides."""
    return websockets.connect(uri, **{_HEADERS: headers}, **options)


def status_of(refusal):
    return refusal.response.status_code if _IS_SECOND else refusal.status_code


def extensions_of(client):
    """Those that the server has agreed to."""
    return client.protocol.extensions if _IS_SECOND else client.extensions
