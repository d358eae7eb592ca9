"""What functions say to wrong arguments. No client is needed."""
import array
import collections.abc
import ctypes
import sys
import types

import simWS

server = simWS.start(0)
other = simWS.start(0)
connection = 'simWS.Connection:' + server.rpartition(':')[2] + ':1'


def check(kind, expected, name, *arguments, **keywords):
    try:
        getattr(simWS, name)(*arguments, **keywords)
    except Exception as error:
        found = f'{type(error).__name__}: {error}'
    else:
        found = 'no error'
    if not found.startswith(f'{kind.__name__}: simWS.{name}: {expected}'):
        print(f'FAILED simWS.{name}: expected {kind.__name__} "{expected}", got "{found}"')


class OpinionsOnly(ctypes.Structure):
    """Its buffer's format has an O in a name."""
    _fields_ = [('Opinions', ctypes.c_long)]


unknown = 'invalid object handle: '
an_int = 'expected int, got '

check(TypeError, 'not enough arguments (0 given): simWS.start(listenPort: int, options: dict = None)', 'start')
check(TypeError, f'argument 1 (listenPort): {an_int}None', 'start', None)
check(TypeError, f"argument 1 (listenPort): {an_int}str '9000'", 'start', '9000')
check(TypeError, f"argument 1 (listenPort): {an_int}bytes '9000'", 'start', b'9000')
check(TypeError, f'argument 1 (listenPort): {an_int}float 3.5', 'start', 3.5)
check(TypeError, f'argument 1 (listenPort): {an_int}bool True', 'start', True)
check(TypeError, f'argument 1 (listenPort): {an_int}object', 'start', object())
for port in (-1, 65536, 70000, 1 << 64, -10**30):
    check(ValueError, f'argument 1 (listenPort) must be 0 to 65535, not int {port}', 'start', port)
check(TypeError, 'too many arguments (3 given)', 'start', 0, None, None)
check(TypeError, "argument 2 (options): expected dict, got str 'x'", 'start', 0, 'x')
check(TypeError, 'argument 2 (options): expected dict, got list', 'start', 0, [1, 2])
check(TypeError, 'argument 2 (options): expected dict, got dict with keys that are no strings', 'start', 0, {1: 2})
check(ValueError, "unknown option 'maxMesageSize'; the options are host, origins,", 'start', 0, {'maxMesageSize': 1})
check(ValueError, 'option maxMessageSize must be 1 to 2147483648, not int 0', 'start', 0, {'maxMessageSize': 0})
check(ValueError, f'option maxMessageSize must be 1 to 2147483648, not int {10**30}', 'start', 0, {'maxMessageSize': 10**30})
check(ValueError, f'option pingInterval must be 0 to 86400, not int {10**30}', 'start', 0, {'pingInterval': 10**30})
check(ValueError, f'option maxBodySize must be 0 to 2147483648, not int -0x1{"0" * 56}...', 'start', 0, {'maxBodySize': -16**5000})
check(TypeError, "option pingInterval: expected float, got str '1'", 'start', 0, {'pingInterval': '1'})
check(TypeError, 'option origins: expected a list of strings, got list with int 1', 'start', 0, {'origins': ['*', 1]})
check(TypeError, "option host: expected str, got bytes '*'", 'start', 0, {'host': b'*'})
check(ValueError, r"cannot listen on '127.0.0.1\x00x': it is no IP address; the option host must be", 'start', 0,
      {'host': '127.0.0.1\0x'})
nested = {}
nested['origins'] = nested
check(TypeError, 'option origins: expected a list of strings, got', 'start', 0, nested)

# A port that's taken: the error names it.
port = simWS.getServerInfo(server)['port']
check(simWS.Error, f'cannot listen on 127.0.0.1:{port}: ', 'start', port)

for handle in ('', 'x', 'simWS.Server:', 'simWS.Server:0', 'simWS.Server:99999', server + ' ', server + '\0', 'ü\ud800'):
    for name in ('stop', 'getConnections', 'getServerInfo'):
        check(simWS.Error, unknown, name, handle)
    for name in ('setOpenHandler', 'setFailHandler', 'setCloseHandler', 'setMessageHandler', 'setHTTPHandler'):
        check(simWS.Error, unknown, name, handle, 'f')
    check(simWS.Error, unknown, 'send', handle, connection, 'x')
    check(simWS.Error, unknown, 'close', handle, connection)
    check(simWS.Error, unknown, 'broadcast', handle, 'x')
    check(simWS.Error, unknown, 'getConnectionInfo', handle, connection)
check(simWS.Error, f"{unknown}'{connection}' is a connection; the server's handle", 'stop', connection)
check(simWS.Error, f"{unknown}'{connection}' (the server has no such connection", 'send', server, connection, 'x')
check(simWS.Error, f"{unknown}'{connection}' is a connection of another server", 'send', other, connection, 'x')
check(simWS.Error, f"{unknown}'x' (expected a connection's handle", 'send', server, 'x', 'data')
check(TypeError, f"argument 1 (serverHandle): expected str, got bytes '{server}'", 'stop', server.encode())

