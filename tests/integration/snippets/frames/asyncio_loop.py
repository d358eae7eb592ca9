# A program of asyncio, with something to wait for in its answers.
import asyncio
import signal

import simWS


async def answer(data):
    await asyncio.sleep(0)
    return data


SNIPPET


def interrupted(*_):
    raise SystemExit


signal.signal(signal.SIGTERM, interrupted)
asyncio.run(main())
