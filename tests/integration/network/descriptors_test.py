"""A server whose descriptors run out, and come back."""
import os
import resource
import select
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

from network import DEADLINE, HANDSHAKE, NetworkServer, NetworkTest, RawClient, each_wire

CROWD = 10


class Descriptors(NetworkTest):
    def let_descriptors_run_out(self):
        """Returns a client that was there before, and those that come then."""
        self.serve()
        witness = self.client()
        most = self.server.descriptors() + 2
        resource.prlimit(self.server.pid, resource.RLIMIT_NOFILE, (most, most))
        crowd = [self.client(handshake=False) for _ in range(10)]
        for client in crowd:
            client.send(HANDSHAKE)
        return witness, crowd

    def test_descriptors_run_out_and_come_back(self):
        witness, crowd = self.let_descriptors_run_out()
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

    def test_a_program_may_be_started_without_standard_input_and_error(self):
        for closed in ((0,), (2,), (0, 2)):
            server = NetworkServer()
            closing = ' '.join(f'{number}>&-' for number in closed)
            server.start_by_shell(redirections=closing)
            with server:
                with RawClient(server.port) as client:
                    client.echo()
                for number in closed:
                    self.assertEqual(os.readlink(f'/proc/{server.pid}/fd/{number}'), '/dev/null')
                self.assertEqual(server.terminate(), 0, server.transcript())

    def test_it_is_said_once_and_those_who_wait_are_served_when_others_leave(self):
        witness, crowd = self.let_descriptors_run_out()
        self.server.wait_for(r'warning: .*out of (file )?descriptors.*limit')
        waiting = list(crowd)
        while waiting:
            # Whoever is served makes room for the next, which is looked for several times.
            served, _, _ = select.select([client.socket for client in waiting], [], [], DEADLINE)
            for client in [client for client in waiting if client.socket in served]:
                self.assertTrue(client.receive_head().startswith(b'HTTP/1.1 101 '))
                client.reset()
                waiting.remove(client)
            witness.echo()
        told = [line for line in self.server.stderr if 'warning: ' in line and 'descriptors' in line]
        self.assertEqual(len(told), 1, self.server.transcript())


@each_wire
class OnBothWires(NetworkTest):
    def test_who_waits_is_served_when_others_leave(self, tls):
        self.serve(tls=tls)
        witness = self.witness()
        holders = [self.client() for _ in range(5)]
        before, most = self.server.sockets(), self.server.descriptors()
        resource.prlimit(self.server.pid, resource.RLIMIT_NOFILE, (most, most))
        with ThreadPoolExecutor(CROWD) as threads:
            crowd = [threads.submit(self.visit) for _ in range(CROWD)]
            self.server.wait_for(r'warning: .*out of (file )?descriptors')
            witness.has_more(50)
            for holder in holders:
                holder.reset()
            for visit in crowd:
                visit.result()
        witness.has_more(50)
        self.until(lambda: self.server.sockets() == before - len(holders), 'descriptors are left open')
        self.assertLess(len(self.server.stderr), 20, 'log lines are few')

    def visit(self):
        client = self.client()
        client.echo()
        client.reset()


if __name__ == '__main__':
    unittest.main()
