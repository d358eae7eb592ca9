"""simws connect in a terminal."""
import re
import signal
import tempfile
import unittest
from pathlib import Path

from commands import HERE, Host, RawServer, program
from raw_client import CLOSE, TEXT
from terminal import Terminal


class TerminalTest(unittest.TestCase):
    def setUp(self):
        self.state = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.peer = self.enterContext(Host(HERE / 'peer.lua', 0))
        self.url = f'ws://127.0.0.1:{self.peer.port}/'

    def start(self, *arguments, columns=80, env=None):
        environment = {'XDG_STATE_HOME': str(self.state), 'HOME': str(self.state), 'NO_COLOR': '', **(env or {})}
        return self.enterContext(Terminal([program(), 'connect', *arguments], environment, columns))

    def start_connected(self, *arguments, url=None, **options):
        terminal = self.start(url or self.url, *arguments, **options)
        terminal.wait_for_end(f'-- connected to {url or self.url}; Ctrl-D ends', '>')
        return terminal

    def raw_client(self, server, **options):
        """A client in a terminal, and the connection by which a test speaks to it."""
        url = f'ws://127.0.0.1:{server.port}/'
        terminal = self.start(url, **options)
        connection = self.enterContext(server.accept())
        terminal.wait_for_end(f'-- connected to {url}; Ctrl-D ends', '>')
        return terminal, connection

    def history(self):
        return (self.state / 'simws/history').read_text().splitlines()


class Talk(TerminalTest):
    def test_lines_go_and_messages_come(self):
        terminal = self.start_connected()
        terminal.type('hello\r')
        terminal.wait_for_end('> hello', '< hello', '>')
        terminal.type('grüezi 🤖\r')
        terminal.wait_for_end('> grüezi 🤖', '< grüezi 🤖', '>')
        terminal.type('\x04')
        self.assertEqual(terminal.exit_code(), 0)
        self.assertEqual(terminal.lines()[-2:], ['-- closed with 1000', ''])
        self.peer.wait_for('^closed 1000$', 'stdout')

    def test_a_line_can_be_edited(self):
        terminal = self.start_connected()
        terminal.type('hxllo\x1b[D\x1b[D\x1b[D\x7fe\x05!\r')
        terminal.wait_for_end('> hello!', '< hello!', '>')
        terminal.type('gone\x15here\x01t\r')
        terminal.wait_for('< there')

    def test_what_is_typed_before_it_is_open_is_sent_then(self):
        with RawServer() as server:
            terminal = self.start(str(server.port))
            terminal.wait_for_end('>')
            terminal.type('early\r')
            terminal.wait_for_end('> early', '>')
            with server.accept() as connection:
                self.assertEqual(connection.receive(), (TEXT, b'early'))

    def test_bytes(self):
        terminal = self.start_connected('--binary')
        terminal.type('00ff\r')
        terminal.wait_for_end('> 00ff', '< 00ff', '>')
        terminal.type('0g\r')
        terminal.wait_for_end("-- not sent: '0g' is no hex, such as 00ff", '>')
        terminal.type('\x04')
        self.assertEqual(terminal.exit_code(), 0)

    def test_bytes_among_text(self):
        terminal = self.start_connected()
        terminal.type('!binary 00ff\r')
        terminal.wait_for_end('<binary 00ff', '>')


class Messages(TerminalTest):
    def test_leave_a_line_that_is_edited_whole(self):
        for line, position in (('', ''), ('half a line', ''), ('half a lün', '\x01'), ('half a line', '\x1b[D\x1b[D'),
                               ('long ' * 30, ''), ('long ' * 30, '\x01'), ('x' * 77, ''), ('x' * 78, ''), ('x' * 79, ''), ('ü' * 200, '\x1b[D')):
            with self.subTest(line=line, position=position), RawServer() as server:
                terminal, connection = self.raw_client(server)
                terminal.type(line + position)
                edited = '> ' + line
                rows = [edited[i:i + 80].rstrip() for i in range(0, len(edited), 80)]
                terminal.wait_until(lambda lines: [row for row in lines[-len(rows) - 1:] if row][-len(rows):] == rows)
                for message in (b'one', b'two\nlines', b'three'):
                    connection.send(TEXT, message)
                terminal.wait_until(lambda lines: '< three' in lines and [row for row in lines if row][-len(rows):] == rows)
                seen = [row for row in terminal.lines() if row]
                self.assertEqual(seen[-len(rows) - 4:-len(rows)], ['< one', '< two', '  lines', '< three'])
                terminal.type('Z\r')
                sent = self.receive_text(connection)
                cut = {'': len(line), '\x01': 0, '\x1b[D': len(line) - 1, '\x1b[D\x1b[D': len(line) - 2}[position]
                self.assertEqual(sent, line[:cut] + 'Z' + line[cut:])
                self.assertEqual(terminal.display.unknown, [])

    def receive_text(self, connection):
        opcode, payload = connection.receive()
        self.assertEqual(opcode, TEXT)
        return payload.decode()

    def test_wait_while_a_key_has_more_bytes(self):
        with RawServer() as server:
            terminal, connection = self.raw_client(server)
            terminal.type('ab\x16')  # takes the next key as it is
            terminal.wait_for_end('> ab')
            connection.send(TEXT, b'message')
            connection.send(9, b'ping')
            self.assertEqual(connection.receive(), (10, b'ping'))
            terminal.type('\t')
            terminal.wait_for('< message')
            terminal.type('c\r')
            self.assertEqual(self.receive_text(connection), 'ab\tc')

    def test_drive_no_terminal(self):
        terminal = self.start_connected()
        for sent, seen in (('1b5b324a1b5d303b7807', r'< \x1b[2J\x1b]0;x\x07'), ('c29b', r'< \u009b'), ('610d62', r'< a\x0db'),
                           ('e280ae61', r'< \u202ea'), ('00', r'< \x00'), ('0a2d2d20636c6f736564', '  -- closed')):
            terminal.type(f'!say {sent}\r')
            terminal.wait_for(seen)
        terminal.type('!close 1000 \x16\x1b[31mred\r')
        self.assertEqual(terminal.exit_code(), 0)
        self.assertIn(r'-- closed with 1000 (\x1b[31mred)', terminal.lines())
        self.assertEqual(terminal.display.unknown, [])

    def test_have_colours_unless_nobody_wants_them(self):
        for env, in_colour in (({}, True), ({'NO_COLOR': '1'}, False)):
            terminal = self.start_connected(env=env)
            terminal.type('hello\r')
            terminal.wait_for('< hello')
            self.assertEqual('\x1b[36m< \x1b[0mhello' in terminal.raw, in_colour)
            self.assertEqual(bool(re.search(r'\x1b\[[1-9]\d*m', terminal.raw)), in_colour)

    def test_come_to_a_terminal_that_can_do_nothing(self):
        terminal = self.start(self.url, env={'TERM': 'dumb'})
        terminal.wait_for(f'-- connected to {self.url}')
        terminal.type('hello\n')
        terminal.wait_for('< hello')
        self.assertNotIn('\x1b', terminal.raw)
        terminal.type('\x04')
        self.assertEqual(terminal.exit_code(), 0)


