#!/usr/bin/python3
"""The client with simWS in a Python program: simws_client.py <port> <role> <connections>

It makes them one after the other, and echoes what comes on each.
"""

import sys

import simWS

uri, count = f'ws://127.0.0.1:{sys.argv[1]}/', int(sys.argv[3])
clients = []


def connect():
    client = simWS.connect(uri, {'pingInterval': 0, 'proxy': ''})
    clients.append(client)
    simWS.setOpenHandler(client, on_open)
    simWS.setMessageHandler(client, simWS.send)


def on_open(client, connection):
    if len(clients) < count:
        connect()


connect()
simWS.run()