check(TypeError, 'not enough arguments (2 given): simWS.send(serverOrClientHandle: str, connectionHandle: str | None, '
      'data: str | bytes, opcode: int = None, options: dict = None)', 'send', server, connection)
check(TypeError, 'too many arguments (6 given)', 'send', server, connection, 'x', 1, {}, 1)
check(TypeError, 'argument 3 (data): expected str or bytes, got int 5', 'send', server, connection, 5)
check(TypeError, 'argument 3 (data): expected str or bytes, got None', 'send', server, connection, None)
check(TypeError, 'argument 3 (data): expected str or bytes, got a buffer that is not in one piece '
      '(numpy.ascontiguousarray makes one)', 'send',
      server, connection, memoryview(b'abcd')[::2])
check(TypeError, 'argument 2 (data): expected str or bytes, got an array of Python objects', 'broadcast',
      server, (ctypes.py_object * 2)(1, 'x'))
check(TypeError, f"argument 4 (opcode): {an_int}str 'text'", 'send', server, connection, 'x', 'text')
check(TypeError, 'option fin: expected bool, got int 1', 'send', server, connection, 'x', 1, {'fin': 1})
check(ValueError, "unknown option 'final'; the options are fin", 'send', server, connection, 'x', 1, {'final': True})
for opcode in (-1, 3, 8, 256, 10**30):
    check(ValueError, f'invalid opcode: {opcode}', 'send', server, connection, 'x', opcode)
    check(ValueError, f'invalid opcode: {opcode}', 'broadcast', server, 'x', opcode)
check(simWS.Error, f"{unknown}'{connection}'", 'broadcast', server, 'x', options={'to': [connection]})
check(simWS.Error, f"{unknown}'x'", 'broadcast', server, 'x', options={'except': 'x'})
check(ValueError, "unknown option 'two'; the options are to, except", 'broadcast', server, 'x', options={'two': []})
check(ValueError, 'invalid opcode: 0', 'broadcast', server, 'x', simWS.opcode.continuation)
check(ValueError, 'text must be UTF-8, and is not at byte offset 3', 'broadcast', server, 'ab\ud800')
check(ValueError, 'text must be UTF-8, and is not at byte offset 1', 'broadcast', server, '\udcc3\udca9')
check(ValueError, 'invalid close code: 70000', 'close', server, connection, 70000)
check(ValueError, f'invalid close code: {10**30}', 'close', server, connection, 10**30)
check(ValueError, 'invalid close code: -1', 'close', server, connection, -1)
check(TypeError, 'argument 2 (callbackFn): expected a function or the name of one, got int 5', 'setOpenHandler', server, 5)
check(TypeError, 'argument 2 (callbackFn): expected a function or the name of one, got TextIOWrapper', 'setOpenHandler',
      server, sys.stdout)
check(TypeError, 'not enough arguments (1 given)', 'setOpenHandler', server)
check(ValueError, "unknown option 'thread'; the options are threaded", 'run', {'thread': True})
check(TypeError, "argument 1 (timeout): expected float, got str '1'", 'poll', '1')

# Keywords.
check(TypeError, "argument 'port' is unknown: simWS.start(listenPort: int, options: dict = None)", 'start', port=0)
check(TypeError, "argument 'listenPort' is given twice: ", 'start', 0, listenPort=0)
check(TypeError, "argument 'listenPort' is missing: simWS.start(listenPort: int, ", 'start', options={})
check(TypeError, "argument 'connectionHandle' is missing: simWS.send(", 'send', server, data='x')
check(TypeError, "argument 'data' is missing: simWS.send(", 'send', server, connectionHandle=connection)
check(TypeError, 'argument 2 (connectionHandle): expected str, got None', 'send', server, None, data='x')
check(TypeError, 'not enough arguments (0 given)', 'getServerInfo', **{})
check(TypeError, 'too many arguments (6 given)', 'send', server, connection, 'x', 1, {}, 1, opcode=1)
check(ValueError, 'invalid opcode: 9', 'send', data='x', opcode=9, connectionHandle=connection, serverHandle=server)
check(simWS.Error, unknown, 'send', server, connectionHandle=connection, data='x')


class Number:
    def __init__(self, number):
        self.number = number

    def __index__(self):
        if self.number is None:
            raise KeyError('no number')
        return self.number


check(ValueError, 'argument 1 (listenPort) must be 0 to 65535, not int 65536', 'start', Number(65536))
check(TypeError, f'argument 1 (listenPort): {an_int}Number', 'start', Number(None))


class Truth:
    """As NumPy's: no bool, and an index in its older versions."""

    def __init__(self, value):
        self.value = value

    def __bool__(self):
        return self.value

    def __index__(self):
        return int(self.value)


