"""A test that plays the program simws-broker for a server: what a server starts passes all on to the test."""
import asyncio
import json
import struct
import sys
import tempfile
from pathlib import Path

# Reads its standard input, which is a socket, and writes to it; the test is at the other end of a connection.
PROGRAM = '''#!{python} -BSE
import os, socket, threading
server = socket.socket(fileno=0)
test = socket.create_connection(('127.0.0.1', {port}))
def pass_on(source, target):
    while data := source.recv(65536):
        target.sendall(data)
    target.shutdown(socket.SHUT_WR)
back = threading.Thread(target=pass_on, args=(test, server), daemon=True)
back.start()
pass_on(server, test)
back.join(1)  # the test may have more to say, or be waiting for this program's end
'''


class PlayedHelper:
    """`program` is what the server has to start. In `async with`; each start makes it a new one."""

    async def __aenter__(self):
        self._started = asyncio.Queue()
        self._writer = None
        self._server = await asyncio.start_server(lambda *ends: self._started.put_nowait(ends), '127.0.0.1', 0)
        self._folder = tempfile.TemporaryDirectory()
        self.program = Path(self._folder.name) / 'simws-broker'
        port = self._server.sockets[0].getsockname()[1]
        self.program.write_text(PROGRAM.format(python=sys.executable, port=port))
        self.program.chmod(0o755)
        return self

    async def __aexit__(self, *_):
        if self._writer:
            self._writer.close()
        self._server.close()
        self._folder.cleanup()

    async def start(self):
        """Waits until the server has started it; returns what it was told first."""
        self._reader, self._writer = await self._started.get()
        word, _ = await self.heard()
        assert word[0] == 'start', word
        return word[1]

    async def heard(self):
        """The next word of the server's and its payload; marks are acknowledged."""
        while True:
            size, = struct.unpack('<I', await self._reader.readexactly(4))
            line, _, payload = (await self._reader.readexactly(size)).partition(b'\n')
            word = json.loads(line)
            if word[0] != 'mark':
                return word, payload
            self.say(['ack', word[1]])

    async def ended(self):
        """What the server has said before it ended its side."""
        words = []
        while True:
            try:
                words.append(await self.heard())
            except asyncio.IncompleteReadError:
                return words

    def say(self, word, payload=b''):
        line = json.dumps(word).encode() + b'\n'
        self._writer.write(struct.pack('<I', len(line) + len(payload)) + line + payload)

    def end(self):
        self._writer.close()
