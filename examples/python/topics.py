"""Streams NumPy arrays to whoever connects, each as fast as he can take them, and never an old one.

    python3 topics.py [port]

A depth image of 160 x 120 floats is published 60 times a second. Each viewer is subscribed with the
policy `latest`: one on a slow link gets fewer images, not older ones. With {'topics': True} pages can
subscribe by themselves, too.
"""
import sys
import time

import numpy
import simWS
from numpy.typing import NDArray

PERIOD = 1 / 60  # seconds
WIDTH, HEIGHT = 160, 120


def depth_image(seconds: float) -> NDArray[numpy.float32]:
    """A ball that moves before a wall, in metres."""
    y, x = numpy.mgrid[0:HEIGHT, 0:WIDTH]
    centre = WIDTH * (0.5 + 0.4 * numpy.sin(seconds))
    is_ball = (x - centre) ** 2 + (y - HEIGHT / 2) ** 2 < 20 ** 2
    return numpy.where(is_ball, 1.5, 3.0).astype(numpy.float32)


def on_open(server: str, connection: str) -> None:
    simWS.subscribe(server, connection, 'depth', {'policy': 'latest'})


def main() -> None:
    server = simWS.start(int(sys.argv[1]) if len(sys.argv) > 1 else 9000, {'topics': True})
    simWS.setOpenHandler(server, on_open)
    begun = due = time.monotonic()
    while True:
        due += PERIOD
        while (left := due - time.monotonic()) > 0:
            simWS.poll(left)
        simWS.publish(server, 'depth', depth_image(due - begun).tobytes())


if __name__ == '__main__':
    try:
        main()
    except KeyboardInterrupt:
        print('bye')