check(TypeError, 'option infoPage: expected bool, got int 1', 'start', 0, {'infoPage': Truth(True)})
sys.modules['numpy'] = types.ModuleType('numpy')
sys.modules['numpy'].bool_ = Truth
check(TypeError, f'argument 1 (listenPort): {an_int}bool True', 'start', Truth(True))
check(TypeError, 'option host: expected str, got bool False', 'start', 0, {'host': Truth(False)})
simWS.stop(simWS.start(0, {'infoPage': Truth(False), 'metrics': Truth(True)}))


class Clears:
    """A number whose conversion empties the dict that it is read from."""

    def __init__(self):
        self.options = {'maxHeaderSize': self, 'host': 'x' * 1000, 'maxBodySize': self}

    def __index__(self):
        self.options.clear()
        return 0


check(ValueError, 'option maxHeaderSize must be 256 to 1048576, not int 0', 'start', 0, Clears().options)


class Mapping(collections.UserDict):
    """Calls a function for its items."""

    def __init__(self, items):
        self.items = items


class Forever:
    """What can be indexed is no sequence for that."""

    def __getitem__(self, index):
        return 'x'


for options in (Mapping(lambda: 1 / 0), Mapping(lambda: 5), array.array('d', [1.0])):
    check(TypeError, f'argument 2 (options): expected dict, got {type(options).__name__}', 'start', 0, options)
for items in ([1], [('host',)], [('host', '', '')], ['ab'], [(1, 2)]):
    check(TypeError, 'argument 2 (options): expected dict, got dict with keys that are no strings', 'start', 0,
          Mapping(lambda: items))
check(ValueError, "unknown option 'no'; ", 'start', 0, types.MappingProxyType({'no': 1}))
check(TypeError, 'option host: expected str, got deque', 'start', 0, {'host': collections.deque()})
for origins in ({'a'}, iter('a'), bytearray(b'a'), Forever()):
    check(TypeError, f'option origins: expected a list of strings, got {type(origins).__name__}', 'start', 0,
          {'origins': origins})
check(TypeError, "option origins: expected a list of strings, got list with bytes 'a'", 'start', 0, {'origins': collections.deque([b'a'])})

# Dicts and lists that hold each other have no end.
world = {'robots': []}
world['robots'] += [{'world': world, 'also': [world]} for _ in range(100)]
check(TypeError, 'argument 1 (serverHandle): expected str, got dict', 'getServerInfo', world)
check(ValueError, "unknown option 'robots'; ", 'start', 0, world)
check(TypeError, 'option origins: expected a list of strings, got more than 10000 items', 'start', 0,
      {'origins': ['origin'] * 10000})



class Long(collections.abc.Sequence):
    """Says how many of its items were asked for."""
    def __init__(self):
        self.asked = 0

    def __len__(self):
        return 1000000

    def __getitem__(self, index):
        self.asked += 1
        return 'origin'


long = Long()
for endless in (long, range(10**7), {str(i): i for i in range(20000)}):
    check(TypeError, 'option origins: expected a list of strings, got more than 10000 items', 'start', 0,
          {'origins': endless})
assert 9000 < long.asked <= 10000, long.asked

# What's right.
assert [simWS.opcode.continuation, simWS.opcode.text, simWS.opcode.binary] == [0, 1, 2] == list(simWS.opcode)
assert simWS.opcode_binary is simWS.opcode.binary and simWS.sim_ws_opcode_text == 1
assert issubclass(simWS.Error, RuntimeError)
simWS.setOpenHandler(server, None)
simWS.setOpenHandler(server, '')
simWS.setOpenHandler(server, 'a.b.c')
assert simWS.start(0.0, None) != server
assert simWS.start(listenPort=Number(0), options={'origins': 'x.example', 'hosts': ('a', 'b')}) != server
for options in ({'origins': collections.UserList('ab'), 'hosts': collections.deque('a')}, {'pingInterval': 1}):
    for mapping in (collections.UserDict, types.MappingProxyType, collections.OrderedDict):
        simWS.stop(simWS.start(0, mapping(options)))
assert simWS.getConnections(server) == [] and simWS.broadcast(server, 'x') == 0
for data in (b'x', bytearray(b'x'), memoryview(b'x'), array.array('d', [1.0])):
    assert simWS.broadcast(server, data) == 0
assert simWS.broadcast(server, OpinionsOnly()) == 0
info = simWS.getServerInfo(server)
assert info['connections'] == 0 and info['messagesIn'] == 0 and info['uptime'] >= 0 and info['tls'] is False
assert simWS.setOpenHandler(server, None) is None
assert simWS.poll() == 0 and type(simWS.fileno()) is int

simWS.stop(server)
check(simWS.Error, f"{unknown}'{server}'", 'stop', server)
simWS.stop(other)
# A port is free as soon as its server is stopped.
simWS.stop(simWS.start(port))
print('DONE')
sys.exit(0)
