"""Tells every connection the time, ten times a second, and who else is there.

    python3 broadcast.py [port]
"""
import json
import sys
import time

import simWS

PERIOD = 0.1  # seconds


def tell(server: str, **news: object) -> int:
    """Sends news to all that are connected; returns to how many."""
    return simWS.broadcast(server, json.dumps(news))


def on_open(server: str, connection: str) -> None:
    address = simWS.getConnectionInfo(server, connection)['remoteAddress']
    tell(server, joined=address, connections=len(simWS.getConnections(server)))


def on_close(server: str, connection: str) -> None:
    info = simWS.getConnectionInfo(server, connection)
    tell(server, left=info['remoteAddress'], code=info['closeCode'])


def main() -> None:
    server = simWS.start(int(sys.argv[1]) if len(sys.argv) > 1 else 9000)
    simWS.setOpenHandler(server, on_open)
    simWS.setCloseHandler(server, on_close)
    begun = time.monotonic()
    due = begun
    while True:
        due += PERIOD
        while (left := due - time.monotonic()) > 0:
            simWS.poll(left)  # returns as soon as it has handled something
        tell(server, time=round(time.monotonic() - begun, 1))


if __name__ == '__main__':
    try:
        main()
    except KeyboardInterrupt:
        print('bye')
