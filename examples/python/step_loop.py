"""The two lines that bring a simulation's own loop onto the network, as for MuJoCo:

    while True:
        mujoco.mj_step(model, data)
        simWS.poll()

A pendulum with a motor stands for the physics here. Send it a torque in newton metres, and each
answer tells its angle and speed; `watch` streams them.

    python3 step_loop.py [port] [seconds]
"""
import json
import math
import sys
import time
from typing import Set

import simWS

TIME_STEP = 0.002  # seconds


class Pendulum:
    """One joint of 1 kg at 0.5 m, with friction."""

    def __init__(self) -> None:
        self.time = 0.0
        self.angle = 0.3
        self.speed = 0.0
        self.torque = 0.0

    def step(self) -> None:
        inertia = 1.0 * 0.5 ** 2
        load = self.torque - 1.0 * 9.81 * 0.5 * math.sin(self.angle) - 0.05 * self.speed
        self.speed += TIME_STEP * load / inertia
        self.angle += TIME_STEP * self.speed
        self.time += TIME_STEP

    def state(self) -> str:
        return json.dumps({'time': round(self.time, 3), 'angle': self.angle, 'speed': self.speed})


pendulum = Pendulum()
watchers: Set[str] = set()


def on_message(server: str, connection: str, data: str) -> None:
    if data == 'watch':
        watchers.add(connection)
        return
    try:
        pendulum.torque = float(data)
    except ValueError:
        simWS.send(server, connection, json.dumps({'error': 'send a number, or watch'}))
        return
    simWS.send(server, connection, pendulum.state())


def on_close(server: str, connection: str) -> None:
    watchers.discard(connection)


def main() -> None:
    server = simWS.start(int(sys.argv[1]) if len(sys.argv) > 1 else 9000)
    simWS.setMessageHandler(server, on_message)
    simWS.setCloseHandler(server, on_close)
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else math.inf
    begun = time.monotonic()
    steps = 0
    while pendulum.time < seconds:
        pendulum.step()
        simWS.poll()
        steps += 1
        if steps % 10 == 0:
            for connection in watchers:
                simWS.send(server, connection, pendulum.state())
        time.sleep(max(0.0, begun + steps * TIME_STEP - time.monotonic()))


if __name__ == '__main__':
    try:
        main()
    except KeyboardInterrupt:
        print('bye')
