#!/usr/bin/python3
"""Starts an echo server on a free port, sends a message and expects it back: echo_once.py <program>"""

import asyncio
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / 'support'))

from websocket_client import connect  # noqa: E402


async def echo(uri, message):
    async with connect(uri) as connection:
        await connection.send(message)
        return await asyncio.wait_for(connection.recv(), 60)


def main():
    with subprocess.Popen([sys.argv[1], '0'], stdout=subprocess.PIPE, text=True) as server:
        try:
            uri = server.stdout.readline().strip()
            answer = asyncio.run(echo(uri, 'Wie geht’s, robot?'))
        finally:
            server.kill()
    sys.exit(0 if answer == 'Wie geht’s, robot?' else f'{uri}: sent back {answer!r}')


if __name__ == '__main__':
    main()
