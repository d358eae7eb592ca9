"""Does what clients ask it to do with topics: one call a message, what comes of it is the answer."""
import json

import simWS

server = simWS.start(0, {'topics': ['public/#', 'commands'], 'publishable': 'commands'})
drops = []


def on_drop(server, connection, topic, count):
    drops.append(f'{topic} {"some" if count > 0 else "none"}')
    simWS.send(server, connection, 'snapshot')
    simWS.subscribe(server, connection, topic, {'policy': 'resync', 'maxQueued': 100})


def flood(_, topic, count):
    for _ in range(count):
        simWS.publish(server, topic, 'x' * 20000)


calls = {
    'subscribe': lambda connection, *rest: simWS.subscribe(server, connection, *rest),
    'unsubscribe': lambda connection, *rest: simWS.unsubscribe(server, connection, *rest),
    'publish': lambda _, *rest: simWS.publish(server, *rest),
    'setTopic': lambda _, *rest: simWS.setTopic(server, *rest),
    'getTopics': lambda _: simWS.getTopics(server),
    'drops': lambda _: drops,
    'flood': flood,
}


def on_message(server, connection, data, opcode, topic):
    if topic:
        simWS.send(server, connection, f'published {topic} {data}')
        return
    name, *arguments = json.loads(data)
    try:
        answer = [True, calls[name](connection, *arguments)]
    except Exception as error:
        answer = [False, str(error)]
    if name != 'subscribe' or answer[1] is not True:
        simWS.send(server, connection, 'answer ' + json.dumps(answer))


simWS.setDropHandler(server, on_drop)
simWS.setMessageHandler(server, on_message)
print('PORT', simWS.getServerInfo(server)['port'], flush=True)
if 'sim' not in globals():
    simWS.run()
