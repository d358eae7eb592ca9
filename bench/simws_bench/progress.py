"""Says what is measured now, how much remains, and for how long."""

import sys
import time


def clock_text(seconds):
    return f'{int(seconds) // 60}:{int(seconds) % 60:02}'


class Progress:
    """One line that is overwritten on a terminal; elsewhere one line for each work."""

    def __init__(self, count, stream=sys.stderr, clock=time.monotonic):
        self.count, self.done = count, 0
        self._stream, self._clock = stream, clock
        self._begun = clock()
        self._is_terminal = stream.isatty()
        self._last_work = None

    def seconds_left(self):
        """None: nothing to judge by yet."""
        if self.done == 0:
            return None
        return (self._clock() - self._begun) / self.done * (self.count - self.done)

    def share(self):
        return self.done / self.count

    def text(self, work, server, round_number):
        left = self.seconds_left()
        return (f'[{self.done + 1}/{self.count}] {work}: {server}, round {round_number}'
                + ('' if left is None else f'; {self.count - self.done} to go, {clock_text(left)} left'))

    def next(self, work, server, round_number):
        text = self.text(work, server, round_number)
        if self._is_terminal:
            self._stream.write(f'\r\033[K{text}')
        elif work != self._last_work:
            self._stream.write(text + '\n')
        self._stream.flush()
        self._last_work = work

    def finish(self):
        self.done += 1

    def clear(self):
        if self._is_terminal:
            self._stream.write('\r\033[K')
            self._stream.flush()
