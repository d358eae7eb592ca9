"""simWS in a program that asyncio drives: its descriptor is one of those that the loop watches.

Handlers may be `async def`: each event becomes a task, in the order of events.

    python3 asyncio_server.py [port]
"""
import asyncio
import sys
from typing import Union

import simWS


async def on_message(server: str, connection: str, data: Union[str, bytes]) -> None:
    """Answers later, and others meanwhile."""
    try:
        delay = float(data)
    except ValueError:
        simWS.send(server, connection, 'say for how many seconds to wait')
        return
    await asyncio.sleep(delay)
    simWS.send(server, connection, f'waited {delay:g} s')


async def count(server: str) -> None:
    """Other work of the program."""
    number = 0
    while True:
        await asyncio.sleep(1)
        number += 1
        simWS.broadcast(server, f'tick {number}')


async def main() -> None:
    server = simWS.start(int(sys.argv[1]) if len(sys.argv) > 1 else 9000)
    simWS.setMessageHandler(server, on_message)
    loop = asyncio.get_running_loop()
    loop.add_reader(simWS.fileno(), simWS.poll)
    await count(server)


if __name__ == '__main__':
    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        print('bye')
