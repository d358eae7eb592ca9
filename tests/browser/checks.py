"""Named checks in a row, each of which builds on those before it."""
import asyncio
import contextlib
import sys
import traceback


class Failed(Exception):
    pass


@contextlib.contextmanager
def check(name):
    try:
        yield
    except Exception as error:
        print(f'FAILED  {name}\n{traceback.format_exc()}', flush=True)
        raise Failed(name) from error
    print(f'ok      {name}', flush=True)


def same(actual, expected):
    if actual != expected:
        raise AssertionError(f'expected {expected!r}, got {actual!r}')


def run(checks):
    """Ends the program: 0 when the coroutine function's checks all hold, else 1."""
    try:
        asyncio.run(checks())
    except Failed as failure:
        sys.exit(f'failed: {failure}')
