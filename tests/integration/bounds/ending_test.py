"""A program's end waits for what is owed to peers, and for nothing else."""
import signal
import time
import unittest

from bounds import ALL, BoundsTest, each_drive, plain_lua, plain_python
from raw_client import CLOSE, TEXT, frame

AT_ONCE = 2.5  # seconds, half of closeTimeout, which the end must not take: 0.3 s are expected
GET = b'GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n'

# A program of its own loop may do what it likes on a signal.
SERVING = tuple((way, drive) for way, drive in ALL if (way, drive) != (plain_lua, 'poll'))


@each_drive(SERVING)
class Ending(BoundsTest):
    def check_end(self, way):
        begun = time.monotonic()
        code = self.script.signal(signal.SIGINT)
        self.assertLess(time.monotonic() - begun, AT_ONCE, self.script.transcript())
        self.assertEqual(code, -signal.SIGINT if way is plain_python else 0, self.script.transcript())

    def test_nobody_waits_for_an_idle_http_connection(self, drive):
        self.serve(drive)
        client = self.client(handshake=False)
        client.send(GET)
        client.receive_head()
        self.check_end(drive[0])

    def test_nobody_waits_for_one_that_never_sent_a_byte(self, drive):
        self.serve(drive)
        self.client(handshake=False)
        with self.client() as later:  # it has been accepted before this one
            later.echo()
        self.check_end(drive[0])

    def test_nobody_waits_for_one_that_answers_the_close_and_stays(self, drive):
        self.serve(drive)
        client = self.client()
        client.send(frame(TEXT, b'leave'))
        self.assertEqual(client.receive_frame()[0], CLOSE)
        client.send(frame(CLOSE, b'\x0f\xa0'))
        self.heard('^close  4000$')
        self.check_end(drive[0])

    def test_nobody_waits_for_one_whose_request_is_refused_and_stays(self, drive):
        self.serve(drive)
        with self.client() as other:  # answered by the script, which serves from here on
            other.echo()
        client = self.client(handshake=False)
        client.send(GET.replace(b'localhost', b'evil.example'))
        self.assertIn(b'403', client.receive_head())
        self.check_end(drive[0])


@each_drive()
class LastAnswer(BoundsTest):
    def test_an_answer_just_written_is_not_lost(self, drive):
        """Not even when more was sent than the server reads, which would make a reset of its end."""
        self.serve(drive)
        client = self.client(handshake=False)
        client.send(b'POST /last HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\n.' + 100_000 * b'more')
        head = client.receive_head()
        self.assertTrue(head.startswith(b'HTTP/1.1 200 '), head)
        self.assertIn(b'<p>page</p>', client.receive_end())


if __name__ == '__main__':
    unittest.main()
