"""What the tests of the bindings share: each runs its script in every way a script can be run."""
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / 'support'))

from certificates import Authority, serving, trusting  # noqa: E402, F401
from clients import HANDSHAKE, ClientTest, answer_to, answer_to_handshake, each  # noqa: E402, F401
from helper_words import PlayedHelper  # noqa: E402, F401
from simws_host import DEADLINE, Host, program  # noqa: E402
from websocket_client import connect  # noqa: E402


def host(script, *arguments):
    return [program(), 'run', script, *arguments]


def threaded_host(script, *arguments):
    return [program(), 'run', '--threaded', script, *arguments]


def plain_lua(script, *arguments):
    return [os.environ['SIMWS_LUA'], script, *arguments]


def plain_python(script, *arguments):
    return [os.environ['SIMWS_PYTHON'], '-B', script, *arguments]


def python_host(script, *arguments):
    return host(script, *arguments)


def threaded_python_host(script, *arguments):
    return threaded_host(script, *arguments)


LUA_WAYS = (host, threaded_host, plain_lua)
PYTHON_HOST_WAYS = (python_host, threaded_python_host)
PYTHON_WAYS = (plain_python, *PYTHON_HOST_WAYS)
WAYS = LUA_WAYS + PYTHON_WAYS


def script_of(way, name):
    """The script of that name in the language of a way to run it."""
    return HERE / (f'python/{name}.py' if way in PYTHON_WAYS else f'lua/{name}.lua')


def environment_of(way):
    """What the language alone needs to find the module, and a module with sanitizers to work in it."""
    if way is plain_lua:
        prefix = 'SIMWS_LUA_'
    elif way in PYTHON_WAYS:
        prefix = 'SIMWS_PYTHON_'
    else:
        return {}
    environment = {name.removeprefix(prefix): value for name, value in os.environ.items()
                   if name.startswith(prefix)}
    if way in PYTHON_HOST_WAYS:
        # It has the module in itself, and finds Python by its name.
        environment.pop('PYTHONPATH', None)
        folder = os.path.dirname(os.environ['SIMWS_PYTHON'])
        environment['PATH'] = os.pathsep.join((folder, os.environ['PATH']))
    return environment


class Script(Host):
    """A script of this folder, by its name. It prints `PORT <number>` when it listens."""

    def __init__(self, way, script, *arguments, options=(), is_log_stuck=False):
        super().__init__('')
        self._is_log_stuck = is_log_stuck
        path = script if isinstance(script, Path) else script_of(way, script)
        self._command = way(str(path), *map(str, arguments))
        self._environment.update(environment_of(way))
        self._command[2:2] = options

    @property
    def port(self):
        return int(self.wait_for(r'^PORT (\d+)$', 'stdout')[1])


class ScriptTest(ClientTest):
    """A test asks for its script with `self.run_script`; `each_way` repeats it for every way."""

    async def run_script(self, way, script, *arguments, options=()):
        self.script = self.enterContext(Script(way, script, *arguments, options=options))
        self.port = await self.do(lambda: self.script.port)
        return self.script

    async def connect(self, path='/', **options):
        socket = await connect(f'ws://127.0.0.1:{self.port}{path}', **options)
        self.addAsyncCleanup(socket.close)
        return socket

    async def fetch(self, path, data=None, method=None, headers=None):
        """Status, headers and body of the answer to an HTTP request."""
        return await self.do(answer_to, f'http://127.0.0.1:{self.port}{path}', data, method, headers)

    async def line(self, pattern, stream='stdout'):
        return await self.do(self.script.wait_for, pattern, stream)

    async def exit_code(self):
        return await self.do(self.script.wait)

    async def terminate(self):
        return await self.do(self.script.terminate)


# What the scripts folder/environment log, level debug and above.
LOG_OF_ENVIRONMENT = [
    'simWS: error: log errors', 'simWS: warning: log warnings', 'simWS: info: log loadinfos',
    'simWS: error: log scripterrors', 'simWS: warning: log scriptwarnings',
    'simWS: info: log scriptinfos', 'simWS: info: log infos', 'simWS: debug: log debug']


def run_simws(*arguments, way=host, command=None, cwd=None, env=None):
    """What the program, or another one, did with the arguments, when it has ended."""
    environment = {**os.environ, **environment_of(way), **(env or {})}
    return subprocess.run([str(command or program()), *map(str, arguments)], capture_output=True,
                          text=True, timeout=DEADLINE, cwd=cwd, env=environment)


def each_way(ways=WAYS):
    """Makes a test of every test method for every way to run its script: (self, way)."""
    return each(ways, lambda way: way.__name__)
