"""Sends every message back to where it came from.

    python3 echo.py [port]
"""
import sys

import simWS


def on_message(server: str, connection: str, data: 'str | bytes') -> None:
    simWS.send(server, connection, data)  # str goes as text, bytes as binary


def main() -> None:
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 9000
    server = simWS.start(port)
    simWS.setMessageHandler(server, on_message)
    try:
        simWS.run()
    except KeyboardInterrupt:
        print('bye')


if __name__ == '__main__':
    main()
