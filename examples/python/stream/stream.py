"""A simulation that streams NumPy arrays as they lie in memory; its page plots them.

A string of 256 masses is plucked, and each frame of the stream is the height of all of them:
float32, 1 KiB, without a copy on the way to the network. Open http://localhost:9000/.

    python3 stream.py [port]
"""
import pathlib
import sys
import time
from typing import Any, Optional, Tuple

import numpy as np
import numpy.typing as npt

import simWS

PAGE = pathlib.Path(__file__).with_name('stream.html')
MASSES = 256
FRAME = 1 / 60  # seconds between two frames
STEPS = 8  # of the physics in one frame


class String:
    """Masses on springs between two fixed ends, with a little friction."""

    def __init__(self) -> None:
        self.height: npt.NDArray[np.float32] = np.zeros(MASSES, np.float32)
        self.speed: npt.NDArray[np.float32] = np.zeros(MASSES, np.float32)
        self.pluck(0.3)

    def pluck(self, place: float) -> None:
        x = np.linspace(0, 1, MASSES, dtype=np.float32)
        self.height[:] = np.minimum(x / place, (1 - x) / (1 - place)) * np.float32(0.8)
        self.speed[:] = 0

    def step(self) -> None:
        for _ in range(STEPS):
            bend = np.zeros_like(self.height)
            bend[1:-1] = self.height[:-2] - 2 * self.height[1:-1] + self.height[2:]
            self.speed += np.float32(0.25) * bend
            self.speed *= np.float32(0.9998)
            self.height += self.speed
            self.height[[0, -1]] = 0


string = String()


def on_message(server: str, connection: str, data: Any) -> None:
    """The page plucks by sending where: 0 to 1."""
    try:
        place = float(data)
    except ValueError:
        return
    if 0 < place < 1:
        string.pluck(place)


def on_http(server: str, connection: str, resource: str, data: bytes) -> Tuple[int, Optional[bytes]]:
    return (200, PAGE.read_bytes()) if resource in ('/', '/stream.html') else (404, None)


def main() -> None:
    server = simWS.start(int(sys.argv[1]) if len(sys.argv) > 1 else 9000)
    simWS.setMessageHandler(server, on_message)
    simWS.setHTTPHandler(server, on_http)
    due = time.monotonic()
    while True:
        string.step()
        simWS.broadcast(server, string.height.data)  # a buffer: binary
        due = max(due + FRAME, time.monotonic() - FRAME)
        while (left := due - time.monotonic()) > 0:
            simWS.poll(left)


if __name__ == '__main__':
    try:
        main()
    except KeyboardInterrupt:
        print('bye')
