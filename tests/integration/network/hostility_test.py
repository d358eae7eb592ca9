"""One of each class of bad input over real sockets, beside a client that is served all the while."""
import re
import struct
import unittest

from network import BINARY, CLOSE, HANDSHAKE, TEXT, NetworkTest, frame


class HostilityTest(NetworkTest):
    def setUp(self):
        self.serve(**self.options)
        self.witness = self.client()
        self.addCleanup(self.witness.echo)

    def expect_status(self, request, status):
        client = self.client(handshake=False)
        client.send(request)
        answer = client.receive_end()
        self.assertTrue(answer.startswith(b'HTTP/1.1 %d ' % status), answer[:200])
        self.witness.echo()

    def expect_close(self, data, code):
        client = self.client()
        client.send(data)
        opcode, payload = client.receive_frame()
        self.assertEqual((opcode, payload[:2]), (CLOSE, struct.pack('!H', code)))
        self.assertEqual(client.receive_end(), b'')
        self.server.wait_for(rf'^close {code} ', 'stdout')
        self.witness.echo()


class Hostility(HostilityTest):
    def test_other_protocols(self):
        client = self.client(handshake=False)
        client.send(b'\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03' + bytes(range(256)) * 2)
        self.assertEqual(client.receive_end(), b'')
        self.server.wait_for(r'^fail TLS on a plain port', 'stdout')
        self.expect_status(b'SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n', 400)
        self.expect_status(b'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 505)
        self.expect_status(b'PROXY TCP4 10.0.0.1 10.0.0.2 1 2\r\n' + HANDSHAKE, 400)

    def test_handshakes(self):
        self.expect_status(HANDSHAKE.replace(b': 13', b': 8'), 426)
        self.expect_status(HANDSHAKE.replace(b'GET', b'POST'), 405)
        self.expect_status(HANDSHAKE.replace(b'dGhl', b''), 400)
        self.expect_status(HANDSHAKE.replace(b'localhost', b'evil.example'), 403)
        self.expect_status(HANDSHAKE[:-2] + b'Origin: http://evil.example\r\n\r\n', 403)
        self.server.wait_for_count('fail', 5)

    def test_headers_without_end(self):
        self.expect_status(b'GET /' + b'a' * 1_000_000, 414)
        self.expect_status(HANDSHAKE[:-2] + b'A: ' + b'a' * 1_000_000, 431)

    def test_smuggling(self):
        post = b'POST / HTTP/1.1\r\nHost: localhost\r\n'
        length, chunked = b'Content-Length: 5\r\n', b'Transfer-Encoding: chunked\r\n'
        self.expect_status(post + length + chunked + b'\r\n0\r\n\r\n', 400)
        self.expect_status(post + length + length + b'\r\nhello', 400)
        self.expect_status(post + chunked + b'\r\n0x1\r\nh\r\n0\r\n\r\n', 400)

    def test_frames(self):
        self.expect_close(b'\x81\x05hello', 1002)
        self.expect_close(b'\xf1\x80\x01\x02\x03\x04', 1002)
        self.expect_close(b'\x82\xff' + b'\x7f' + b'\xff' * 7 + b'key!', 1009)
        self.expect_close(frame(TEXT, b'\xc0\x80'), 1007)
        self.expect_close(frame(CLOSE, b'\x03\xed'), 1002)

    def test_reset_amid_a_message(self):
        client = self.client()
        client.send(frame(BINARY, bytes(1_000_000))[:500_000])
        client.reset()
        self.server.wait_for(r'^close 1006', 'stdout')
        self.witness.echo()

    def test_reset_amid_a_handshake(self):
        client = self.client(handshake=False)
        client.send(HANDSHAKE[:50])
        client.reset()
        self.server.wait_for(r'^fail ', 'stdout')

    def test_ten_thousand_pings_of_one_that_does_not_read(self):
        client = self.client(receive_buffer=4096)
        client.send(frame(9, b'p' * 125) * 10_000)
        self.witness.echo()
        client.send(frame(TEXT, b'at last'))
        pongs = 0
        while (answer := client.receive_frame()) != (TEXT, b'at last'):
            self.assertEqual(answer, (10, b'p' * 125))
            pongs += 1
        self.assertGreater(pongs, 0)

    def test_what_the_log_says_cannot_be_forged(self):
        self.expect_status(HANDSHAKE[:-2] + b'Origin: http://evil\x1b[31m\r\n\r\n', 400)
        self.expect_status(HANDSHAKE[:-2] + b'Origin: http://evil\xff\xfe\r\n\r\n', 403)
        for line in self.server.stderr:
            self.assertIsNone(re.search(r'[\x00-\x08\x0b-\x1f\ufffd]', line), line)


class SlowHandshakes(HostilityTest):
    options = {'handshake_timeout': 1}

    def test_one_that_is_not_completed(self):
        self.expect_status(HANDSHAKE[:-2], 408)

    def test_one_that_is_not_begun(self):
        silent = self.client(handshake=False)
        self.assertEqual(silent.receive_end(), b'')
        self.assertEqual(self.server.events('fail'), [])


class UnreadLog(NetworkTest):
    def test_refused_requests_hold_up_nobody(self):
        self.serve(is_log_stuck=True)
        witness = self.client()
        for _ in range(50):
            client = self.client(handshake=False)
            client.send(b'GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n')
            self.assertIn(b' 403 ', client.receive_head())
        witness.echo()


if __name__ == '__main__':
    unittest.main()
