"""Processes that are stopped for longer than pingTimeout: a peer's, and the server's own, in plain and over TLS."""
import select
import signal
import socket
import sys
import unittest
from pathlib import Path

from network import NetworkTest, each_wire
from simws_host import Process

PING = {'ping_interval': 0.2, 'ping_timeout': 1}


@each_wire
class StandStill(NetworkTest):
    def peer(self):
        """A well-behaved client in a process of its own."""
        script = Path(__file__).with_name('echo_peer.py')
        peer = self.enterContext(Process([sys.executable, '-B', script, self.server.port, 'tls' if self.tls else 'plain']))
        peer.wait_for('^open$', 'stdout')
        return peer

    def test_a_stopped_peer_is_dropped_alone_and_finds_its_end(self, tls):
        self.serve(tls=tls, **PING)
        witness, peer, other = self.witness(), self.peer(), self.peer()
        sockets = self.server.sockets()
        peer.process.send_signal(signal.SIGSTOP)
        self.server.wait_for(r'^close 1006 \(no sign of life within pingTimeout\)$', 'stdout')
        self.until(lambda: self.server.sockets() == sockets - 1, 'its descriptor is left open')
        witness.has_more(50)
        peer.process.send_signal(signal.SIGCONT)
        peer.wait_for('^end$', 'stdout')
        self.assertEqual(len(self.server.events('close')), 1)
        self.assertLessEqual(len(self.server.stderr), 2, 'log lines are few')
        self.assertIsNone(other.process.poll())

    def test_a_stopped_server_still_has_its_clients(self, tls):
        self.serve(tls=tls, **PING)
        witness, peers = self.witness(), [self.peer() for _ in range(3)]
        witness.has_more(1)
        self.server.process.send_signal(signal.SIGSTOP)
        late = self.enterContext(socket.create_connection(('127.0.0.1', self.server.port)))
        # Nothing can come from a process that stands still: this is how time passes, beyond its timeouts.
        self.assertEqual(select.select([late], [], [], 3)[0], [])
        self.server.process.send_signal(signal.SIGCONT)
        witness.has_more(50)
        self.client().echo()
        self.assertEqual(self.server.events('close 1006'), [])
        self.assertEqual([peer.process.poll() for peer in peers], [None] * 3)


if __name__ == '__main__':
    unittest.main()
