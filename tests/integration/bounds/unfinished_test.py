"""Peers that stop in the middle of requests and messages hold up nobody.

They are never timed out here, but where a test says so: who is served in spite of them didn't wait for that.
"""
import threading
import unittest

from bounds import BoundsTest, each_drive, host, plain_python, python_host, threaded_host
from raw_client import BINARY, frame

DRIVES = ((host, 'serve'), (threaded_host, 'serve'), (host, 'stepped'), (python_host, 'serve'),
          (plain_python, 'serve'), (plain_python, 'poll'))
NEVER = {'handshakeTimeout': 3600, 'keepAliveTimeout': 3600}
PATIENCE = 20  # seconds that a healthy client waits on a busy machine
ROUNDS = 100


def message(size, part):
    return frame(BINARY, bytes(size))[:part]


def body(name):
    head = f'POST / HTTP/1.1\r\nHost: {name}\r\nContent-Length: 1048576\r\n\r\n'
    return head.encode() + bytes(1048575)


class UnfinishedTest(BoundsTest):
    def crowd(self, count, data, handshake=True):
        """Peers that send this, as far as the server reads; and the threads in which they do."""
        peers = [self.client(f'/peer{i}', handshake=handshake) for i in range(count)]
        threads = [threading.Thread(target=self.send, args=[peer, data], daemon=True) for peer in peers]
        for thread in threads:
            thread.start()
        return peers, threads

    def send(self, peer, data):
        try:
            peer.send(data)
        except OSError:
            pass  # refused, or the test has ended

    def check_others(self, drive, count, data, handshake=True):
        self.serve(drive, **NEVER)
        witness = self.client('/witness')
        witness.socket.settimeout(PATIENCE)
        _, threads = self.crowd(count, data, handshake)
        for i in range(ROUNDS):
            self.serve_all_kinds(witness)
            if i > ROUNDS // 2 and not any(thread.is_alive() for thread in threads):
                break
        self.assertEqual(self.lines('^close witness', 'stdout'), [])

    def serve_all_kinds(self, witness):
        witness.echo()
        with self.new_client() as client:
            client.echo()
        with self.new_client(handshake=False) as client:
            client.send(b'GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n')
            self.assertTrue(client.receive_head().startswith(b'HTTP/1.1 200 '))

    def new_client(self, handshake=True):
        return self.client(handshake=handshake, timeout=PATIENCE)


@each_drive(DRIVES)
class Others(UnfinishedTest):
    def test_bodies(self, drive):
        self.check_others(drive, 20, body('localhost'), handshake=False)

    def test_bodies_of_strangers(self, drive):
        self.check_others(drive, 20, body('evil.example'), handshake=False)

    def test_half_of_the_largest_messages(self, drive):
        self.check_others(drive, 3, message(33_000_000, 17_000_000))

    def test_half_of_large_messages(self, drive):
        self.check_others(drive, 6, message(10_000_000, 5_000_000))

    def test_many_messages_of_medium_size(self, drive):
        self.check_others(drive, 500, message(65536, 63 << 10))


@each_drive(DRIVES)
class Ended(UnfinishedTest):
    def test_messages_that_get_no_further_while_others_wait(self, drive):
        self.serve(drive, handshakeTimeout=0.5, closeTimeout=0.5, pingTimeout=3600)
        self.crowd(6, message(10_000_000, 5_000_000))
        self.heard(r'^close peer\d 1013$')
        self.heard('1013', 'stderr')

    def test_large_messages_that_get_on_take_turns(self, drive):
        """All of them arrive, though they don't fit together."""
        self.serve(drive)
        whole = frame(BINARY, bytes(10_000_000))
        peers, _ = self.crowd(6, whole)
        for peer in peers:
            opcode, payload = peer.receive_message()
            self.assertEqual((opcode, len(payload)), (BINARY, 10_000_000))
        self.assertEqual(self.lines('^close', 'stdout'), [])


if __name__ == '__main__':
    unittest.main()
