"""Does what clients ask it to do with recordings: one call a message, what comes of it is the answer."""
import json

import simWS

server = simWS.start(0)
calls = {
    'startRecording': simWS.startRecording,
    'stopRecording': simWS.stopRecording,
    'broadcast': simWS.broadcast,
    'publish': simWS.publish,
    'stop': simWS.stop,
}


def on_message(server, connection, data):
    name, *arguments = json.loads(data)
    try:
        answer = [True, calls[name](server, *arguments) or False]
    except Exception as error:
        answer = [False, str(error)]
    if name != 'stop':
        simWS.send(server, connection, 'answer ' + json.dumps(answer))


simWS.setMessageHandler(server, on_message)
print('PORT', simWS.getServerInfo(server)['port'], flush=True)
if 'sim' not in globals():
    simWS.run()
