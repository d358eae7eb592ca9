"""A server that runs out of memory, in plain and over TLS."""
import os
import resource
import unittest
from concurrent.futures import ThreadPoolExecutor

from network import BINARY, TEXT, NetworkTest, each_wire, frame

MIB = 1 << 20

# So that what is given back to the allocator goes back to the system too, whatever lies beside it.
os.environ['GLIBC_TUNABLES'] = 'glibc.malloc.mmap_threshold=65536'


@each_wire
class Memory(NetworkTest):
    """The server has 64 MiB more than it had, which some peers want for themselves."""

    def begin(self, tls):
        self.serve(tls=tls, ping_interval=0, handshake_timeout=60, max_queued_bytes=200 * MIB)
        self.watching = self.witness()
        self.watching.has_more(1)
        self.sockets, self.memory = self.server.sockets(), self.server.memory('VmRSS')
        self.limits = resource.prlimit(self.server.pid, resource.RLIMIT_AS)
        limit = self.server.memory('VmSize') + 64 * MIB
        resource.prlimit(self.server.pid, resource.RLIMIT_AS, (limit, self.limits[1]))

    def expect_all_goes_on(self):
        """Those who wanted too much are gone, and nobody else."""
        self.watching.has_more(50)
        self.until(lambda: self.server.sockets() == self.sockets, 'descriptors are left open')
        self.until(lambda: self.server.memory('VmRSS') < self.memory + 16 * MIB, 'memory is left')

    def expect_service_as_before(self):
        """Once memory is to be had again."""
        self.assertLess(len(self.server.stderr), 40, 'log lines are few')
        resource.prlimit(self.server.pid, resource.RLIMIT_AS, self.limits)
        client, message = self.client(), os.urandom(8 * MIB)
        at_once(lambda: client.send(frame(BINARY, message)),
                lambda: self.assertTrue(client.receive_message() == (BINARY, message)))

    def test_peers_that_send_more_than_there_is(self, tls):
        self.begin(tls)
        message = frame(BINARY, bytes(31 * MIB))
        for _ in range(3):
            clients = [self.client() for _ in range(6)]
            at_once(*[lambda client=client: send_and_leave(client, message) for client in clients])
            self.expect_all_goes_on()
        self.server.wait_for(r'^close 1006 \(out of memory\)$', 'stdout')
        self.expect_service_as_before()

    def test_peers_that_read_nothing(self, tls):
        self.begin(tls)
        for _ in range(3):
            readers, orders = [self.client(receive_buffer=4096) for _ in range(4)], self.client()
            for _ in range(40):
                if not told_to_broadcast(orders, 4_000_000):
                    break
            for client in [*readers, orders]:
                client.reset()
            self.expect_all_goes_on()
        self.expect_service_as_before()


def at_once(*works):
    with ThreadPoolExecutor(len(works)) as threads:
        for work in [threads.submit(work) for work in works]:
            work.result()


def send_and_leave(client, message):
    """It reads no echo."""
    client.socket.settimeout(3)
    try:
        client.send(message)
    except OSError:
        pass
    client.reset()


def told_to_broadcast(client, size):
    """False: it was dropped."""
    try:
        client.send(frame(TEXT, b'/broadcast %d' % size))
        return client.receive_frame() is not None
    except OSError:
        return False


if __name__ == '__main__':
    unittest.main()
