"""simws connect in pipes."""
import os
import signal
import socket
import subprocess
import unittest

from commands import DEADLINE, HERE, Host, Process, RawServer, finish, program
from raw_client import CLOSE, PING, PONG, TEXT
from simws_host import fill, free_port


class ConnectTest(unittest.TestCase):
    def setUp(self):
        self.peer = self.enterContext(Host(HERE / 'peer.lua', 0))
        self.port = self.peer.port
        self.url = f'ws://127.0.0.1:{self.port}/'

    def pipe(self, text, *options, url=None):
        """What the client did with a text as its input."""
        return finish('connect', url or self.url, *options, input=text)

    def start(self, *arguments):
        """A client whose input stays open."""
        client = self.enterContext(Process([program(), 'connect', *arguments], stdin=subprocess.PIPE))
        self.addCleanup(client.process.stdin.close)
        return client

    def say(self, client, line):
        client.process.stdin.write(line + '\n')
        client.process.stdin.flush()


class Lines(ConnectTest):
    def test_are_messages_both_ways(self):
        done = self.pipe('one\n\nzwei ü\nthe last', '--wait', '0.5')
        self.assertEqual((done.stdout, done.stderr, done.returncode), ('one\n\nzwei ü\nthe last\n', '', 0))
        self.peer.wait_for('^closed 1000$', 'stdout')
        self.assertEqual([line for line in self.peer.stdout if line.startswith('text')],
                         ['text one', 'text ', 'text zwei ü', 'text the last'])

    def test_come_as_soon_as_they_are_there(self):
        client = self.start(self.url)
        for line in ('one', 'two'):
            self.say(client, line)
            client.wait_for(f'^{line}$', 'stdout')
        client.process.stdin.close()
        self.assertEqual(client.wait(), 0)

    def test_of_any_size(self):
        text = 'ü' * 5_000_000
        done = self.pipe(text + '\n!close 1000\n', '--wait', 'inf')
        self.assertTrue(done.stdout == text + '\n', len(done.stdout))

    def test_that_many_are_read_as_fast_as_they_leave(self):
        lines = ''.join(f'{i}\n' for i in range(100_000))
        done = self.pipe(lines + '!close 1000\n', '--wait', 'inf')
        self.assertTrue(done.stdout == lines, len(done.stdout))
        self.assertEqual(done.returncode, 0)

    def test_that_are_no_text_are_told_and_left_out(self):
        done = subprocess.run([program(), 'connect', self.url, '--wait', '0.5'], input=b'\xff\nfine\n', capture_output=True,
                              timeout=DEADLINE)
        self.assertEqual((done.stdout, done.returncode), (b'fine\n', 2))
        self.assertIn(b'simws: not sent: ', done.stderr)

    def test_control_characters_are_left_to_who_reads(self):
        done = subprocess.run([program(), 'connect', self.url, '--wait', '0.5'], input=b'!say 1b5b324a0d07\n',
                              capture_output=True, timeout=DEADLINE)
        self.assertEqual(done.stdout, b'\x1b[2J\r\x07\n')

    def test_bytes_are_hex(self):
        self.assertEqual(self.pipe('!binary 00ff\n', '--wait', '0.5').stdout, '00ff\n')

    def test_in_binary_are_hex_both_ways(self):
        done = self.pipe('00 FF\n\n6869\n', '--binary', '--wait', '0.5')
        self.assertEqual((done.stdout, done.returncode), ('00ff\n\n6869\n', 0))
        self.peer.wait_for('^binary hi$', 'stdout')
        done = self.pipe('0\n68\n', '--binary', '--wait', '0.5')
        self.assertEqual((done.stdout, done.stderr, done.returncode),
                         ('68\n', "simws: not sent: '0' is no hex, such as 00ff\n", 2))


