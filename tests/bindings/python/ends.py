"""Threads, forks, sub-interpreters and ends of the interpreter; the first argument says which."""
import atexit
import os
import sys
import threading
import warnings

late = []  # what to do after all that modules do at the end of a program
atexit.register(lambda: [function() for function in late])

import simWS  # noqa: E402

case = sys.argv[1]


def say(*words):
    print(*words, flush=True)


def attempt(function, *arguments):
    try:
        function(*arguments)
    except RuntimeError as error:  # of either module, where there are two
        say(error)
    else:
        say('no error')


def in_thread(function, **options):
    thread = threading.Thread(target=function, **options)
    thread.start()
    return thread


def failure_in_sub_interpreter(code):
    """How the code fails in one that shares the interpreter's lock; into others Python itself lets no such module."""
    if sys.version_info >= (3, 13):
        import _interpreters
        other = _interpreters.create('legacy')
        failure = _interpreters.run_string(other, code)
        _interpreters.destroy(other)
        return failure and failure.formatted
    import _xxsubinterpreters
    other = _xxsubinterpreters.create(isolated=False)
    try:
        _xxsubinterpreters.run_string(other, code)
    except _xxsubinterpreters.RunFailedError as error:
        return error
    finally:
        _xxsubinterpreters.destroy(other)


if case == 'otherThread':
    server = simWS.start(0)
    for function in (simWS.poll, simWS.run, lambda: simWS.send(server, 'x', 'y')):
        in_thread(lambda: attempt(function), name='worker').join()
    simWS.stop(server)
    # Nobody has servers any more: another thread may.
    in_thread(lambda: simWS.stop(simWS.start(0))).join()
    simWS.stop(simWS.start(0))
elif case == 'duringPoll':
    server = simWS.start(0)
    waits = threading.Event()
    in_thread(lambda: (waits.wait(), attempt(simWS.broadcast, server, 'x'), os.kill(os.getpid(), 2)), name='worker')
    try:
        waits.set()
        simWS.poll(-1)
    except KeyboardInterrupt:
        say('interrupted')
elif case == 'fork':
    server = simWS.start(0)
    # From 3.12 on Python warns of every fork while there are threads.
    warnings.filterwarnings('ignore', '.*multi-threaded', DeprecationWarning)
    if os.fork() == 0:
        for function in (simWS.poll, simWS.run, lambda: simWS.stop(server), lambda: simWS.start(0)):
            attempt(function)
        sys.exit(5)  # with all that is registered for the end of a program
    say('child', os.waitstatus_to_exitcode(os.wait()[1]))
    simWS.stop(server)
elif case == 'forkBefore':
    if os.fork() == 0:
        simWS.stop(simWS.start(0))
        sys.exit(5)
    say('child', os.waitstatus_to_exitcode(os.wait()[1]))
elif case == 'subinterpreter':
    say(failure_in_sub_interpreter('import sys; sys.path[:] = ' + repr(sys.path) + '; import simWS'))
elif case == 'exit':
    server = simWS.start(0)
    simWS.setOpenHandler(server, lambda *_: None)
elif case == 'exitInThread':
    # A daemon thread that waits for the network when the program ends.
    serves = threading.Event()
    in_thread(lambda: (simWS.start(0), serves.set(), simWS.run()), daemon=True)
    serves.wait()
elif case == 'exitBusyThread':
    # One that computes.
    serves = threading.Event()
    in_thread(lambda: (simWS.start(0), serves.set(), [None for _ in iter(int, 1)]), daemon=True)
    serves.wait()
elif case == 'afterEnd':
    server = simWS.start(0)
    late.append(lambda: attempt(simWS.getServerInfo, server))
    # One that is imported anew is another, with servers of its own.
    sys.modules.pop('simWS')
    import simWS as again
    again.stop(again.start(0))
    attempt(again.stop, server)
say('END')
