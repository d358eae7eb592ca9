"""A client's permessage-deflate by zlib alone (RFC 7692)."""
import zlib

from raw_client import frame

RSV1 = 0x40
TAIL = b'\x00\x00\xff\xff'


class Deflating:
    """What a server has agreed to, as the head of its answer says: frames of a connection, in their order."""

    def __init__(self, head):
        line, = [line for line in head.split('\r\n') if line.lower().startswith('sec-websocket-extensions:')]
        extension, *parameters = [part.strip() for part in line.partition(':')[2].split(';')]
        assert extension == 'permessage-deflate', line
        agreed = dict(parameter.partition('=')[::2] for parameter in parameters)
        self._window = -int(agreed.get('client_max_window_bits') or 15)
        self._keeps = 'client_no_context_takeover' not in agreed
        self._peer_keeps = 'server_no_context_takeover' not in agreed
        self._deflate, self._inflate = self._new_deflate(), zlib.decompressobj(-15)

    def frame(self, opcode, data, fin=True):
        return frame(opcode | RSV1, self.compressed(data), fin)

    def compressed(self, data):
        packed = self._deflate.compress(data) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
        if not self._keeps:
            self._deflate = self._new_deflate()
        return packed.removesuffix(TAIL)

    def message(self, opcode, payload):
        """Opcode and data of a frame that came, compressed or not."""
        if not opcode & RSV1:
            return opcode, payload
        data = self._inflate.decompress(payload + TAIL)
        if not self._peer_keeps:
            self._inflate = zlib.decompressobj(-15)
        return opcode & ~RSV1, data

    def _new_deflate(self):
        return zlib.compressobj(wbits=self._window)