class Ends(ConnectTest):
    def test_by_the_close_code(self):
        for code, status in ((1000, 0), (1001, 0), (1002, 3), (1008, 3), (1011, 3), (3000, 3), (4999, 3)):
            done = self.pipe(f'!close {code} that is why\n', '--wait', 'inf')
            self.assertEqual((done.stdout, done.returncode), ('', status), done.stderr)
            self.assertEqual(done.stderr, '' if status == 0 else f'simws: closed with {code} (that is why)\n')

    def test_when_the_peer_is_gone(self):
        client = self.start(self.url)
        self.say(client, 'hello')
        client.wait_for('hello', 'stdout')
        self.peer.kill()
        self.assertEqual(client.wait(), 3)
        client.wait_for('^simws: closed with 1006: ')

    def test_without_waiting(self):
        done = self.pipe('hello\n', '--wait', '0')
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        self.peer.wait_for('^text hello$', 'stdout')
        self.peer.wait_for('^closed 1000$', 'stdout')

    def test_with_the_peers_messages_however_long_they_take(self):
        client = self.start(self.url, '--wait', 'inf')
        self.say(client, 'hello')
        client.process.stdin.close()
        client.wait_for('hello', 'stdout')
        self.pipe('!tell late\n', '--wait', '0')
        client.wait_for('^late$', 'stdout')
        self.assertEqual(client.terminate(), 0)

    def test_by_each_signal_with_a_close(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            client = self.start(self.url)
            self.say(client, 'hello')
            client.wait_for('hello', 'stdout')
            self.assertEqual(client.signal(number), 0, client.transcript())
        for _ in range(3):
            self.peer.wait_for('^closed 1000$', 'stdout')

    def test_at_once_by_a_second_signal(self):
        with RawServer() as server:
            client = self.start(str(server.port))
            with server.accept() as connection:
                connection.send(TEXT, b'hello')
                client.wait_for('hello', 'stdout')
                client.process.send_signal(signal.SIGINT)
                self.assertEqual(connection.receive()[0], CLOSE)  # and is not answered
                self.assertEqual(client.signal(signal.SIGINT), 130)

    def test_when_nobody_reads_its_output(self):
        client = subprocess.Popen([program(), 'connect', self.url], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        with client:
            client.stdin.write(b'hello\n')
            client.stdin.flush()
            self.assertEqual(client.stdout.readline(), b'hello\n')
            client.stdout.close()
            self.assertEqual(client.wait(DEADLINE), 0)

    def test_not_while_its_output_is_full(self):
        """It goes on to answer pings, and what was held comes as soon as there is room."""
        read_end, write_end = os.pipe()
        size = fill(write_end)
        with RawServer() as server:
            client = subprocess.Popen([program(), 'connect', str(server.port)], stdin=subprocess.PIPE, stdout=write_end)
            os.close(write_end)
            with client, server.accept() as connection, open(read_end, 'rb') as output:
                for i in range(100):
                    connection.send(TEXT, b'%03d' % i)
                    connection.send(PING, b'%03d' % i)
                    self.assertEqual(connection.receive(), (PONG, b'%03d' % i))
                connection.send(CLOSE, b'\x03\xe8')
                self.assertEqual(connection.receive(), (CLOSE, b'\x03\xe8'))
                connection.socket.shutdown(socket.SHUT_RDWR)
                self.assertEqual(output.read(), b'.' * (size - 1) + b'\n' + b''.join(b'%03d\n' % i for i in range(100)))
                self.assertEqual(client.wait(DEADLINE), 0)


class Requests(ConnectTest):
    def test_say_what_they_are_told_to(self):
        done = self.pipe('!field x-robot\n!field authorization\n!field origin\n!subprotocol\n', '--wait', '0.5',
                         '--header', 'X-Robot: R2: the one', '--header', 'Authorization:Bearer x',
                         '--origin', 'https://lab.example', '--subprotocol', 'robot.v1', '--subprotocol', 'robot.v2')
        self.assertEqual(done.stdout.splitlines(), ['R2: the one', 'Bearer x', 'https://lab.example', 'robot.v2'], done.stderr)

    def test_go_to_what_is_meant(self):
        for url in (str(self.port), f'localhost:{self.port}', f'127.0.0.1:{self.port}/path', f'http://127.0.0.1:{self.port}'):
            self.assertEqual(self.pipe('hello\n', '--wait', '0.5', url=url).stdout, 'hello\n', url)

    def test_ask_whether_the_server_is_there(self):
        with RawServer() as server:
            self.start(str(server.port), '--ping', '0.01')
            with server.accept() as connection:
                self.assertEqual(connection.receive()[0], PING)

    def test_go_through_a_proxy(self):
        with RawServer() as proxy:
            client = self.start('ws://robot.example/x', '--proxy', f'http://me:secret@127.0.0.1:{proxy.port}')
            with proxy.accept(b'HTTP/1.1 403 Forbidden\r\n\r\n') as connection:
                self.assertTrue(connection.head.startswith('CONNECT robot.example:80 HTTP/1.1\r\n'), connection.head)
            self.assertEqual(client.wait(), 1)
            self.assertNotIn('secret', '\n'.join(client.stderr))


class Failures(ConnectTest):
    def test_to_connect(self):
        port = free_port()
        done = self.pipe('hello\n', url=f'ws://me:secret@127.0.0.1:{port}/')
        self.assertEqual((done.returncode, done.stdout), (1, ''))
        self.assertRegex(done.stderr, f'^simws: cannot connect to ws://.*127.0.0.1:{port}/: .*refused\n$')
        self.assertNotIn('secret', done.stderr)

    def test_that_the_server_has_reasons_for(self):
        with RawServer() as server:
            client = self.start(str(server.port))
            server.accept(b'HTTP/1.1 404 Not Found\r\nContent-Length: 13\r\n\r\nno such robot').__exit__()
            self.assertEqual(client.wait(), 1)
            self.assertIn('404', client.stderr[0])
            self.assertIn('no such robot', client.stderr[0])

    def test_to_connect_in_time(self):
        with socket.create_server(('127.0.0.1', 0)) as silent:
            done = self.pipe('', '--connect-timeout', '0.05', url=str(silent.getsockname()[1]))
        self.assertEqual(done.returncode, 1)

    def test_before_anything_is_tried(self):
        for arguments, message in (([], 'URL'), (['ftp://robot/'], 'ftp'), (['ws://'], ''), ([self.url, '--header', 'x'], "'Name: value'"),
                                   ([self.url, '--header', 'a b: c'], 'a b'), ([self.url, '--wait', '-1'], 'wait'),
                                   ([self.url, '--ping', 'x'], 'ping'), ([self.url, 'more'], 'more'), ([self.url, '--proxy', 'socks://x'], 'socks'),
                                   ([self.url, '--subprotocol', 'a b'], 'a b')):
            with self.subTest(arguments):
                done = finish('connect', *arguments)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn(message, done.stderr + done.stdout)


class Reconnecting(ConnectTest):
    def test_goes_on_where_the_server_comes_back(self):
        client = self.start(self.url, '--reconnect')
        self.say(client, 'one')
        client.wait_for('^one$', 'stdout')
        self.peer.kill()
        client.wait_for('^simws: closed with 1006.*; trying again in 0')
        self.say(client, 'two')
        with Host(HERE / 'peer.lua', self.port) as again:
            client.wait_for('^two$', 'stdout')
            client.process.stdin.close()
            self.assertEqual(client.wait(), 0)
            again.wait_for('^closed 1000$', 'stdout')

    def test_ends_where_the_close_says_so(self):
        client = self.start(self.url, '--reconnect')
        self.say(client, '!close 1008')
        self.assertEqual(client.wait(), 3)

    def test_ends_by_a_signal_between_attempts(self):
        client = self.start(f'ws://127.0.0.1:{free_port()}/', '--reconnect')
        client.wait_for('^simws: cannot connect to .*; trying again in')
        self.assertEqual(client.terminate(), 1)


if __name__ == '__main__':
    unittest.main()
