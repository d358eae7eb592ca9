"""A server and a client that compress: what goes over the network for what is sent."""
import simWS

server = simWS.start(0, {'compression': {'threshold': 100, 'level': 9, 'serverContextTakeover': True}})
port = simWS.getServerInfo(server)['port']
client = simWS.connect(f'ws://127.0.0.1:{port}', {'compression': True, 'proxy': ''})
text = '{"joint":1}' * 1000
bytes_before, step = 0, -1


def show(*words):
    """As Lua prints it."""
    print(*(str(word).lower() if isinstance(word, bool) else word for word in words), sep='\t')


def in_fragments(connection, **options):
    simWS.send(server, connection, text[:500], simWS.opcode.text, {'fin': False, **options})
    simWS.send(server, connection, text[500:], simWS.opcode.continuation)


steps = (
    ('sent', lambda connection: simWS.send(server, connection, text)),
    ('sent plain', lambda connection: simWS.send(server, connection, text, options={'compress': False})),
    ('broadcast', lambda connection: simWS.broadcast(server, text)),
    ('broadcast plain', lambda connection: simWS.broadcast(server, text, options={'compress': False})),
    ('in fragments', in_fragments),
    ('in plain fragments', lambda connection: in_fragments(connection, compress=False)),
)


def on_ask(server, connection, data):
    global bytes_before, step
    step += 1
    bytes_before = simWS.getServerInfo(server)['bytesOut']
    steps[step][1](connection)


def on_open(client, connection):
    show('agreed', simWS.getConnectionInfo(client, connection)['compression'])
    simWS.send(client, connection, 'next')


def on_message(client, connection, data):
    sent = simWS.getServerInfo(server)['bytesOut'] - bytes_before
    show(steps[step][0], data == text, 'small' if sent < len(text) / 10 else 'large')
    if step + 1 < len(steps):
        simWS.send(client, connection, 'next', options={'compress': False})
        return
    simWS.disconnect(client)
    simWS.stop(server)


simWS.setMessageHandler(server, on_ask)
simWS.setOpenHandler(client, on_open)
simWS.setMessageHandler(client, on_message)
for wrong in {'level': 10}, {'serverWindowBits': 8}, 'yes':
    try:
        simWS.start(0, {'compression': wrong})
    except Exception as error:
        print(error)
print(f'PORT {port}', flush=True)
if 'sim' not in globals():
    simWS.run()
