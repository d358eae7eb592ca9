"""What the tests of served files share."""
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1] / 'support'), str(HERE.parent / 'client')]

from clients import ClientTest, answer_to  # noqa: E402, F401
from raw_client import RawClient  # noqa: E402, F401
from simws_host import DEADLINE, Host, Process  # noqa: E402, F401
from websocket_client import connect  # noqa: E402, F401

GIGABYTE = 1 << 30


class FilesHost(Host):
    """The script beside, with a folder."""

    def __init__(self, folder, options=()):
        super().__init__(HERE / 'files.lua', folder, options=options)

    def __enter__(self):
        super().__enter__()
        self.wait_for('^serves$', 'stdout')
        return self


def put(folder, **files):
    for name, content in files.items():
        path = folder / name.replace('__', '/')
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def make_sparse(path, size):
    path.touch()
    os.truncate(path, size)


def request(target, method='GET', fields=''):
    return f'{method} {target} HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n'.encode('latin-1')


def exchange(port, *arguments, **options):
    """The head and the body of the answer to one request."""
    with RawClient(port, handshake=False) as client:
        client.send(request(*arguments, fields='Connection: close\r\n' + options.pop('fields', ''), **options))
        return client.receive_head().decode('latin-1'), client.receive_end()


def receive_exactly(client, size):
    """So many bytes of a body, which are not kept."""
    taken = min(size, len(client.buffer))
    client.buffer = client.buffer[taken:]
    room = bytearray(1 << 20)
    while taken < size:
        got = client.socket.recv_into(room, min(size - taken, len(room)))
        assert got > 0, f'{taken} of {size} bytes'
        taken += got
