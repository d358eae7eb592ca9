#!/usr/bin/python3
"""What the inspector costs each small message, by callgrind.

A client sends messages of 64 bytes, one after the other, and reads their echoes: to a server without the inspector, to one with it that
nobody looks at, and to one whose messages a page shows. Prints what a message takes in all, and how much more of it where it comes in and goes out;
the sample itself, which is bounded in a second and not by messages, is told apart. Ends with exit code 1 when that is more than the goal. The figures are
the same on a busy machine. Needs valgrind, and a build (--build) with the program simws.
"""

import argparse
import contextlib
import pathlib
import re
import sys

from simws_bench import ROOT
from simws_bench.callgrind import count, exchange  # finds the tests' clients

from raw_client import HANDSHAKE, TEXT, RawClient, frame

GOAL = 2.0  # percent of a message's instructions
MESSAGES = 10000
PAGE = b'Origin: http://localhost\r\nSec-WebSocket-Protocol: simws.topics.1\r\n\r\n'
# Where the inspector may look at a message; and what it does with one that it shows.
PLACES = ('simws::endpoint::WebSocketEnd::on_message*', 'simws::endpoint::WebSocketEnd::deliver*')
SAMPLE = re.compile(r'^\s*([\d,]+).*InspectorMessages::on_message', re.MULTILINE)


@contextlib.contextmanager
def page(port):
    """One that shows messages."""
    with RawClient(port, handshake=False) as client:
        client.send(HANDSHAKE.replace(b'/', b'/_simws/live', 1).replace(b'\r\n\r\n', b'\r\n' + PAGE))
        client.receive_head()
        client.send(frame(TEXT, b'["subscribe","messages",{"policy":"oldest"}]'))
        client.receive_frame()
        client.socket.settimeout(1)
        while not hears_messages(client):  # it watches from then on
            exchange(port, 10)
        yield


def hears_messages(client):
    try:
        return client.receive_frame()[1].startswith(b'["message"')
    except TimeoutError:
        return False


def measure(build, has_inspector=False, is_watched=False, places=PLACES, messages=MESSAGES):
    """Instructions in these places, without those for what is shown."""
    def work(port):
        with page(port) if is_watched else contextlib.nullcontext():
            exchange(port, messages)
    total, listed = count(build, work, ('--inspector',) if has_inspector else (), [f'--toggle-collect={place}' for place in places])
    shown = SAMPLE.search(listed)
    return total - (int(shown[1].replace(',', '')) if shown else 0)


def for_each_message(build, **how):
    few, many = (measure(build, messages=messages, **how) for messages in (MESSAGES // 5, MESSAGES))
    return (many - few) / (MESSAGES - MESSAGES // 5)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--build', type=pathlib.Path, default=ROOT / 'build/release')
    build = parser.parse_args().build
    whole = for_each_message(build, places=())
    plain = for_each_message(build)
    more = {'nobody looks': for_each_message(build, has_inspector=True) - plain,
            'a page shows messages': for_each_message(build, has_inspector=True, is_watched=True) - plain}
    print(f'a message takes {whole:.0f} instructions\n\n| with the inspector | more | |\n|---|---|---|')
    for when, instructions in more.items():
        print(f'| {when} | {instructions:.1f} | {100 * instructions / whole:+.2f} % |')
    worst = 100 * max(more.values()) / whole
    print(f'\ngoal: at most {GOAL} % more: {"met" if worst <= GOAL else "missed"}')
    sys.exit(0 if worst <= GOAL else 1)


if __name__ == '__main__':
    main()
