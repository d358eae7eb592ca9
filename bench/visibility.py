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
import re
import statistics
import subprocess
import sys
import tempfile

from simws_bench import BENCH, ROOT

sys.path.insert(0, str(ROOT / 'tests/support'))

from raw_client import TEXT, RawClient, frame  # noqa: E402

GOAL = 0.5  # percent of a message's instructions
FEW, MANY = 2000, 22000
ROUNDS = 3
SCRAPES = 20
PORT = re.compile(r'\bport (\d+)$')
MESSAGE = frame(TEXT, b'x' * 64)
REQUEST = b'GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'


def serve(build, has_metrics, folder):
    command = ['valgrind', '--tool=callgrind', f'--callgrind-out-file={folder}/out', build / 'bin/simws', 'run']
    if has_metrics:
        command += ['--param', 'simWS.metrics=true']
    command += [BENCH / 'peers/simws_peer.lua', '0', 'echo']
    return subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def read_port(process):
    for line in process.stdout:
        if found := PORT.search(line.rstrip()):
            return int(found[1])
    sys.exit('the server does not start')


def exchange(port, messages):
    with RawClient(port) as client:
        for _ in range(messages):
            client.send(MESSAGE)
            client.receive_frame()


def scrape(port, times):
    for _ in range(times):
        with RawClient(port, handshake=False) as client:
            client.send(REQUEST)
            client.receive_end()


def instructions(build, has_metrics, messages, scrapes=0):
    """Of a server that answers so many."""
    with tempfile.TemporaryDirectory() as folder:
        process = serve(build, has_metrics, folder)
        try:
            port = read_port(process)
            exchange(port, messages)
            scrape(port, scrapes)
        finally:
            process.terminate()
            process.communicate()
        text = pathlib.Path(folder, 'out').read_text(encoding='utf-8')
    return int(re.search(r'^(?:summary|totals): (\d+)', text, re.MULTILINE)[1])


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
