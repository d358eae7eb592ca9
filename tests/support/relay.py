"""A bad way between clients and a server on this machine: late, in other portions, and cut off now and then."""
import asyncio
import random
import socket
import struct
import threading


class Relay:
    """Listens on `port`, a free one if none is given, as a context manager, in a thread of its own.

    What passes is cut into portions, each of which comes late; `delay`: seconds, at the most. A
    connection is dropped with this probability, after some bytes, by an end or a reset. The seed
    decides it all but for the times.
    """

    def __init__(self, server_port, seed, delay=0.005, dropping=0.5, most_bytes=30_000, port=0):
        self._server_port, self._delay, self._given_port = server_port, delay, port
        self._dropping, self._most_bytes = dropping, most_bytes
        self._random = random.Random(seed)
        self.passed = self.dropped = 0  # connections so far

    def __enter__(self):
        self._loop = asyncio.new_event_loop()
        self._listening = self._loop.run_until_complete(asyncio.start_server(self._pass, '127.0.0.1', self._given_port))
        self.port = self._listening.sockets[0].getsockname()[1]
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self):
        self._listening.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _pass(self, reader, writer):
        server_reader, server_writer = await asyncio.open_connection('127.0.0.1', self._server_port)
        self.passed += 1
        way = _Way(self._random.random(), self)
        ends = [(reader, server_writer), (server_reader, writer)]
        try:
            done, left = await asyncio.wait([asyncio.ensure_future(way.carry(*end)) for end in ends],
                                            return_when=asyncio.FIRST_EXCEPTION)
            for task in left:
                task.cancel()
            for task in done:
                task.exception()
        finally:
            for _, end in ends:
                if way.is_reset:
                    no_lingering = struct.pack('ii', 1, 0)
                    end.get_extra_info('socket').setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, no_lingering)
                    end.transport.abort()
                end.close()


class _Cut(Exception):
    """The way is no more."""


class _Way:
    def __init__(self, seed, relay):
        self.random, self.relay = random.Random(seed), relay
        self.is_reset = False
        is_dropped = self.random.random() < relay._dropping
        self.left = self.random.randrange(relay._most_bytes) if is_dropped else None

    async def carry(self, reader, writer):
        while data := await reader.read(65536):
            while data:
                portion, data = self.cut(data)
                await asyncio.sleep(self.random.uniform(0, self.relay._delay))
                writer.write(self.limited(portion))
                await writer.drain()
                if self.left == 0:
                    self.drop()
        if writer.can_write_eof():
            writer.write_eof()

    def cut(self, data):
        size = self.random.choice((1, 7, 100, 3000, 65536))
        return data[:size], data[size:]

    def limited(self, portion):
        if self.left is not None:
            portion = portion[:self.left]
            self.left -= len(portion)
        return portion

    def drop(self):
        self.relay.dropped += 1
        self.is_reset = self.random.random() < 0.5
        raise _Cut
