"""Many connections, readers that don't read, and processes that stand still."""
import select
import signal
import time
import unittest

from network import CLOSE, HANDSHAKE, PING, PONG, TEXT, NetworkTest, RawClient, frame


class Connections(NetworkTest):
    def test_ten_thousand_in_a_row(self):
        self.serve()
        witness = self.client()
        before = self.server.descriptors()
        for i in range(10_000):
            with RawClient(self.server.port, handshake=i % 10 == 0) as client:
                if i % 10 == 0:
                    client.reset()
        witness.echo()
        self.server.wait_for_count('open', 1001)
        self.server.wait_for_count('close 1006', 1000)
        self.wait_for_descriptors(before)

    def wait_for_descriptors(self, count):
        witness = self.client()
        end = time.monotonic() + 60
        while self.server.descriptors() > count + 1:
            self.assertLess(time.monotonic(), end, 'descriptors are left open')
            witness.echo()

    def test_more_than_max_connections_are_told(self):
        self.serve(max_connections=2)
        first, second = self.client(), self.client()
        third = self.client(handshake=False)
        third.send(b'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
        answer = third.receive_end()
        self.assertTrue(answer.startswith(b'HTTP/1.1 503 '), answer)
        self.assertIn(b'Retry-After:', answer)
        first.echo()
        second.echo()


class Readers(NetworkTest):
    def test_one_that_never_reads_delays_nobody_and_is_dropped(self):
        self.serve(max_queued_bytes=1_000_000)
        never_reads = self.client(receive_buffer=4096)
        witness = self.client()
        for _ in range(100):
            witness.send(frame(TEXT, b'/broadcast 100000'))
            self.assertEqual(witness.receive_frame(), (TEXT, b'broadcast'))
        self.server.wait_for(r'^close 1013', 'stdout')
        witness.echo()
        self.assertEqual(len(self.server.events('close')), 1)
        del never_reads

    def test_one_that_reads_slowly_gets_all_in_order(self):
        self.serve()
        slow = self.client(receive_buffer=4096)
        witness = self.client()
        for size in range(0, 50_000, 500):
            witness.send(frame(TEXT, b'/broadcast %d' % size))
            self.assertEqual(witness.receive_frame(), (TEXT, b'broadcast'))
        for size in range(0, 50_000, 500):
            self.assertEqual(slow.receive_message(), (2, b'b' * size))
        slow.echo()


class StandStill(NetworkTest):
    def test_what_came_meanwhile_is_served(self):
        self.serve()
        client = self.client()
        self.server.process.send_signal(signal.SIGSTOP)
        client.send(frame(TEXT, b'meanwhile'))
        late = self.client(handshake=False)
        late.send(HANDSHAKE)
        self.server.process.send_signal(signal.SIGCONT)
        self.assertEqual(client.receive_frame(), (TEXT, b'meanwhile'))
        self.assertTrue(late.receive_head().startswith(b'HTTP/1.1 101 '))

    def test_a_pong_that_came_meanwhile_counts(self):
        self.serve(ping_interval=0.1, ping_timeout=2, handshake_timeout=2)
        client = self.client()
        arriving = self.client(handshake=False)
        arriving.send(b'GET / HTTP/1.1\r\n')
        opcode, payload = client.receive_frame()
        self.assertEqual(opcode, PING)
        self.server.process.send_signal(signal.SIGSTOP)
        client.send(frame(PONG, payload))
        arriving.send(b'Host: localhost\r\n\r\n')
        # Nothing can come from a process that stands still, beyond its timeouts.
        self.assertEqual(select.select([arriving.socket], [], [], 3)[0], [])
        self.server.process.send_signal(signal.SIGCONT)
        self.assertTrue(arriving.receive_head().startswith(b'HTTP/1.1 200 '))
        client.send(frame(CLOSE, b'\x03\xe8'))
        while client.receive_frame()[0] != CLOSE:
            pass
        self.server.wait_for(r'^close 1000 clean', 'stdout')


if __name__ == '__main__':
    unittest.main()
