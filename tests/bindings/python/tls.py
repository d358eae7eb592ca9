"""`tls serve local`, `tls serve CERTIFICATE KEY [CLIENT_CA]`: an echo server.
`tls connect URI CA [CERTIFICATE KEY]`: says hello.
"""
import sys

import simWS


def shown(tls):
    if not tls:
        return 'plain'
    return ' '.join([tls['version'], tls['cipher'], tls['subject'], ','.join(tls['names'])])


def serve(certificate, private_key='', client_ca=''):
    tls = certificate
    if certificate != 'local':
        tls = {'certificate': certificate, 'privateKey': private_key, 'clientCA': client_ca, 'minVersion': '1.2'}
    server = simWS.start(0, {'tls': tls})
    info = simWS.getServerInfo(server)

    def on_message(server, connection, data, opcode):
        if data == 'stop':
            return simWS.stop(server)
        simWS.send(server, connection, data, opcode)

    simWS.setOpenHandler(server, lambda server, connection: print(
        'open', shown(simWS.getConnectionInfo(server, connection)['tls']), sep='\t'))
    simWS.setMessageHandler(server, on_message)
    simWS.setHTTPHandler(server, lambda *_: (200, 'page'))
    print('tls', str(info['tls']).lower(), sep='\t')
    print(f'PORT {info["port"]}', flush=True)


def connect(uri, ca, certificate='', private_key=''):
    tls = {'verify': False} if ca == 'any' else {'ca': ca, 'certificate': certificate, 'privateKey': private_key}
    client = simWS.connect(uri, {'proxy': '', 'tls': tls})

    def on_open(client, connection):
        print('open', shown(simWS.getClientInfo(client)['tls']), sep='\t')
        simWS.send(client, connection, 'hello')

    def on_message(client, connection, data):
        print('message', data, sep='\t')
        simWS.disconnect(client)

    simWS.setOpenHandler(client, on_open)
    simWS.setFailHandler(client, lambda client, connection: print(
        'fail', simWS.getConnectionInfo(client, connection)['error'], sep='\t'))
    simWS.setMessageHandler(client, on_message)
    print('PORT 0', flush=True)


what, *arguments = sys.argv[1:]
try:
    {'serve': serve, 'connect': connect}[what](*arguments)
except Exception as problem:
    print('PORT 0')
    print('error', problem, sep='\t', flush=True)
simWS.run()
