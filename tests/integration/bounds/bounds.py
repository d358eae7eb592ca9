"""What the tests of bounds share: the script serve.lua or serve.py in all the ways it can be driven."""
import re
import sys
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / 'bindings'))

from programs import (PYTHON_WAYS, Script, each, host, plain_lua, plain_python,  # noqa: E402, F401
                      python_host, threaded_host, threaded_python_host)
from clients import answer_to  # noqa: E402
from raw_client import TEXT, RawClient, frame  # noqa: E402
from simws_host import DEADLINE  # noqa: E402, F401

MIB = 1 << 20

# How a script is run, and what it does to be driven: with the network on its own thread, or not.
DIRECT = [(host, 'serve'), (plain_lua, 'serve'), (python_host, 'serve'), (plain_python, 'serve')]
BESIDE = [(threaded_host, 'serve'), (host, 'stepped'), (plain_lua, 'threaded'), (plain_lua, 'poll'),
          (threaded_python_host, 'serve'), (python_host, 'stepped'), (plain_python, 'threaded'),
          (plain_python, 'poll')]
ALL = DIRECT + BESIDE


def each_drive(drives=tuple(ALL)):
    """Decorates a class: each of its tests is there for every drive, a (way, argument of the script)."""
    return each(drives, lambda drive: f'{drive[0].__name__}_{drive[1]}')


class BoundsTest(unittest.TestCase):
    maxDiff = None

    def serve(self, drive, **options):
        """Starts the script with these options of simWS.start; pings only when they say so."""
        way, argument = drive
        options = {'pingInterval': 0, **options}
        name = 'serve.py' if way in PYTHON_WAYS else 'serve.lua'
        arguments = [f'{name}={value}' for name, value in options.items()]
        self.script = self.enterContext(Script(way, HERE / name, argument, *arguments))
        return self.script

    def client(self, path='/', **options):
        return self.enterContext(RawClient(self.script.port, path=path, **options))

    def tell(self, client, command):
        """What a message is answered with."""
        client.send(frame(TEXT, command.encode()))
        opcode, payload = client.receive_frame()
        self.assertEqual(opcode, TEXT)
        return payload.decode()

    def heard(self, pattern, stream='stdout'):
        return self.script.wait_for(pattern, stream)

    def lines(self, pattern, stream='stderr'):
        """All so far that have the pattern."""
        return [line for line in list(getattr(self.script, stream)) if re.search(pattern, line)]

    def asked(self):
        """The script's lines of requests, all of them: it prints in turn, so that those before the last one have come."""
        self.assertEqual(answer_to(f'http://127.0.0.1:{self.script.port}/end')[0], 200)
        self.heard('^asked for /end$')
        return self.lines('^asked for (?!/end$)', 'stdout')

    def numbers(self, answer):
        return [int(word) for word in answer.split()[1:]]

    def memory(self, field):
        """VmRSS, VmHWM (its highest) or VmSize, in bytes."""
        text = Path(f'/proc/{self.script.pid}/status').read_text()
        return 1024 * int(re.search(rf'^{field}:\s+(\d+) kB', text, re.MULTILINE)[1])
