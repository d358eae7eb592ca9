"""What peers that don't read can make a server hold, all together."""
import os
import resource
import signal
import threading
import unittest
import zlib
from unittest.mock import patch

from bounds import ALL, MIB, BoundsTest, each_drive, host, plain_python, threaded_host
from raw_client import BINARY, CLOSE, HANDSHAKE, frame

PEERS = 30
PENDING = 16 * MIB  # maxPendingBytes
SLACK = 48 * MIB  # messages that are being handled, the language's garbage
ALLOCATOR = 4 / 3  # what it takes from the system for what it's asked for
GIB = 1 << 30
RSV1 = 0x40


class MemoryTest(BoundsTest):
    def serve(self, drive, **options):
        super().serve(drive, closeTimeout=0.2, **options)
        self.witness = self.client('/witness')
        self.before = self.memory('VmRSS')
        self.addCleanup(self.check_end, drive)

    def check_end(self, drive):
        """A loop of the program's own is simply ended by the signal."""
        self.assertEqual(self.tell(self.witness, 'still here'), 'still here')
        code = -signal.SIGTERM if drive[1] == 'poll' else 0
        self.assertEqual(self.script.terminate(), code, self.script.transcript())

    def check_memory(self, bound):
        grown = self.memory('VmHWM') - self.before
        self.assertLessEqual(grown, bound * ALLOCATOR + PENDING + SLACK, f'{grown / MIB:.0f} MiB')

    def leave_no_more_than_a_gibibyte(self):
        """What an unbounded server would need is not to be had."""
        limit = self.memory('VmSize') + GIB
        resource.prlimit(self.script.pid, resource.RLIMIT_AS, (limit, limit))

    def at_once(self, work):
        """Does it for each peer in a thread of its own."""
        threads = [threading.Thread(target=work, args=[i]) for i in range(PEERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


@each_drive(((host, 'serve'), (threaded_host, 'serve'), (plain_python, 'serve'), (plain_python, 'poll')))
class Echoes(MemoryTest):
    def test_peers_that_never_read_their_echoes(self, drive):
        self.serve(drive)
        self.leave_no_more_than_a_gibibyte()
        peers = [self.client(f'/peer{i}', receive_buffer=4096) for i in range(PEERS)]
        message = frame(BINARY, bytes(1_000_000))

        def send_all(i):
            try:
                for _ in range(64):
                    peers[i].send(message)
            except OSError:
                pass  # it was closed

        self.at_once(send_all)
        self.heard(r'^close peer\d+ 1013$')
        self.assertNotEqual(self.lines('maxTotalQueuedBytes'), [], self.script.transcript())
        self.assertEqual(self.tell(self.witness, 'still here'), 'still here')
        self.check_memory(256 * MIB)


@each_drive(((host, 'serve'), (host, 'stepped'), (threaded_host, 'serve'), (plain_python, 'serve')))
class Answers(MemoryTest):
    def test_clients_that_never_read_their_answers(self, drive):
        self.serve(drive, maxQueuedBytes=MIB, maxTotalQueuedBytes=64 * MIB,
                   handshakeTimeout=600, keepAliveTimeout=600)  # beyond what a busy machine needs
        size = 10 * MIB
        peers = [self.client(handshake=False, receive_buffer=65536) for _ in range(PEERS)]
        for peer in peers:
            peer.send(b'GET /size/%d HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' % size)
            self.witness.echo()
        while len(self.lines('^asked for /size', 'stdout')) < PEERS:
            self.witness.echo()
        self.witness.echo()
        self.check_memory(64 * MIB + 3 * size)  # the script makes each body anew, which is garbage then

        answers = [None] * PEERS

        def receive(i):
            answers[i] = peers[i].receive_end()

        self.at_once(receive)
        refused = [answer for answer in answers if answer.startswith(b'HTTP/1.1 500 ')]
        whole = [answer for answer in answers if answer.endswith(b'\r\n\r\n' + b'x' * size)]
        self.assertEqual(len(refused) + len(whole), PEERS)
        self.assertGreaterEqual(len(whole), 5)
        self.assertGreaterEqual(len(refused), 10)
        self.assertIn(len(self.lines('maxTotalQueuedBytes')), range(1, len(refused) + 1))


@each_drive()
class LargeMessages(MemoryTest):
    def test_an_echo_is_in_memory_twice_at_the_most(self, drive):
        """The language's own, and what the message came in, which is what the echo waits in."""
        size = 32 * MIB
        # What is given back to the allocator goes back to the system too.
        self.enterContext(patch.dict(os.environ, GLIBC_TUNABLES='glibc.malloc.mmap_threshold=65536'))
        self.serve(drive, maxMessageSize=size, maxQueuedBytes=2 * size)
        client, message = self.client('/large'), bytes(range(256)) * (size // 256)
        self.witness.echo()
        before = self.memory('VmRSS')
        for _ in range(3):
            client.send(frame(BINARY, message))
            self.assertTrue(client.receive_message() == (BINARY, message))
            self.witness.echo()  # the handler of the one before has returned
        grown = self.memory('VmHWM') - before
        self.assertLess(grown, 2.5 * size, f'{grown / MIB:.0f} MiB')


def bomb(size):
    """A compressed message that inflates to so much, of parts that are alike."""
    part = 64 * MIB
    compressor = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    compressed = compressor.compress(bytes(part)) + compressor.flush(zlib.Z_FULL_FLUSH)
    return (compressed * (size // part))[:-4]


@each_drive(((host, 'serve'), (threaded_host, 'serve')))
class Bombs(BoundsTest):
    def test_a_megabyte_that_would_be_a_gigabyte(self, drive):
        limit = 16 * MIB
        self.serve(drive, maxMessageSize=limit, compression='true')
        witness = self.client('/witness')
        self.tell(witness, 'still here')
        client = self.client(handshake=False)
        client.send(HANDSHAKE.replace(b'\r\n\r\n', b'\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n'))
        self.assertIn(b'permessage-deflate', client.receive_head())
        payload = bomb(GIB)
        self.assertLess(len(payload), MIB * 1.1)
        before = self.memory('VmRSS')
        try:
            client.send(frame(RSV1 | BINARY, payload))
        except OSError:
            pass  # it was closed
        opcode, reason = client.receive_frame()
        self.assertEqual((opcode, reason[:2]), (CLOSE, b'\x03\xf1'))
        grown = self.memory('VmHWM') - before
        self.assertLessEqual(grown, 2 * limit, f'{grown / MIB:.0f} MiB')
        self.assertEqual(self.tell(witness, 'still here'), 'still here')


@each_drive(tuple(ALL))
class Options(BoundsTest):
    def test_one_connection_can_not_have_more_than_all(self, drive):
        self.serve(drive, maxQueuedBytes=2 * MIB, maxTotalQueuedBytes=MIB)
        error = self.heard('^not started: (.*)')[1]
        self.assertNotIn('unknown', error)
        self.assertRegex(error, 'maxQueuedBytes.*maxTotalQueuedBytes|maxTotalQueuedBytes.*maxQueuedBytes')

    def test_both_alike_are_fine(self, drive):
        self.serve(drive, maxQueuedBytes=MIB, maxTotalQueuedBytes=MIB)
        self.assertEqual(self.tell(self.client(), 'hello'), 'hello')


if __name__ == '__main__':
    unittest.main()
