"""A black box: whatever happens, there are recordings of the latest minutes.

    python3 recording.py [port] [folder] [seconds]

A robot's state is published 50 times a second, and what the server sends and receives is recorded, in a file for each minute, or for as
many seconds as are said. The ten latest are kept. Each is whole by itself, and readable even after a crash; it begins with what topics
retain. `simws replay box-3.jsonl.gz` shows one again.
"""
import json
import math
import sys
import time
from pathlib import Path

import simWS

PERIOD = 1 / 50  # seconds
KEPT = 10


class BlackBox:
    """Recordings of one server, one behind the other."""

    def __init__(self, server: str, folder: Path, seconds: float) -> None:
        self.server, self.folder, self.seconds = server, folder, seconds
        self.number = 0
        self.begin()

    def begin(self) -> None:
        self.number += 1
        self.ends = time.monotonic() + self.seconds
        simWS.startRecording(self.server, str(self.file(self.number)))
        self.file(self.number - KEPT).unlink(missing_ok=True)

    def file(self, number: int) -> Path:
        return self.folder / f'box-{number}.jsonl.gz'

    def step(self) -> None:
        if time.monotonic() < self.ends:
            return
        recording = simWS.stopRecording(self.server)
        if recording['leftOut'] or recording['error']:
            print(recording['file'], 'is not whole:', recording)
        self.begin()


def main(port: int = 9000, folder: str = '.', seconds: float = 60) -> None:
    server = simWS.start(port, {'topics': True})
    simWS.publish(server, 'robot', json.dumps({'joints': 6}), options={'retain': True})
    box = BlackBox(server, Path(folder), seconds)
    begun = due = time.monotonic()
    while True:
        due += PERIOD
        while (left := due - time.monotonic()) > 0:
            simWS.poll(left)
        simWS.publish(server, 'state', json.dumps({'elbow': round(math.sin(due - begun), 3)}))
        box.step()


if __name__ == '__main__':
    try:
        main(*(kind(word) for kind, word in zip((int, str, float), sys.argv[1:])))
    except KeyboardInterrupt:
        print('bye')
