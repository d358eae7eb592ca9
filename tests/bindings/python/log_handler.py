"""Prints the lines of the log as `LOG <level> <line>`. What a message says is done to the handler."""
import simWS

raises = False


def on_log(level, line):
    print('LOG', level, line, flush=True)
    if raises:
        raise RuntimeError('no room on the screen')


simWS.setLogHandler(on_log)
server = simWS.start(0)


def fail():
    raise RuntimeError('as the peer wished')


def make_raise():
    global raises
    raises = True


def define():
    global onNamed
    onNamed = on_log


def on_log_that_polls(level, line):
    try:
        simWS.poll()
    except simWS.Error as error:
        print('POLL', error, flush=True)


COMMANDS = {
    'fail': fail,
    'raise': make_raise,
    'clear': lambda: simWS.setLogHandler(None),
    'set': lambda: simWS.setLogHandler(on_log),
    'name': lambda: simWS.setLogHandler('onNamed'),
    'define': define,
    'poll': lambda: simWS.setLogHandler(on_log_that_polls),
}


def on_message(server, connection, data):
    simWS.send(server, connection, data)
    COMMANDS.get(data, lambda: None)()


simWS.setMessageHandler(server, on_message)
print('PORT', simWS.getServerInfo(server)['port'], flush=True)
if 'sim' not in globals():
    simWS.run()
