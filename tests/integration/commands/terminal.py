"""A program in a terminal, and what is to be seen there."""
import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import termios
import threading
import time

from simws_host import DEADLINE

_SEQUENCE = re.compile(r'\x1b\[(\d*)(?:;\d*)*([A-Za-z@])')


class Display:
    """The lines of a terminal that understands what libedit sends to one of TERM=xterm."""

    def __init__(self, columns):
        self.columns = columns
        self.rows = [[]]
        self.row = self.column = 0
        self.unknown = []  # sequences that it should not get

    def feed(self, text):
        position = 0
        while position < len(text):
            if match := _SEQUENCE.match(text, position):
                self._do(match[2], int(match[1] or 0))
                position = match.end()
            else:
                self._put(text[position])
                position += 1

    def lines(self):
        return [''.join(row).rstrip() for row in self.rows]

    def _line(self):
        while len(self.rows) <= self.row:
            self.rows.append([])
        line = self.rows[self.row]
        line.extend(' ' * (self.column - len(line)))
        return line

    def _put(self, character):
        if character == '\r':
            self.column = 0
        elif character == '\n':
            self.row += 1
        elif character == '\b':
            self.column = max(0, min(self.column, self.columns - 1) - 1)
        elif character == '\a':
            pass
        elif character < ' ':
            self.unknown.append(character)
        else:
            if self.column == self.columns:
                self.row, self.column = self.row + 1, 0
            self._line()[self.column:self.column + 1] = character
            self.column += 1
        self._line()

    def _do(self, letter, number):
        line = self._line()
        if letter == 'A':
            self.row = max(0, self.row - (number or 1))
        elif letter == 'C':
            self.column += number or 1
        elif letter == 'G':
            self.column = (number or 1) - 1
        elif letter == 'K' and number == 0:
            del line[self.column:]
        elif letter == 'J' and number == 0:
            del line[self.column:], self.rows[self.row + 1:]
        elif letter == 'P':
            del line[self.column:self.column + (number or 1)]
        elif letter == '@':
            line[self.column:self.column] = ' ' * (number or 1)
        elif letter != 'm':
            self.unknown.append(f'{number}{letter}')


class Terminal:
    """A program that runs in a terminal, as a context manager."""

    def __init__(self, command, env=None, columns=80):
        self._command = [*map(str, command)]
        self._environment = {**os.environ, 'TERM': 'xterm', 'LC_ALL': 'C.UTF-8', **(env or {})}
        self._changed = threading.Condition()
        self.display = Display(columns)
        self.raw = ''

    def __enter__(self):
        self._master, slave = pty.openpty()
        self.resize(self.display.columns)
        self.process = subprocess.Popen(
            self._command, env=self._environment, stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        os.close(slave)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reader.join(DEADLINE)
        os.close(self._master)

    def resize(self, columns):
        self.display.columns = columns
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack('HHHH', 24, columns, 0, 0))

    def type(self, text):
        os.write(self._master, text.encode())

    def is_raw(self):
        """Whether the program has taken the terminal's own editing away."""
        return not termios.tcgetattr(self._master)[3] & termios.ICANON

    def lines(self):
        with self._changed:
            return self.display.lines()

    def wait_until(self, holds):
        """Until `holds` is true of the lines seen."""
        end = time.monotonic() + DEADLINE
        with self._changed:
            while not holds(self.display.lines()):
                if not self._reader.is_alive() or time.monotonic() > end:
                    raise AssertionError('not seen:\n' + '\n'.join(self.display.lines()) + f'\n{self.raw[-3000:]!r}')
                self._changed.wait(0.2)

    def wait_for(self, line):
        """Until a line is seen."""
        self.wait_until(lambda lines: line in lines)

    def wait_for_end(self, *last):
        """Until these are the last lines seen."""
        self.wait_until(lambda lines: lines[-len(last):] == list(last))

    def exit_code(self):
        code = self.process.wait(DEADLINE)
        self._reader.join(DEADLINE)
        return code

    def signal(self, number):
        self.process.send_signal(number)

    def wait_until_stopped(self):
        _, status = os.waitpid(self.process.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status), status

    def proceed(self):
        self.signal(signal.SIGCONT)

    def _read(self):
        rest = b''
        while True:
            try:
                data = os.read(self._master, 65536)
            except OSError:
                data = b''
            if not data:
                break
            rest += data
            # A character or a sequence may come in two pieces.
            text = rest.decode(errors='ignore')
            cut = re.search(r'\x1b(\[[\d;]*)?$', text)
            text = text[:cut.start()] if cut else text
            rest = rest[len(text.encode()):]
            with self._changed:
                self.raw += text
                self.display.feed(text)
                self._changed.notify_all()
        with self._changed:
            self._changed.notify_all()
