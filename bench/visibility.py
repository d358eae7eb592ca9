#!/usr/bin/python3
"""What it costs a server to be seen: instructions for each small message, by callgrind.

A client sends messages of 64 bytes to a Lua script, one after the other, and reads their echoes; runs
with few and many of them tell what one takes. Prints what it takes with and without the server's
metrics, the medians of three, and what an answer with these takes. Ends with exit code 1 when they
cost more than the goal. A busy machine changes nothing but in the last half percent. Needs valgrind.
The script's thread drives the network: with two threads the instructions depend on who is faster.
"""

import argparse
import pathlib
import statistics
import sys

from simws_bench import ROOT
from simws_bench.callgrind import count, exchange  # finds the tests' clients

from raw_client import RawClient

GOAL = 0.5  # percent of a message's instructions
FEW, MANY = 2000, 22000
ROUNDS = 3
SCRAPES = 20
REQUEST = b'GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'


def scrape(port, times):
    for _ in range(times):
        with RawClient(port, handshake=False) as client:
            client.send(REQUEST)
            client.receive_end()


def instructions(build, has_metrics, messages, scrapes=0):
    """Of a server that answers so many."""
    def work(port):
        exchange(port, messages)
        scrape(port, scrapes)
    return count(build, work, ('--param', 'simWS.metrics=true') if has_metrics else ())[0]


def for_each_message(build, has_metrics):
    few, many = (instructions(build, has_metrics, messages) for messages in (FEW, MANY))
    return (many - few) / (MANY - FEW)


def for_each_scrape(build):
    one, more = (instructions(build, True, 10, scrapes) for scrapes in (1, 1 + SCRAPES))
    return (more - one) / SCRAPES


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--build', type=pathlib.Path, default=ROOT / 'build/release')
    arguments = parser.parse_args()
    rounds = [(for_each_message(arguments.build, False), for_each_message(arguments.build, True)) for _ in range(ROUNDS)]
    plain, seen = map(statistics.median, zip(*rounds))
    more = 100 * (seen - plain) / plain
    print('| instructions of a message | with metrics | more | of an answer with them |\n|---|---|---|---|')
    print(f'| {plain:.0f} | {seen:.0f} | {more:+.2f} % | {for_each_scrape(arguments.build):.0f} |')
    print(f'\ngoal: at most {GOAL} % more: {"met" if more <= GOAL else "missed"}')
    sys.exit(0 if more <= GOAL else 1)


if __name__ == '__main__':
    main()
