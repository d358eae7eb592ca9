"""A simulation's own loop that publishes: how late its steps are, and what `publish` takes of its thread.

    python3 stream.py --rate 60 --size 10000 --policy latest [--keys 1000 --retain]

Prints `port <number>`. Steps until standard input ends; then stops publishing, and when that was `stop\n` first, stays for those
who catch up. Ends with a line of JSON.
"""
import argparse
import json
import sys
import threading
import time

import simWS


def percentile(values, share):
    return sorted(values)[max(0, round(share * len(values)) - 1)] if values else 0


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--rate', type=float, default=60)
    parser.add_argument('--size', type=int, default=10_000)
    parser.add_argument('--policy', default='latest')
    parser.add_argument('--keys', type=int, default=1, help='published in turn, in one topic')
    parser.add_argument('--broker', default='', help='of edges, which serve it as bench')
    parser.add_argument('--retained', type=int, default=0, help='keys retained in another, of 200 bytes each')
    return parser.parse_args()


class Stream:
    def __init__(self, options):
        self.options = options
        self.lateness, self.cost, self.published = [], [], 0
        self.is_stepping = True
        self.is_watched = options.broker != ''
        self.filler = b' ' * (options.size - 31)
        simWS.setLogHandler(lambda level, line: None)
        by_broker = {'broker': options.broker, 'name': 'bench', 'topics': True} if options.broker else {}
        self.server = simWS.start(0, {'maxConnections': 20000, 'maxQueuedBytes': 64 << 20, 'pingInterval': 0, **by_broker})
        simWS.setTopic(self.server, 'state', {'policy': options.policy})
        simWS.setOpenHandler(self.server, self.on_open)
        for key in range(options.retained):
            simWS.publish(self.server, 'map', b'%-200d' % key, simWS.opcode.binary, {'key': str(key), 'retain': True})

    def on_open(self, server, connection):
        self.is_watched = True
        if self.options.broker:
            return  # viewers subscribe by themselves
        simWS.subscribe(server, connection, 'state', {'policy': self.options.policy})
        if simWS.getConnectionInfo(server, connection, ['resource'])['resource'] == '/late':
            simWS.subscribe(server, connection, 'map', {'policy': 'latest'})

    def step(self):
        key = str(self.published % self.options.keys)
        data = b'%020d %010d' % (time.monotonic_ns(), self.published) + self.filler
        before = time.thread_time_ns()
        simWS.publish(self.server, 'state', data, simWS.opcode.binary, {'key': key})
        self.cost.append((time.thread_time_ns() - before) / 1e3)
        self.published += 1

    def run(self):
        due = time.monotonic()
        while not ended.is_set():
            due += 1 / self.options.rate
            simWS.poll(0)
            time.sleep(max(0, due - time.monotonic()))
            self.lateness.append((time.monotonic() - due) * 1e3)
            if self.is_stepping and self.is_watched:
                self.step()

    def report(self):
        tail = len(self.lateness) // 4  # without what came before all were there
        print(json.dumps({'lateness_p50_ms': percentile(self.lateness[tail:], 0.5),
                          'lateness_p99_ms': percentile(self.lateness[tail:], 0.99),
                          'publish_p50_us': percentile(self.cost[tail:], 0.5),
                          'publish_p99_us': percentile(self.cost[tail:], 0.99),
                          'published': self.published,
                          'topics': simWS.getTopics(self.server)}), flush=True)


def listen(stream):
    if sys.stdin.readline() == 'stop\n':
        stream.is_stepping = False
        sys.stdin.read()
    ended.set()


ended = threading.Event()
stream = Stream(parse())
print('port', simWS.getServerInfo(stream.server)['port'], flush=True)
threading.Thread(target=listen, args=(stream,), daemon=True).start()
stream.run()
stream.report()
