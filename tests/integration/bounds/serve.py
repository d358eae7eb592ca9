"""A server that does what its messages say. Arguments: how it's driven, then options of simWS.start."""
import sys

import simWS

drive = sys.argv[1]
names, connections, left = {}, {}, set()  # names are the paths of handshakes


def say(text):
    print(text, flush=True)


def option(argument):
    name, value = argument.split('=', 1)
    try:
        return name, float(value)
    except ValueError:
        return name, [value]


def fill(connection, name, count, size):
    """What is accepted for one that doesn't read, in one callback, and the most that ever waited for it."""
    data, accepted, highest = 'x' * int(size), 0, 0
    for _ in range(int(count)):
        if not simWS.send(server, connections[name], data):
            break
        accepted += len(data)
        highest = max(highest, simWS.getConnectionInfo(server, connections[name])['queuedBytes'])
    return f'filled {accepted} {highest}'


def begin(connection, name):
    simWS.send(server, connections[name], 'first ', simWS.opcode.text, {'fin': False})
    return 'begun'


def finish(connection, name):
    simWS.send(server, connections[name], 'last', simWS.opcode.continuation)
    return 'finished'


def broadcast(connection):
    return f'broadcast for {simWS.broadcast(server, "b" * 100)}'


def queued(connection, name):
    info = simWS.getConnectionInfo(server, connections[name])
    return f'queued {info["queuedBytes"]} {simWS.getServerInfo(server)["queuedBytes"]}'


def big(connection, size):
    simWS.send(server, connection, bytes(int(size)))


def leave(connection):
    left.add(connection)
    simWS.close(server, connection, 4000, 'as asked')


commands = {function.__name__: function
            for function in (fill, begin, finish, broadcast, queued, big, leave)}


def on_open(server, connection):
    name = simWS.getConnectionInfo(server, connection)['resource'][1:]
    names[connection], connections[name] = name, connection
    say(f'open {name}')


def on_message(server, connection, data):
    if connection in left:
        say('a message after close')
    answer = data
    if isinstance(data, str) and data.split()[0] in commands:
        command, *arguments = data.split()
        answer = commands[command](connection, *arguments)
    if answer is not None:
        simWS.send(server, connection, answer)


def on_close(server, connection):
    say(f'close {names[connection]} {simWS.getConnectionInfo(server, connection)["closeCode"]}')


def on_http(server, connection, resource, data):
    say(f'asked for {resource}')
    if resource == '/framed.html':
        return 200, '<p>framed</p>', {'X-Frame-Options': 'DENY'}
    if resource == '/last':
        simWS.stop(server)
    if resource.startswith('/size/'):
        return 200, 'x' * int(resource[6:])
    return 200, '<p>page</p>'


try:
    server = simWS.start(0, dict(map(option, sys.argv[2:])))
except ValueError as error:
    say(f'not started: {error}')
    sys.exit()
simWS.setOpenHandler(server, on_open)
simWS.setMessageHandler(server, on_message)
simWS.setCloseHandler(server, on_close)
simWS.setHTTPHandler(server, on_http)

say(f'PORT {simWS.getServerInfo(server)["port"]}')
if drive == 'late':
    while simWS.getServerInfo(server)['messagesIn'] < 3:
        pass
elif drive == 'stepped':
    def sysCall_actuation():
        pass
if 'sim' not in globals():
    while drive == 'poll':
        simWS.poll(60)
    simWS.run({'threaded': drive == 'threaded'})