class Ends(TerminalTest):
    def check_end(self, terminal, code):
        self.assertEqual(terminal.exit_code(), code)
        self.assertFalse(terminal.is_raw())

    def test_by_ctrl_d_and_ctrl_c(self):
        for key in '\x04\x03':
            terminal = self.start_connected()
            terminal.type(('half a line' if key == '\x03' else '') + key)
            self.check_end(terminal, 0)
            self.peer.wait_for('^closed 1000$', 'stdout')

    def test_by_the_peer_while_a_line_is_edited(self):
        for begun in ('half a line', 'half a key\x16'):
            with RawServer() as server:
                terminal, connection = self.raw_client(server)
                terminal.type(begun)
                terminal.wait_for_end('> ' + begun.rstrip('\x16'))
                connection.send(CLOSE, b'\x03\xf0why')
                self.check_end(terminal, 3)
                self.assertIn('-- closed with 1008 (why)', terminal.lines())

    def test_by_a_signal(self):
        for number in (signal.SIGTERM, signal.SIGHUP):
            terminal = self.start_connected()
            terminal.signal(number)
            self.check_end(terminal, 0)

    def test_by_ctrl_c_twice_where_nobody_answers(self):
        with RawServer() as server:
            terminal, connection = self.raw_client(server)
            terminal.type('\x03')
            self.assertEqual(connection.receive()[0], CLOSE)
            terminal.type('\x03')
            self.check_end(terminal, 130)

    def test_not_by_ctrl_z(self):
        terminal = self.start_connected()
        terminal.type('half a ')
        terminal.wait_for_end('> half a')
        terminal.signal(signal.SIGTSTP)
        terminal.wait_until_stopped()
        self.assertFalse(terminal.is_raw())
        terminal.proceed()
        terminal.wait_until(lambda _: terminal.is_raw())
        terminal.wait_until(lambda lines: lines[-1].endswith('> half a'))
        terminal.type('line\r')
        terminal.wait_for_end('< half a line', '>')

    def test_not_by_another_size(self):
        terminal = self.start_connected()
        terminal.type('word ' * 4)
        terminal.wait_for_end('> word word word word')
        terminal.resize(30)
        terminal.type('and more than a row')
        terminal.wait_for_end('> word word word word and more', ' than a row')
        terminal.type('\r')
        terminal.wait_for_end('< word word word word and more', ' than a row', '>')


class History(TerminalTest):
    def test_is_there_the_next_time(self):
        terminal = self.start_connected()
        for line in ('first', 'second', ' hidden', 'ws://me:secret@host/'):
            terminal.type(line + '\r')
            terminal.wait_for_end('< ' + line, '>')
        terminal.type('\x04')
        terminal.exit_code()
        self.assertEqual(self.history(), ['first', 'second'])
        terminal = self.start_connected()
        terminal.type('\x1b[A\x1b[A\r')
        terminal.wait_for_end('> first', '< first', '>')
        self.assertEqual(self.history(), ['first', 'second', 'first'])

    def test_has_no_url(self):
        port = self.peer.port
        terminal = self.start(f'ws://me:secret@127.0.0.1:{port}/')
        terminal.wait_until(lambda lines: any('connected to' in line for line in lines))
        terminal.type('x\r')
        terminal.wait_for('< x')
        self.assertEqual(self.history(), ['x'])
        self.assertNotIn('secret', terminal.raw)


if __name__ == '__main__':
    unittest.main()
