"""Exceptions, signals and forks in callbacks, and what is left for later; the first argument says which."""
import os
import signal
import sys
import threading

import simWS

case, way = sys.argv[1:]
server = simWS.start(0)
me = os.getpid()
heard = []


def say(*words):
    """At once and whole: print refuses a signal's handler that comes in the middle of another."""
    os.write(1, f'{" ".join(map(str, words))}\n'.encode())


def drive():
    if way == 'poll':
        while not heard:
            simWS.poll(60)
    else:
        simWS.run({'threaded': way == 'threaded'})


def leave_at_first(server, connection, data):
    heard.append(data)
    if len(heard) == 1:
        raise KeyboardInterrupt if case == 'interrupt' else SystemExit(7)
    if data == 'last':
        simWS.stop(server)


def handle(*_):
    if case == 'handlerOfHandler':
        signal.signal(signal.SIGUSR1, lambda *_: simWS.stop(server))
    say('handled')
    if case == 'pollInHandler':
        try:
            simWS.poll(0)
        except simWS.Error as error:
            say(error)
        else:  # the wait has not begun yet
            threading.Timer(0.05, os.kill, (me, signal.SIGUSR1)).start()


def set_handler(*_):
    number = signal.SIGRTMIN + 1 if case == 'realTime' else signal.SIGUSR1
    signal.signal(number, lambda *_: simWS.stop(server))
    say('set')


def fork(server, connection, data):
    if data in ('fork', 'exit'):
        child = os.fork()
        if child == 0:
            return sys.exit(5) if data == 'exit' else None
        say('child', os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    elif os.getpid() == me:
        simWS.send(server, connection, data)
    else:
        say('the child handles', data)


def cancelled(server, connection, data):
    import asyncio
    if data == 'cancel':
        raise asyncio.CancelledError
    simWS.stop(server)


simWS.setMessageHandler(server, {'fork': fork, 'cancelled': cancelled}.get(case, leave_at_first))
if case.startswith('handler') or case == 'pollInHandler':
    signal.signal(signal.SIGUSR1, handle)
elif case in ('setInCallback', 'realTime'):
    simWS.setOpenHandler(server, set_handler)
elif case == 'twoModules':
    # One that is imported anew is another. It waits inside a callback of the first.
    del sys.modules['simWS']
    import simWS as second
    second.start(0)
    simWS.setOpenHandler(server, lambda *_: (say('set'), second.poll(60)))

say('PORT', simWS.getServerInfo(server)['port'])
if case in ('interrupt', 'twoModules'):
    try:
        drive()
        say('not interrupted')
    except KeyboardInterrupt:
        say('interrupted after', *heard)
    if case == 'interrupt':
        simWS.run()
        say('then', *heard[1:])
else:
    try:
        drive()
    except SystemExit:
        say('leaves after', *heard)
        raise
say('END')
