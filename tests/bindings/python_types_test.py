"""The types of the module, as mypy checks them: in the examples, and in calls that are wrong."""
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from programs import environment_of, plain_python

ROOT = Path(__file__).resolve().parents[2]

WRONG = {
    'simWS.start("9000")': 'incompatible type "str"; expected "int"',
    'simWS.start(9000, {"prot": 1})': 'incompatible type "dict[str, int]"; expected "_StartOptions | None"',
    'simWS.send("s", "c", 5)': 'incompatible type "int"',
    'simWS.send("s", "c", "x", option={})': 'Unexpected keyword',
    'simWS.setMessageHandler("s", lambda server: None)': 'incompatible type',
    'simWS.setHTTPHandler("s", lambda server, connection, resource, data: "page")': 'incompatible',
    'simWS.setHTTPHandler("s", page)': 'incompatible',
    'simWS.getServerInfo("s")["prot"]': 'has no key "prot"',
    'len(simWS.broadcast("s", b"x"))': 'incompatible type "int"',
    'simWS.getConnectionInfo("s", "c")["closeCode"] + 1': 'Unsupported operand',
}
# What the wrong calls use.
BEFORE = '''
import simWS
async def page(server: str, connection: str, resource: str, data: bytes) -> str: return resource
'''
RIGHT = '''
import array
import numpy
import simWS

class Robot:
    def on_message(self, server: str, connection: str, data: str, opcode: int) -> None: ...
    async def later(self, server: str, connection: str, data: bytes) -> None: ...

def on_http(server: str, connection: str, resource: str, data: bytes) -> "tuple[int, str]":
    return 200, resource

async def on_http_later(server: str, connection: str, resource: str, data: bytes) -> "tuple[int, str]":
    return 200, resource

async def on_request(server: str, connection: str, resource: str, data: bytes, request: "dict[str, object]") -> None: ...

async def on_event(server: str, connection: str) -> None: ...

robot = Robot()
server: str = simWS.start(listenPort=0, options={"origins": ["a"], "pingInterval": 1})
simWS.setMessageHandler(server, robot.on_message)
simWS.setMessageHandler(server, robot.later)
simWS.setMessageHandler(server, "app.on_message")
simWS.setOpenHandler(server, None)
simWS.setHTTPHandler(server, on_http)
simWS.setHTTPHandler(server, on_http_later)
simWS.setHTTPHandler(server, on_request)
simWS.setOpenHandler(server, on_event)
simWS.setFailHandler(server, on_event)
simWS.setCloseHandler(server, on_event)
for connection in simWS.getConnections(server):
    if not simWS.send(server, connection, memoryview(b"x"), simWS.opcode.binary, {"fin": False}):
        raise simWS.Error(simWS.getConnectionInfo(server, connection)["error"])
simWS.broadcast(server, numpy.zeros((3, 3)))
simWS.broadcast(server, array.array("d", [1.0]))
port: int = simWS.getServerInfo(server)["port"] + simWS.opcode_text
simWS.run({"threaded": True})
handled: int = simWS.poll(0.5) + simWS.poll(timeout=None)
'''


def in_newer_words(found):
    """What mypy says of types, as it does from 1.9 on."""
    return re.sub(r'Optional\[(\w+)\]', r'\1 | None', found.replace('Dict[', 'dict['))


class Types(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def mypy(self, *files):
        environment = {**os.environ, 'MYPYPATH': os.environ['SIMWS_PYTHON_PYTHONPATH']}
        return subprocess.run(['/usr/bin/python3', '-m', 'mypy', '--strict', '--cache-dir', self.folder / 'cache', *files],
                              env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def test_they_are_those_of_the_module(self):
        environment = {**os.environ, **environment_of(plain_python)}
        environment['MYPYPATH'] = environment['PYTHONPATH']
        done = subprocess.run(['/usr/bin/python3', '-m', 'mypy.stubtest', 'simWS'], env=environment, text=True,
                              cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_the_examples_have_the_types_that_they_say(self):
        done = self.mypy(*sorted((ROOT / 'examples/python').rglob('*.py')))
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_what_is_right_is_right(self):
        (self.folder / 'right.py').write_text(RIGHT)
        done = self.mypy(self.folder / 'right.py')
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_what_is_wrong_is_found(self):
        lines = [*BEFORE.strip().splitlines(), *WRONG]
        (self.folder / 'wrong.py').write_text('\n'.join(lines) + '\n')
        found = in_newer_words(self.mypy(self.folder / 'wrong.py').stdout)
        for number, (call, expected) in enumerate(WRONG.items(), start=len(lines) - len(WRONG) + 1):
            with self.subTest(call):
                errors = [line for line in found.splitlines() if f'wrong.py:{number}: error' in line]
                self.assertTrue(any(expected in line for line in errors), found)


if __name__ == '__main__':
    unittest.main()
