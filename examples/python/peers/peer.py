"""Two simulations that exchange their states over one connection. Each goes on when the other is
away, and they find each other again, whichever of them was restarted.

    python3 peer.py 9000                    the one that serves
    python3 peer.py ws://localhost:9000     the one that connects

Each swings a pendulum, and a spring joins the two: one hands its swing to the other and gets it
back. The peers in ../../lua and ../../cpp say the same, so any two of them make a pair.
"""
import math
import sys
import time
from typing import Optional

import simWS

TIME_STEP = 0.05  # seconds
STIFFNESS = 2.0  # of the spring, 1/s^2


class Pendulum:
    def __init__(self, angle: float) -> None:
        self.angle = angle
        self.speed = 0.0

    def step(self, other: Optional[float]) -> None:
        pull = 0.0 if other is None else STIFFNESS * (other - self.angle)
        self.speed += (pull - 9.81 * math.sin(self.angle)) * TIME_STEP
        self.angle += self.speed * TIME_STEP


class Peer:
    """What is at the other end, be it a server's client or a client's server."""

    def __init__(self, where: str) -> None:
        self.angle: Optional[float] = None  # None: it's away, or has not said it yet
        self.serves = where.isdigit()
        if self.serves:
            self.handle = simWS.start(int(where))
        else:
            self.handle = simWS.connect(where, {'reconnect': {'max': 2}})
        simWS.setOpenHandler(self.handle, self.on_open)
        simWS.setMessageHandler(self.handle, self.on_message)
        simWS.setCloseHandler(self.handle, self.on_close)

    def tell(self, angle: float) -> None:
        """Only the newest state counts: while the one before still waits, this one isn't sent. Nor
        is it while the other is away, as nobody is connected then."""
        for connection in simWS.getConnections(self.handle):
            info = simWS.getConnectionInfo(self.handle, connection, ['queuedBytes'])
            if info['queuedBytes'] == 0:
                simWS.send(self.handle, connection, f'{angle:.4f}')

    def on_open(self, handle: str, connection: str) -> None:
        print('the other is here', flush=True)

    def on_message(self, handle: str, connection: str, data: 'str | bytes') -> None:
        try:
            angle = float(data)
        except ValueError:
            return
        if abs(angle) <= 2 * math.pi:
            self.angle = angle

    def on_close(self, handle: str, connection: str) -> None:
        if not simWS.getConnections(self.handle):
            self.angle = None
            print('the other is away', flush=True)


def main() -> None:
    peer = Peer(sys.argv[1] if len(sys.argv) > 1 else '9000')
    pendulum = Pendulum(1.0 if peer.serves else 0.0)
    begun = time.monotonic()
    steps = 0
    while True:
        steps += 1
        pendulum.step(peer.angle)
        peer.tell(pendulum.angle)
        if steps % 20 == 0:
            other = 'silent' if peer.angle is None else f'{peer.angle:+.2f}'
            now = round(steps * TIME_STEP)
            print(f'{now} s: {pendulum.angle:+.2f}, the other {other}', flush=True)
        while (left := begun + steps * TIME_STEP - time.monotonic()) > 0:
            simWS.poll(left)  # returns as soon as it has handled something


if __name__ == '__main__':
    try:
        main()
    except KeyboardInterrupt:
        print('bye')
