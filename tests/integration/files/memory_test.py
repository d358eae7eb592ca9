"""A file of a gigabyte takes no more memory than two of its pieces, however slowly it's read."""
import re
import socket
import tempfile
import unittest
from pathlib import Path

from files import GIGABYTE, ClientTest, FilesHost, RawClient, make_sparse, receive_exactly, request

# Of the file's own: two pieces, and what the allocator and the threads that read take at first.
MOST = 4 << 20


def resident_bytes(pid):
    """The most that it was so far."""
    return int(re.search(r'VmHWM:\s+(\d+) kB', Path(f'/proc/{pid}/status').read_text())[1]) * 1024


class AGigabyte(ClientTest):
    def test_goes_to_a_slow_reader_in_constant_memory(self):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        (folder / 'sub').mkdir()
        (folder / 'small.txt').write_text('small')
        make_sparse(folder / 'large.bin', GIGABYTE)
        server = self.enterContext(FilesHost(folder))
        with RawClient(server.port, receive_buffer=4096, handshake=False) as client:
            client.send(request('/small.txt'))
            client.receive_head()
            receive_exactly(client, 5)
            before = resident_bytes(server.pid)
            client.send(request('/large.bin'))
            client.receive_head()
            for _ in range(1000):  # slowly
                receive_exactly(client, 1000)
            self.assertLess(resident_bytes(server.pid) - before, MOST)
            client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
            receive_exactly(client, GIGABYTE - 1000 * 1000)
            self.assertLess(resident_bytes(server.pid) - before, MOST)


if __name__ == '__main__':
    unittest.main()
