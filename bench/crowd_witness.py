#!/usr/bin/python3
"""The healthy client of bench/crowd.py: crowd_witness.py PORT SECONDS

Opens a connection and prints "open". After a line of standard input it measures for SECONDS how
long echoes on that connection, pages on new connections, and handshakes with an echo on new
connections take, and prints what it saw as JSON.
"""

import http.client
import json
import sys
import threading
import time

from simws_bench.wire import BINARY, connect, frame, receive_until

PAUSE = 0.02  # seconds between two of the same kind
PAYLOAD = b'still served?'
ANSWER = bytes([0x80 | BINARY, len(PAYLOAD)]) + PAYLOAD


def echo(connection):
    connection.sendall(frame(BINARY, PAYLOAD))
    answer = receive_until(connection, lambda data: len(data) >= len(ANSWER))
    if answer != ANSWER:
        raise ConnectionError(f'not an echo: {answer[:100]!r}')


def page(port, timeout):
    """A page, or that there is none: both are answers."""
    connection = http.client.HTTPConnection('127.0.0.1', port, timeout)
    connection.request('GET', '/')
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status not in (200, 404):
        raise ConnectionError(f'status {answer.status}')


def handshake(port, timeout):
    with connect(port, timeout) as connection:
        echo(connection)


class Probe(threading.Thread):
    """Does the same again and again. `attempt` gets the seconds it may take."""

    def __init__(self, attempt, end):
        super().__init__()
        self.attempt, self.end = attempt, end
        self.seconds, self.errors = [], []
        self.unfinished = False

    def run(self):
        while not self.errors and not self.unfinished and time.monotonic() < self.end:
            self.measure(time.monotonic())
            time.sleep(PAUSE)

    def measure(self, begun):
        try:
            self.attempt(max(0.1, self.end - begun))
        except TimeoutError:
            self.unfinished = True
        except (OSError, http.client.HTTPException) as error:
            self.errors.append(str(error) or type(error).__name__)
        self.seconds.append(time.monotonic() - begun)

    def result(self):
        """The worst time is a lower bound when the last attempt was not finished."""
        return {'count': len(self.seconds), 'worst': max(self.seconds, default=0),
                'median': sorted(self.seconds)[len(self.seconds) // 2] if self.seconds else 0,
                'unfinished': self.unfinished, 'error': next(iter(self.errors), '')}


def main():
    port, seconds = int(sys.argv[1]), float(sys.argv[2])
    open_one = connect(port, 10)
    echo(open_one)
    print('open', flush=True)
    sys.stdin.readline()
    end = time.monotonic() + seconds

    def echo_on_the_open_one(timeout):
        open_one.settimeout(timeout)
        echo(open_one)

    probes = {'echo': Probe(echo_on_the_open_one, end),
              'page': Probe(lambda timeout: page(port, timeout), end),
              'handshake': Probe(lambda timeout: handshake(port, timeout), end)}
    for probe in probes.values():
        probe.start()
    for probe in probes.values():
        probe.join()
    print(json.dumps({name: probe.result() for name, probe in probes.items()}))


if __name__ == '__main__':
    main()
