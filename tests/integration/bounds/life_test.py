"""What counts as a sign of life."""
import time
import unittest

from bounds import BoundsTest, each_drive, host, plain_python, threaded_host
from raw_client import BINARY, TEXT, frame

SIZE = 8_000_000
RATE = 600_000  # bytes a second; the pace is what this is about, so it's the one that sleeps
PORTION = 6_000


@each_drive(((host, 'serve'), (threaded_host, 'serve'), (plain_python, 'poll')))
class Life(BoundsTest):
    def test_a_slow_download_is_one(self, drive):
        """Nothing is answered until all has come, which takes many times pingTimeout."""
        self.serve(drive, pingInterval=1, pingTimeout=1)
        client = self.client('/slow', receive_buffer=65536)
        client.send(frame(TEXT, b'big %d' % SIZE))
        begun = time.monotonic()
        read = 0
        while read < SIZE:
            part = client.socket.recv(PORTION)
            self.assertTrue(part, self.script.transcript())
            read += len(part)
            client.buffer += part
            time.sleep(max(0, begun + read / RATE - time.monotonic()))
        opcode, payload = client.receive_message()
        self.assertEqual((opcode, len(payload)), (BINARY, SIZE))
        client.send(frame(TEXT, b'still here'))
        self.assertEqual(client.receive_message(), (TEXT, b'still here'))

    def test_silence_is_none(self, drive):
        self.serve(drive, pingInterval=0.05, pingTimeout=0.05)
        self.client('/mute')
        self.heard('^close mute 1006$')

    def test_a_download_that_stands_still_is_none(self, drive):
        self.serve(drive, pingInterval=0.2, pingTimeout=0.2)
        client = self.client('/mute', receive_buffer=4096)
        client.send(frame(TEXT, b'big %d' % SIZE))
        self.heard('^close mute 1006$')


if __name__ == '__main__':
    unittest.main()
