"""Ways in which a script ends; the first argument says which."""
import sys
import time

import simWS

way = sys.argv[1]
server = simWS.start(0)


def say(*words):
    print(*words, flush=True)


def on_message(server, connection, data):
    global way
    if data == 'busy':
        say(len(data))
        while True:
            time.time()
    for i in range(1, 101):
        simWS.send(server, connection, 'x' * 10000 + str(i))
    say(len(data))  # a signal from here on finds all of them sent
    if way == 'error':
        raise RuntimeError('the script goes on')
    if way.startswith('exit'):
        sys.exit(3)
    if way == 'poll':
        way = 'polled'


simWS.setOpenHandler(server, lambda server, connection: say('open'))
simWS.setCloseHandler(server, lambda server, connection: say('close'))
simWS.setMessageHandler(server, on_message)
simWS.setHTTPHandler(server, lambda *_: sys.exit(3))

say('PORT', simWS.getServerInfo(server)['port'])
try:
    if way in ('poll', 'exitPoll'):
        while way != 'polled':
            simWS.poll(60)
    elif way == 'pollOnce':
        say('handled', simWS.poll(600))
    elif 'sim' not in globals():
        simWS.run({'threaded': way in ('threaded', 'exitThreaded')})
except KeyboardInterrupt:
    say('interrupted')
say('after')
