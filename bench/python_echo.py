"""The server that is measured for Python: python_echo.py <port>"""
import sys

import simWS


def on_message(server, connection, data):
    simWS.send(server, connection, data)


server = simWS.start(int(sys.argv[1]))
simWS.setMessageHandler(server, on_message)
simWS.run()
