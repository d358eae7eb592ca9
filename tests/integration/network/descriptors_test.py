"""A server whose descriptors run out, and come back."""
import resource
import select
import time
import unittest

from network import HANDSHAKE, NetworkTest


class Descriptors(NetworkTest):
    def test_descriptors_run_out_and_come_back(self):
        self.serve()
        witness = self.client()
        most = self.server.descriptors() + 2
        resource.prlimit(self.server.pid, resource.RLIMIT_NOFILE, (most, most))
        crowd = [self.client(handshake=False) for _ in range(10)]
        for client in crowd:
            client.send(HANDSHAKE)
        self.server.wait_for_count('open', 3)
        witness.echo()
        # Those that wait in the system's queue must not keep the server busy.
        served = [client for client in crowd if select.select([client.socket], [], [], 0)[0]]
        waiting = [client for client in crowd if client not in served]
        before, start = self.server.cpu_seconds(), time.monotonic()
        ready, _, _ = select.select([client.socket for client in waiting], [], [], 2)
        share = (self.server.cpu_seconds() - before) / (time.monotonic() - start)
        self.assertEqual(ready, [])
        self.assertLess(share, 0.5)
        witness.echo()
        for client in [*served, *waiting]:
            client.receive_head()
            client.reset()


if __name__ == '__main__':
    unittest.main()
