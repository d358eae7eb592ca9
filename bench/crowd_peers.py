#!/usr/bin/python3
"""The crowd of bench/crowd.py: crowd_peers.py CASE PORT SECONDS

Connects the peers of a case of `CASES`, which then misbehave until the time is up or standard
input ends. What the server says is read and thrown away.
"""

import dataclasses
import heapq
import itertools
import math
import selectors
import socket
import sys
import time

from simws_bench.wire import BINARY, HANDSHAKE, frame, frame_head

TICK = 0.02  # seconds between two portions of one peer, at least
BETWEEN_CONNECTS = 0.0002
BEFORE_CONNECTING_AGAIN = 0.1
PORTION = 1 << 16
MB = 1_000_000


@dataclasses.dataclass(frozen=True)
class Case:
    """What each of the peers does."""

    text: str
    peers: int
    opening: bytes = b''  # sent first; what follows is sent once it's answered
    burst: bytes = b''  # sent as fast as it's taken
    drip: bytes = b''  # sent again and again, `rate` bytes a second
    rate: float = 0
    again: bool = False  # connects again when dropped
    work: float = 0  # milliseconds that the script needs for a message


def post(host):
    head = f'POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 1048576\r\n\r\n'
    return head.encode() + bytes(1048575)


def part_of_message(size, part):
    return frame_head(BINARY, size) + bytes(part)


def cases():
    return {
        'nobody': Case('nobody', 0),
        'bodies-refused': Case('20 bodies of 1 MiB but for a byte, of a foreign Host, again when dropped',
                               20, burst=post('evil.example'), again=True),
        'bodies': Case('20 bodies of 1 MiB but for a byte, again when dropped',
                       20, burst=post('127.0.0.1'), again=True),
        'big-messages': Case('3 messages of 33 MB: 17 MB, then a byte a second', 3, HANDSHAKE,
                             part_of_message(33 * MB, 17 * MB), bytes(1000), 1),
        'halves': Case('6 messages of 10 MB that stop in the middle', 6, HANDSHAKE,
                       part_of_message(10 * MB, 5 * MB)),
        'uploads': Case('4 uploads of messages of 10 MB at 600 kB/s', 4, HANDSHAKE,
                        drip=part_of_message(10 * MB, 10 * MB), rate=600_000),
        'many-messages': Case('1,000 messages of 64 KiB that stop in the middle', 1000, HANDSHAKE,
                              part_of_message(65536, 63 << 10)),
        'handshakes': Case('5,000 handshakes of a byte a second, again when dropped', 5000,
                           burst=HANDSHAKE[:20], drip=HANDSHAKE[20:-4], rate=1, again=True),
        'floods': Case('8 floods of messages of 1 KiB at a script that needs 1 ms for each', 8,
                       HANDSHAKE, drip=frame(BINARY, bytes(1024)) * 64, rate=math.inf, work=1),
    }


class Peer:
    def __init__(self, crowd):
        self.crowd, self.case = crowd, crowd.case

    def connect(self):
        self.socket = socket.socket()
        self.socket.setblocking(False)
        self.socket.connect_ex(('127.0.0.1', self.crowd.port))
        self.sent = 0  # of the drip
        self.is_open = True
        self.answered = not self.case.opening
        self.waiting = memoryview(self.case.opening or self.case.burst)
        self.crowd.selector.register(self.socket, selectors.EVENT_READ | selectors.EVENT_WRITE, self)

    def handle(self, events):
        try:
            if events & selectors.EVENT_READ:
                self.read()
            if self.is_open and events & selectors.EVENT_WRITE:
                self.write()
        except BlockingIOError:
            pass
        except OSError:
            self.leave()

    def read(self):
        if not self.socket.recv_into(self.crowd.scrap):
            self.leave()
        elif not self.answered:
            self.answered = True
            self.waiting = memoryview(self.case.burst)
            self.watch(selectors.EVENT_READ | selectors.EVENT_WRITE)

    def write(self):
        if self.waiting:
            self.waiting = self.waiting[self.socket.send(self.waiting[:16 * PORTION]):]
        elif not self.answered:
            self.watch(selectors.EVENT_READ)
        elif self.case.rate == math.inf:
            self.send_of_drip(PORTION)
        else:
            self.watch(selectors.EVENT_READ)
            if self.case.drip:
                self.drip_later(self.socket)

    def watch(self, events):
        self.crowd.selector.modify(self.socket, events, self)

    def drip_later(self, socket):
        period = max(TICK, 1 / self.case.rate)
        self.crowd.later(period, lambda late: self.drip_one(socket, period + late))

    def drip_one(self, socket, seconds):
        """What is due after that time, unless the connection is another by now."""
        if not self.is_open or self.socket is not socket:
            return
        self.drip_later(socket)
        try:
            self.send_of_drip(round(self.case.rate * seconds))
        except BlockingIOError:
            pass
        except OSError:
            self.leave()

    def send_of_drip(self, size):
        self.sent += self.socket.send(self.crowd.drip[self.sent:self.sent + size])
        self.sent %= len(self.crowd.drip)

    def leave(self):
        self.is_open = False
        self.crowd.selector.unregister(self.socket)
        self.socket.close()
        if self.case.again:
            self.crowd.later(BEFORE_CONNECTING_AGAIN, self.connect_again)

    def connect_again(self, late):
        self.connect()


class Crowd:
    def __init__(self, case, port):
        self.case, self.port = case, port
        self.selector = selectors.DefaultSelector()
        self.scrap = bytearray(PORTION)
        self.drip = memoryview(case.drip)
        self.appointments = []  # (time, number, function)
        self.numbers = itertools.count()

    def later(self, seconds, function):
        """Calls it then, with the seconds by which it's late."""
        heapq.heappush(self.appointments, (time.monotonic() + seconds, next(self.numbers), function))

    def run(self, seconds):
        end = time.monotonic() + seconds
        self.selector.register(sys.stdin, selectors.EVENT_READ)
        for number in range(self.case.peers):
            self.later(number * BETWEEN_CONNECTS, lambda late, peer=Peer(self): peer.connect())
        while (now := time.monotonic()) < end:
            self.keep_appointments(now)
            next_one = self.appointments[0][0] if self.appointments else end
            for key, events in self.selector.select(max(0, min(next_one, end) - time.monotonic())):
                if key.data is None:
                    return
                if key.data.is_open:
                    key.data.handle(events)

    def keep_appointments(self, now):
        while self.appointments and self.appointments[0][0] <= now:
            due, _, function = heapq.heappop(self.appointments)
            function(now - due)


if __name__ == '__main__':
    Crowd(cases()[sys.argv[1]], int(sys.argv[2])).run(float(sys.argv[3]))
