"""SIGINT while the module runs Python code of its own accord; the argument says where."""
import signal
import sys
import threading

import simWS

where = sys.argv[1]
main_thread = threading.main_thread()
is_sent = False


def interrupted(value):
    global is_sent
    if not is_sent:
        is_sent = True
        signal.raise_signal(signal.SIGINT)
    return value


class Thread:
    ident = property(lambda self: interrupted(main_thread.ident))
    name = property(lambda self: interrupted('main'))


class Map(dict):
    items = property(lambda self: interrupted({}).items)


class Index:
    def __index__(self):
        return interrupted(0)


class Float:
    def __float__(self):
        return interrupted(0.0)


class Sequence:
    __class__ = property(lambda self: interrupted(list))


class Iterable(list):
    def __iter__(self):
        yield interrupted('*')


class Handler:
    def __call__(self, *_):
        pass

    __func__ = __code__ = __signature__ = property(lambda self: interrupted(None))


OPTIONS = {'items': Map(), 'index': {'pingInterval': Index()}, 'float': {'pingInterval': Float()},
           'sequence': {'origins': Sequence()}, 'iterable': {'origins': Iterable()}}

if where == 'waiting':
    threading.main_thread = Thread
elif where == 'owning':
    threading.current_thread = Thread
try:
    try:
        server = simWS.start(0, OPTIONS.get(where, {}))
        if where == 'handler':
            simWS.setOpenHandler(server, Handler())
        simWS.poll(60)
    except TypeError as error:  # of what could not be read
        print(error, flush=True)
    print('goes on', flush=True)
except KeyboardInterrupt:
    print('interrupted', 'once' if is_sent else 'by somebody else', flush=True)
