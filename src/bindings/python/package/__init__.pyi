# Generated from the table of functions by `simws stubs`.
"""WebSocket server and client for simulations and robots.

Names that begin with an underscore are for type checkers only.
"""
from array import array
from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import IntEnum
from typing import Any, Dict, List, Literal, Optional, Protocol, Tuple, TypedDict, Union

__version__: str

class _Buffer(Protocol):
    """As collections.abc.Buffer of Python 3.12: bytes in one piece."""

    def __buffer__(self, __flags: int) -> memoryview: ...

class _Array(Protocol):
    """A NumPy array, whose types say nothing of its buffer before version 2."""

    @property
    def data(self) -> memoryview: ...

_Data = Union[str, bytes, bytearray, memoryview, array[Any], _Buffer, _Array]


class Error(RuntimeError):
    """A handle that never existed or whose object is gone, a port that can't be had, a call that isn't
    possible now. Wrong arguments raise TypeError and ValueError instead.
    """


class opcode(IntEnum):
    continuation = 0
    """A fragment that isn't the first of its message."""
    text = 1
    """Text: UTF-8."""
    binary = 2
    """Any bytes."""


opcode_continuation: Literal[opcode.continuation]
sim_ws_opcode_continuation: Literal[opcode.continuation]
opcode_text: Literal[opcode.text]
sim_ws_opcode_text: Literal[opcode.text]
opcode_binary: Literal[opcode.binary]
sim_ws_opcode_binary: Literal[opcode.binary]


class _SendOptions(TypedDict, total=False):
    fin: bool
    """False: more fragments of this message follow."""
    compress: bool
    """False: the message isn't compressed, as for images, which are already. In a fragmented message the first fragment's counts."""


class _StartTls(TypedDict, total=False):
    certificate: str
    """PEM file of the certificate, followed by those between it and its authority."""
    privateKey: str
    """PEM file of its private key. Empty: it lies in the certificate's file."""
    password: str
    """Of the private key. Empty: it has none."""
    clientCA: str
    """PEM file of authorities: only clients with a certificate of theirs may connect. Empty: they need none."""
    minVersion: Literal["1.2", "1.3"]
    """The oldest version of TLS that is spoken, `'1.2'` or `'1.3'`."""


class _StartCompression(TypedDict, total=False):
    threshold: int
    """Messages of less bytes leave as they are, and so do those that don't shrink."""
    level: int
    """How hard it tries: 1 is the fastest, 9 makes messages smallest."""
    memory: int
    """Memory of a compressor: each more doubles it."""
    serverContextTakeover: bool
    """True: messages of the server may refer to those before, if the client admits it. They become smaller where they are alike; each connection takes memory at both sides for as long as it's open, and a broadcast is compressed for each of them."""
    clientContextTakeover: bool
    """The same for messages of the client."""
    serverWindowBits: int
    """How far back messages of the server may refer, as a power of two: 15 is 32 KiB. Less takes less memory."""
    clientWindowBits: int
    """The same for messages of the client."""


class _StartBroker(TypedDict, total=False):
    url: str
    """`nats://host:4222`, or `tls://host:4222`; `user:password@` or `token@` before the host; several with commas between them."""
    credentials: str
    """File of credentials (`.creds`), as operators of NATS hand them out."""
    ca: str
    """PEM file of authorities that the broker's certificate may come from. Empty: the system's."""
    certificate: str
    """PEM file of a certificate of one's own, for brokers that ask for one."""
    privateKey: str
    """PEM file of its private key."""
    program: str
    """Path of the program `simws-broker`. Empty: it's looked for beside simWS, and on the PATH."""


class _StartOptions(TypedDict, total=False):
    host: str
    """Where to listen. Empty: on 127.0.0.1 and ::1, which only this machine reaches. `'*'`: on all interfaces. Otherwise an IP address of this machine."""
    origins: Union[str, Sequence[str]]
    """Web pages that may connect, and show the server's own in a frame, besides those of the server's host and of this machine: origins (`'https://lab.example'`), host names, `'null'` for pages opened from files and for sandboxed frames of any site, or `'*'` for any. Programs that send no Origin aren't asked."""
    hosts: Union[str, Sequence[str]]
    """Names this server may be called by, besides IP addresses, localhost and the machine's own name, also with `.local`."""
    corsOrigins: Union[str, Sequence[str]]
    """Web pages of other origins that may read answers to HTTP requests, listed as `origins` are: preflights are answered, and answers say so (CORS). They don't open a WebSocket by that."""
    token: Union[str, Sequence[str]]
    """A token, or a list of them: who shows one is admitted, by `?token=` in the address, by `Authorization: Bearer`, or by the cookie that a page gets which is opened with `?token=`; everybody else gets 401. It guards everything of the server, and is hidden in infos, resources and the log. 1 to 1024 visible ASCII characters. An empty list is an error where it's given, as it would ask nobody."""
    trustedProxies: Union[str, Sequence[str]]
    """Addresses (`'127.0.0.1'`) and networks (`'10.0.0.0/8'`) of proxies whose word is taken: X-Forwarded-For is read from its end up to the first address that isn't listed here, and that is the `remoteAddress`, and counts for the limits of an address; X-Forwarded-Proto too."""
    forwarded: bool
    """True: the trusted proxies send Forwarded (RFC 7239) in place of X-Forwarded-*."""
    trustForwardedHost: bool
    """True: the trusted proxies say, too, which host was asked for (X-Forwarded-Host), in place of Host."""
    maxHandshakesPerSecond: int
    """Connections in a second of one remote address, or of one /64 network of IPv6. More get 503 with Retry-After, and are closed at once over TLS. 0: no limit."""
    subprotocols: Union[str, Sequence[str]]
    """Subprotocols the server speaks, best first. The first that the client offers too is chosen."""
    maxMessageSize: int
    """The largest message that is received, in bytes (32 MiB). A larger one closes its connection with code 1009."""
    maxConnections: int
    """Connections at the same time. More are answered with HTTP status 503."""
    maxConnectionsPerAddress: int
    """The same for one remote address. 0: no limit."""
    maxHeaderSize: int
    """The largest head of a request, in bytes: its first line and its headers."""
    maxBodySize: int
    """The largest body of an HTTP request, in bytes. A larger one is answered with 413."""
    handshakeTimeout: float
    """Seconds a client has to send its whole request."""
    keepAliveTimeout: float
    """Seconds an HTTP connection may stay idle between requests."""
    closeTimeout: float
    """Seconds a peer has to answer a Close frame, and to take what was queued when its server stopped."""
    pingInterval: float
    """Seconds between pings. 0: no pings."""
    pingTimeout: float
    """Seconds a peer has to answer a ping. One that doesn't is taken for gone: its connection closes with code 1006."""
    maxQueuedBytes: int
    """Bytes that may wait to be sent to one connection (64 MiB). A peer that reads too slowly for that loses what is queued, and its connection closes with code 1013; a log line says so."""
    maxTotalQueuedBytes: int
    """Bytes of memory that may wait to be sent in all, answers to HTTP requests included (256 MiB); not less than `maxQueuedBytes`. A broadcast counts once, and 64 bytes for each connection. Over it the connection in which most waits is closed with code 1013, and an answer that doesn't fit any more is a 500; a log line says so."""
    maxPendingBytes: int
    """Bytes that may wait for the script, all connections of the server together (16 MiB). Over it the server stops reading from those that hold more than 64 KiB, which slows these peers down; nothing is lost."""
    infoPage: bool
    """Without an HTTP handler a browser that opens the server's `/` gets a small page that says what it is, connects, shows what comes and sends lines. In CoppeliaSim the default is false."""
    inspector: bool
    """True: the server has a page at `/_simws/` that shows it live: connections, topics, messages as they pass, charts, log lines. There connections can be closed and sent to. Where `host` isn't this machine's own it needs a `token`."""
    tls: Optional[Union[Literal["local"], _StartTls]]
    """Encrypts all connections: pages are at `https://`, WebSockets at `wss://`. `'local'`: with a certificate for this machine, by an authority of one's own that is made and kept in the user's configuration folder; `simws cert` says how browsers are told to trust it. A map: with one's own files. Files that are replaced serve new connections without a restart. None: not encrypted."""
    compression: Union[bool, _StartCompression]
    """Whether messages are compressed (permessage-deflate) where the client offers it, as browsers do; true means the defaults of these keys."""
    topics: bool | list[str]
    """Topics that pages may subscribe to by themselves, by the subprotocol `simws.topics.1`: true for all, or a list of topics and patterns (`'robots/#'`). The server then has `/simws.js`, the client for pages."""
    publishable: Union[str, Sequence[str]]
    """Topics and patterns that these pages may publish to: it comes to the message handler, which gets the topic as its fifth parameter."""
    maxSubscriptions: int
    """Of one connection that subscribes by itself."""
    maxTotalRetainedBytes: int
    """Of data and keys that are retained of all topics (256 MiB). Over it `simWS.publish` is an error."""
    metrics: bool
    """True: `/metrics` has the server's figures for Prometheus and others that collect such, as text or OpenMetrics. Who asks must be admitted as for every request, by a `token` too."""
    broker: Optional[Union[str, _StartBroker]]
    """Where the NATS server is by which topics go to any number of edges (`simws edge`), `'nats://host:4222'`, or a map. The program `simws-broker` connects to it, again and again; nothing waits for that, and `simWS.getServerInfo(server)['broker']` says how it gets on. Needs `name`. None: topics stay with this server."""
    name: str
    """By which edges find this server at the `broker`: up to 64 letters, digits, `_` and `-`. One server holds a name at a time; others wait until it's free."""


_BroadcastOptions = TypedDict("_BroadcastOptions", {
    "to": Union[str, Sequence[str]],
    "except": Union[str, Sequence[str]],
    "compress": bool,
}, total=False)


class _ConnectionInfo(TypedDict):
    remoteAddress: str
    """Address and port of the peer: `127.0.0.1:50312`. Behind a proxy of `trustedProxies` those of its client, where the port may be missing."""
    resource: str
    """Path with query of the latest request, as sent but for tokens (see `token`); empty with a client."""
    headers: Dict[str, str]
    """Of the latest request, with a client those of the server's answer; names in lower case."""
    subprotocol: str
    """The one agreed on; empty: none."""
    compression: bool
    """Whether messages are compressed."""
    queuedBytes: int
    """Bytes that wait to be sent."""
    roundTripTime: Optional[float]
    """Seconds between the latest ping and its answer; None before the first."""
    state: str
    """`'connecting'`, `'open'`, `'closing'` or `'closed'`."""
    closeCode: Optional[int]
    """Why it closed (RFC 6455, 7.4): the code of the peer's Close frame; where that has none, the code of our own Close before it, or 1005. Where the peer sent no Close it's the code with which the server ended the connection (1001, 1002, 1007, 1009 or 1013), else 1006. None while it's open."""
    closeReason: str
    """The reason in the Close frame."""
    clean: bool
    """Whether the closing handshake was completed."""
    error: str
    """Why it failed, or was not closed cleanly, in words; empty: it didn't."""
    tls: Optional[Dict[str, Any]]
    """`version` (`'TLSv1.3'`) and `cipher`; of the peer's certificate, where one was verified, `subject` and `names`. None: the connection isn't encrypted."""
    messagesIn: int
    """Messages received."""
    messagesOut: int
    """Messages sent."""
    bytesIn: int
    """Bytes received from the network, from the connection's first message on."""
    bytesOut: int
    """Bytes sent to the network, likewise."""
    dropped: int
    """Messages that were to be sent, and weren't."""
    queueAge: float
    """Seconds that the oldest byte has waited of those which the system hasn't taken; 0: none waits. What subscriptions to topics hold back isn't counted."""


class _ServerInfo(TypedDict):
    host: str
    """Where it listens: `127.0.0.1`, `*`, an address."""
    port: int
    """The port it listens on, also when port 0 was asked for."""
    tls: bool
    """Whether connections are encrypted."""
    connections: int
    """Open connections."""
    messagesIn: int
    """Messages received."""
    messagesOut: int
    """Messages sent."""
    bytesIn: int
    """Bytes received from the network."""
    bytesOut: int
    """Bytes sent to the network."""
    dropped: int
    """Messages that were queued and could not be sent."""
    refused: int
    """Attempts that did not become connections, and HTTP requests that were refused."""
    queuedBytes: int
    """Bytes that wait to be sent, on all connections."""
    uptime: float
    """Seconds since it was started."""
    accepted: int
    """Connections that clients have made, for WebSocket, HTTP or nothing."""
    handshakes: int
    """WebSocket connections that were opened."""
    httpRequests: int
    """HTTP requests for no WebSocket that weren't refused."""
    linesLeftOut: int
    """Lines about clients that were left out of the log, which takes ten in a second."""
    pendingBytes: int
    """Bytes received that the script hasn't handled, or whose message isn't whole (see `maxPendingBytes`)."""
    retainedBytes: int
    """Bytes of data and keys that are retained of topics."""
    roundTripTimes: Dict[str, Any]
    """From pings, and what stands for them with topics, to their answers. This map and those below have the keys `count`, and in seconds `sum`, `p50`, `p90`, `p99` (what so many percent took at most, within a factor of two) and `longest`: all since the server was started."""
    queueWaits: Dict[str, Any]
    """How long what the system didn't take at once has waited to be sent: once for all that a turn of the network's thread has left."""
    passTimes: Dict[str, Any]
    """How long passes over waiting events took, those for other servers and clients of the script too. Where the script's thread drives the network (`run`) there are none."""
    callbackTimes: Dict[str, Any]
    """How long callbacks took, those for other servers and clients of the script too; where the script's thread drives the network, by each 16th of them."""
    stepLateness: Dict[str, Any]
    """By how much steps of the script (`sysCall_actuation`) began too late; `simws run` counts it."""
    broker: Optional[Dict[str, Any]]
    """How the server gets on with its broker (option `broker`): `url` without passwords, `name`; `state`: `'connecting'`, `'open'`, `'held'` (another server has the name), `'error'`; `error`: what doesn't work and what to do, empty: nothing; `server`: the broker's name, while it's open; `published`, `dropped`, `conflated` and `queuedBytes` of what goes to it; `incoming`: messages of viewers at edges, `incomingDropped` of these; `roundTrip`: seconds, or None. None: there's no broker."""


class _RunOptions(TypedDict, total=False):
    threaded: bool
    """True: the network has a thread of its own, so pings are answered during long callbacks."""


class _ConnectReconnect(TypedDict, total=False):
    initial: float
    """Seconds before the first attempt after a loss or failure."""
    max: float
    """Seconds at most; a connection that stayed open for so long starts the delays anew."""
    factor: float
    """By how much each delay is longer than the one before."""
    jitter: float
    """Each delay times a random number of 1 ± this, so that many clients don't come back at once."""
    attempts: int
    """How many attempts in a row, then no more. 0: no end."""


class _ConnectTls(TypedDict, total=False):
    ca: str
    """PEM file of authorities to trust. Empty: those of the system."""
    verify: bool
    """False: any certificate will do, so anybody on the way can read and change everything."""
    serverName: str
    """The name that the certificate must be for. Empty: the URI's host."""
    certificate: str
    """PEM file of a certificate of one's own, for servers that ask for one, followed by those between it and its authority."""
    privateKey: str
    """PEM file of its private key. Empty: it lies in the certificate's file."""
    password: str
    """Of the private key. Empty: it has none."""


class _ConnectCompression(TypedDict, total=False):
    threshold: int
    """Messages of less bytes leave as they are, and so do those that don't shrink."""
    level: int
    """How hard it tries: 1 is the fastest, 9 makes messages smallest."""
    memory: int
    """Memory of a compressor: each more doubles it."""
    serverContextTakeover: bool
    """True: messages of the server may refer to those before, if the client admits it. They become smaller where they are alike; each connection takes memory at both sides for as long as it's open, and a broadcast is compressed for each of them."""
    clientContextTakeover: bool
    """The same for messages of the client."""
    serverWindowBits: int
    """How far back messages of the server may refer, as a power of two: 15 is 32 KiB. Less takes less memory."""
    clientWindowBits: int
    """The same for messages of the client."""


class _ConnectOptions(TypedDict, total=False):
    headers: Mapping[str, str]
    """Headers of the request, besides those of the handshake: `{'Cookie': 'session=1'}`."""
    subprotocols: Union[str, Sequence[str]]
    """Subprotocols the client speaks, best first. The server chooses one, or none."""
    origin: str
    """The header Origin, for servers that ask programs for one: `'https://lab.example'`. Empty: none is sent."""
    userAgent: str
    """The header User-Agent. Empty: none is sent."""
    connectTimeout: float
    """Seconds that an attempt may take, from the lookup of the name until it's open."""
    maxMessageSize: int
    """The largest message that is received, in bytes (32 MiB). A larger one closes the connection with code 1009."""
    maxQueuedBytes: int
    """Bytes that may wait to be sent, and that `keepQueue` keeps (64 MiB). A server that reads too slowly for that loses what is queued, and the connection closes with code 1013; a log line says so."""
    maxPendingBytes: int
    """Bytes that may wait for the script (16 MiB). Over it the client stops reading, which slows the server down; nothing is lost."""
    pingInterval: float
    """Seconds between pings. 0: no pings."""
    pingTimeout: float
    """Seconds the server has to answer a ping. One that doesn't is taken for gone: the connection closes with code 1006."""
    closeTimeout: float
    """Seconds the server has to answer a Close frame, and to take what was queued at `simWS.disconnect`."""
    maxRedirects: int
    """How many redirects of an attempt are followed; never from wss to ws. User, password, Authorization and Cookie go only to the same scheme, host and port."""
    proxy: Optional[str]
    """`'http://[user:password@]host:port'` of an HTTP proxy, which is asked for a tunnel by CONNECT. None: what the environment says by `https_proxy`, `http_proxy` and `no_proxy`, but never for this machine's own addresses. Empty: none, which is the default in CoppeliaSim."""
    reconnect: Union[bool, _ConnectReconnect]
    """Whether the client tries again; true means the defaults of these keys."""
    keepQueue: bool
    """True: what is sent while the client is away, by `simWS.send(client, None, data)`, is kept up to `maxQueuedBytes` and leaves after the next open handler."""
    tls: _ConnectTls
    """For `wss://`: whom to trust, and who the client is."""
    compression: Union[bool, _ConnectCompression]
    """Whether the client offers to compress messages (permessage-deflate), which are then where the server agrees; true means the defaults of these keys."""


class _ClientInfo(TypedDict):
    uri: str
    """Where it connects to; user, password and tokens are shown as `***`."""
    state: str
    """`'connecting'`, `'open'`, `'waiting'` for the next attempt, or `'closed'`: none follows."""
    attempts: int
    """How many attempts there have been."""
    nextAttempt: Optional[float]
    """Seconds until the next attempt; None where none is waited for."""
    messagesIn: int
    """Messages received."""
    messagesOut: int
    """Messages sent."""
    bytesIn: int
    """Bytes received from the network."""
    bytesOut: int
    """Bytes sent to the network."""
    queuedBytes: int
    """Bytes that wait to be sent, or are kept."""
    dropped: int
    """Messages that were queued or kept and could not be sent."""
    tls: Optional[Dict[str, Any]]
    """Of the open connection `version` (`'TLSv1.3'`), `cipher`, and the verified certificate's `subject` and `names`. None: there's none, or it isn't encrypted."""


class _SubscribeOptions(TypedDict, total=False):
    policy: Literal["all", "latest", "oldest", "newest", "resync"]
    """What becomes of messages that a viewer can't take yet. `'all'`: all wait, up to `maxQueuedBytes`, then the connection is closed with 1013. `'latest'`: of each key only the newest waits. `'oldest'`: the oldest give way. `'newest'`: what comes is dropped. `'resync'`: all that waits is dropped, the drop handler is told, and nothing more of the topic is queued until the script subscribes the connection again."""
    maxQueued: int
    """Bytes of messages that may wait (4 MiB; with `'all'` `maxQueuedBytes`). A single message may always wait."""
    rate: float
    """Messages of one key in a second at most. What comes in between is left out, but never the last. 0: all of them."""
    priority: int
    """Which of the subscriptions of a connection go first, 0 to 7; what `simWS.send` sends goes with 7. Equal ones take turns."""
    window: float
    """Seconds, with all policies but `'all'`: no more is under way to a viewer than it has acknowledged lately in its least round trip and this time. So what it gets is that old at the most, and two messages' time."""


class _PublishOptions(TypedDict, total=False):
    key: str
    """What the message is the newest of: the name of a joint, say. With the policy `'latest'`, a `rate`, and `retain` each key counts by itself. Up to 1,024 bytes of UTF-8 without control characters."""
    retain: bool
    """True: the last message of the key is kept for those who subscribe later. Empty data forgets the key."""
    compress: bool
    """False: the message isn't compressed for anybody."""


class _SetTopicOptions(TypedDict, total=False):
    policy: Literal["all", "latest", "oldest", "newest", "resync"]
    """What becomes of messages that a viewer can't take yet. `'all'`: all wait, up to `maxQueuedBytes`, then the connection is closed with 1013. `'latest'`: of each key only the newest waits. `'oldest'`: the oldest give way. `'newest'`: what comes is dropped. `'resync'`: all that waits is dropped, the drop handler is told, and nothing more of the topic is queued until the script subscribes the connection again."""
    maxQueued: int
    """Bytes of messages that may wait (4 MiB; with `'all'` `maxQueuedBytes`). A single message may always wait."""
    rate: float
    """Messages of one key in a second at most. What comes in between is left out, but never the last. 0: all of them."""
    priority: int
    """Which of the subscriptions of a connection go first, 0 to 7; what `simWS.send` sends goes with 7. Equal ones take turns."""
    window: float
    """Seconds, with all policies but `'all'`: no more is under way to a viewer than it has acknowledged lately in its least round trip and this time. So what it gets is that old at the most, and two messages' time."""
    maxRetainedBytes: int
    """Of data and keys that are retained of each topic (64 MiB)."""
    maxKeys: int
    """Of which messages are retained, of each topic."""


class _Topics(TypedDict):
    subscribers: int
    """Connections that are subscribed to it."""
    published: int
    """Messages published to it."""
    delivered: int
    """Messages handed to connections."""
    conflated: int
    """Messages left out, for a newer one of their key came."""
    dropped: int
    """Messages lost, as a policy says."""
    queuedBytes: int
    """Bytes that wait in subscriptions."""
    retainedKeys: int
    """Keys of which a message is retained."""
    retainedBytes: int
    """Bytes of these messages and keys."""


class _ServeFilesOptions(TypedDict, total=False):
    index: str
    """The file that stands for its folder. Empty: none does."""
    listing: bool
    """True: a folder without such a file is answered with a page that lists what is in it, but for hidden files."""
    fallback: str
    """A file of the folder, such as `'index.html'`, that answers what isn't there, for pages that have many addresses (single-page applications). What has an ending, such as a missing picture, is 404 all the same, unless a browser opens it as a page."""
    cacheControl: str
    """The field Cache-Control. As it is, a browser asks each time whether its copy still is the newest, which costs little. Empty: none."""
    headers: Mapping[str, str]
    """More fields of the answers, in place of the server's own of the same name."""
    public: bool
    """True: any page may show these files, whatever Host it asks for: the rules of Host, Origin and Sec-Fetch-Site don't hold for them. A token is asked for all the same."""


class _StopRecording(TypedDict):
    file: str
    """Its name."""
    lines: int
    """Messages, opens and closes that were handed to the file."""
    leftOut: int
    """Those that were left out: the disk didn't keep up."""
    error: str
    """Why it has ended before, if the file could not be written; empty otherwise."""


_Headers = Mapping[str, str]
_Answer = Union[
    None, int, Tuple[Optional[int]], Tuple[Optional[int], Optional[_Data]],
    Tuple[Optional[int], Optional[_Data], Optional[_Headers]]]
_AnswerOrTask = Union[_Answer, Awaitable[_Answer]]
_Decision = Union[
    int, Tuple[int], Tuple[int, Optional[_Data]],
    Tuple[int, Optional[_Data], Optional[_Headers]]]
_DecisionOrTask = Union[_Decision, Awaitable[_Decision]]

_OpenCallback = Union[None, str, Callable[[str, str], object]]
"""A connection has opened. `simWS.send` works from here on.

Parameters:
    serverOrClientHandle (str)
        The server or client.
    connectionHandle (str)
        The connection.

Since 1.0, as in the WS plugin.
"""
_FailCallback = Union[None, str, Callable[[str, str], object]]
"""An attempt did not become a connection: a bad handshake, an origin, host or
limit that refuses it, a timeout, a peer that left, or bytes that are no valid
request. `simWS.getConnectionInfo(server, connection)['error']` says why. A
whole HTTP request that was refused (403, 413), and a connection that never
sent a byte, are no attempts.

Of a client: an attempt that came to nothing.
`simWS.getClientInfo(client)['state']` says whether another follows (`waiting`)
or not (`closed`).

Parameters:
    serverOrClientHandle (str)
        The server or client.
    connectionHandle (str)
        The connection.

Since 1.0, as in the WS plugin.
"""
_CloseCallback = Union[None, str, Callable[[str, str], object]]
"""A connection that had opened is closed: its last event, exactly once. Inside it
`simWS.getConnectionInfo` still answers, with `closeCode`, `closeReason` and
`clean`.

Parameters:
    serverOrClientHandle (str)
        The server or client.
    connectionHandle (str)
        The connection.

Since 1.0, as in the WS plugin.
"""
_MessageCallback = Union[None, str, Callable[[str, str, Any], object], Callable[[str, str, Any, int], object], Callable[[str, str, Any, int, Optional[str]], object], Callable[[str, str, Any, int, Optional[str], Dict[str, Any]], object]]
"""A message has been received. It is whole, even if it came in fragments.

Parameters:
    serverOrClientHandle (str)
        The server or client.
    connectionHandle (str)
        The connection.
    data (str | bytes)
        The whole message. Lua: a string. Python: `str` for text, `bytes` for
        binary.
    opcode (int)
        `simWS.opcode.text` or `simWS.opcode.binary`, for a function that takes
        a fourth parameter.
    topic (str)
        What a page has published to (see the option `publishable`), for a
        function that takes a fifth parameter; None: it was sent.
    remote (dict)
        `{'edge': , 'viewer': {'address': , 'connection': }}`: who has
        published it at an edge (see the option `broker`), for a function that
        takes a sixth parameter; None: it came over a connection. The
        connection is 0 then.

Since 1.0, as in the WS plugin.
"""
_HttpCallback = Union[None, str, Callable[[str, str, str, Any], _AnswerOrTask], Callable[[str, str, str, Any, Dict[str, Any]], _AnswerOrTask]]
"""An HTTP request that doesn't ask for WebSocket; what the function returns is
the answer. Without a handler the answer is 404, but for a browser that opens
`/` (see `infoPage`); with one that raises an error, or returns something else
than a status, a body and headers, it is 500 and the log says why.

Parameters:
    serverHandle (str)
        The server.
    connectionHandle (str)
        The connection.
    resource (str)
        Path with query, as sent: `/status?unit=deg`.
    data (str | bytes)
        The body of the request; empty when it has none.
    request (dict)
        `{'method': , 'headers': , 'remoteAddress': }`, for a function that
        takes a fifth parameter. The names of headers are in lower case.

Returns:
    status (int)
        200 to 599. None: 404.
    data (str | bytes)
        The body; None: none (with a None status: a short page that says 404).
    headers (dict)
        Names and values, both strings. Without Content-Type one is taken from
        the extension of the resource. Content-Length, Connection, Date and
        Server are simWS's own.

Since 1.0, as in the WS plugin.
"""
_UpgradeCallback = Union[None, str, Callable[[str, str, Dict[str, Any]], _DecisionOrTask]]
"""A request for WebSocket that has passed all other rules of entry: the function
says whether it's admitted. The open or the fail callback follows. Meanwhile
the network goes on; what isn't decided within `handshakeTimeout` gets 503. In
Python it may be `async def`.

Parameters:
    serverHandle (str)
        The server.
    connectionHandle (str)
        The connection.
    request (dict)
        `{'method': , 'resource': , 'path': , 'query': , 'headers': ,
        'subprotocols': , 'origin': , 'remoteAddress': }`: `resource` as sent,
        `path` what is before its `?`, `query` a map of what is behind it,
        decoded (of equal names the first); names of headers in lower case;
        `subprotocols` a list; `origin` None where a program asks.

Returns:
    status (int)
        true: admitted. false: refused with 403. 400 to 599: refused with that.
        Anything else, None too: 500 and a line in the log, so that nobody
        comes in by mistake.
    data (str | bytes)
        The body of a refusal; None: none.
    headers (dict)
        Names and values, both strings, of the refusal, or of the answer that
        admits: there not Sec-WebSocket-*, Connection, Upgrade, Server or
        lengths.

Since 1.0.
"""
_DropCallback = Union[None, str, Callable[[str, str, str, int], object]]
"""A subscription has begun to lose messages, for its viewer doesn't keep up: once
for each time, and not again before the function has been called. With the
policy `'resync'` nothing more of the topic is queued until the script
subscribes the connection again: here, after it has sent what the viewer needs
to go on from. What a policy `'latest'` or a `rate` leaves out is no loss.

Parameters:
    serverHandle (str)
        The server.
    connectionHandle (str)
        The connection.
    topic (str)
        What the connection is subscribed to.
    count (int)
        How many messages it has lost so far.

Since 1.0.
"""
_LogCallback = Union[None, str, Callable[[str, str], object]]
"""There is a line of the log: where a server listens, who was refused and which
option admits it, a callback that failed, with its traceback. Up to 1,000 lines
wait for the script; one tells how many more there were. What the function
itself logs, by an error of its own for one, goes to where lines go without a
handler.

Parameters:
    level (str)
        `'debug'`, `'info'`, `'warning'` or `'error'`.
    line (str)
        What happened, without the level and without a newline.

Since 1.0.
"""


def send(serverOrClientHandle: str, connectionHandle: Optional[str], data: _Data, opcode: Optional[int] = ..., options: Optional[_SendOptions] = ...) -> bool:
    """Sends data over a connection, as one message or one fragment of a message. It
    only queues: the call never waits for the network. What is sent arrives in the
    order of the calls.

    A message can be sent in fragments: the first with its opcode and `{'fin':
    False}`, more with `simWS.opcode.continuation` and `{'fin': False}`, the last
    with `simWS.opcode.continuation`. Until then nothing else can be sent to that
    connection, and `simWS.broadcast` leaves it out. A character may be split
    between fragments. What is larger than 64 KiB leaves in fragments by itself,
    between which pings are answered; for the receiver it's one message.

    `simWS.send(client, None, data)` addresses the one connection of a client.
    While there is none, the message is lost and the result false; with the
    client's option `keepQueue` a whole message is kept until after the next open
    handler.

    Parameters:
        serverOrClientHandle (str)
            The server or client, as `simWS.start` or `simWS.connect` returned it.
        connectionHandle (str)
            The connection, as a callback of this server or client or
            `simWS.getConnections` gave it. None with a client: its one connection.
        data (str | bytes)
            The message. Python's `bytes`, `bytearray` and `memoryview` are sent as
            binary unless an opcode is given.
        opcode (int, default None)
            `simWS.opcode.text`, `simWS.opcode.binary`, or
            `simWS.opcode.continuation` for what follows the first fragment of a
            message.
        options (dict, default None)
            A dict with these keys, all of them optional:
            fin (bool, default True)
                False: more fragments of this message follow.
            compress (bool, default True)
                False: the message isn't compressed, as for images, which are
                already. In a fragmented message the first fragment's counts.

    Returns:
        queued (bool)
            True: the message is on its way. False: the connection has closed,
            which is no error, so a loop over connections needn't mind it.

    Errors:
        A handle that never existed, or a connection of another server or client; a
        bad opcode; text that is not UTF-8 (the error names the byte offset; send
        such data as `simWS.opcode.binary`); a continuation with no fragmented
        message begun, or a new message within one; more than `maxQueuedBytes`, or
        more than 2^31 bytes, in one call. Nothing is sent then.

    Since 1.0, as in the WS plugin.
    """


def setCloseHandler(serverOrClientHandle: str, callbackFn: _CloseCallback) -> None:
    """Sets the function that is called once for every connection that was opened,
    after it can no longer send or receive messages, whatever ended it. See
    `closeCallback`.

    Parameters:
        serverOrClientHandle (str)
            The server or client, as `simWS.start` or `simWS.connect` returned it.
        callbackFn (str | Callable | None)
            The name of a function of the script, which may be dotted
            (`'app.onOpen'`) and is looked up each time it's called, so it may be
            defined later or replaced. Lua and Python also take the function
            itself. An empty string or None clears the handler.

    Errors:
        A handle that never existed.

    Since 1.0, as in the WS plugin.
    """


def setFailHandler(serverOrClientHandle: str, callbackFn: _FailCallback) -> None:
    """Sets the function that is called once for every attempt at a WebSocket
    connection that did not succeed. Each attempt calls either the open handler or
    the fail handler. HTTP connections that don't ask for the WebSocket protocol
    call the http handler instead. See `failCallback`.

    Parameters:
        serverOrClientHandle (str)
            The server or client, as `simWS.start` or `simWS.connect` returned it.
        callbackFn (str | Callable | None)
            The name of a function of the script, which may be dotted
            (`'app.onOpen'`) and is looked up each time it's called, so it may be
            defined later or replaced. Lua and Python also take the function
            itself. An empty string or None clears the handler.

    Errors:
        A handle that never existed.

    Since 1.0, as in the WS plugin.
    """


def setHTTPHandler(serverHandle: str, callbackFn: _HttpCallback) -> None:
    """Sets the function that answers HTTP requests which don't ask for the WebSocket
    protocol, on the same port: error pages, and static files such as the page and
    the JavaScript of an application that then talks over a WebSocket. It is meant
    for little traffic; a site with much of it is better served by a web server.
    See `httpCallback`.

    Parameters:
        serverHandle (str)
            The server, as `simWS.start` returned it.
        callbackFn (str | Callable | None)
            The name of a function of the script, which may be dotted
            (`'app.onOpen'`) and is looked up each time it's called, so it may be
            defined later or replaced. Lua and Python also take the function
            itself. An empty string or None clears the handler.

    Errors:
        A handle that never existed.

    Since 1.0, as in the WS plugin.
    """


def setMessageHandler(serverOrClientHandle: str, callbackFn: _MessageCallback) -> None:
    """Sets the function that is called for every message received. See
    `messageCallback`.

    Parameters:
        serverOrClientHandle (str)
            The server or client, as `simWS.start` or `simWS.connect` returned it.
        callbackFn (str | Callable | None)
            The name of a function of the script, which may be dotted
            (`'app.onOpen'`) and is looked up each time it's called, so it may be
            defined later or replaced. Lua and Python also take the function
            itself. An empty string or None clears the handler.

    Errors:
        A handle that never existed.

    Since 1.0, as in the WS plugin.
    """


def setOpenHandler(serverOrClientHandle: str, callbackFn: _OpenCallback) -> None:
    """Sets the function that is called once for every WebSocket connection that
    opens. Each attempt calls either the open handler or the fail handler. HTTP
    connections that don't ask for the WebSocket protocol call the http handler
    instead. See `openCallback`.

    Parameters:
        serverOrClientHandle (str)
            The server or client, as `simWS.start` or `simWS.connect` returned it.
        callbackFn (str | Callable | None)
            The name of a function of the script, which may be dotted
            (`'app.onOpen'`) and is looked up each time it's called, so it may be
            defined later or replaced. Lua and Python also take the function
            itself. An empty string or None clears the handler.

    Errors:
        A handle that never existed.

    Since 1.0, as in the WS plugin.
    """


def start(listenPort: int, options: Optional[_StartOptions] = ...) -> str:
    """Starts a server: listens on a port and accepts connections from then on. The
    callbacks can be set afterwards: no event is lost before the script returns to
    its host.

    It listens on the loopback addresses 127.0.0.1 and ::1 only, unless the option
    `host` says otherwise, and a log line says where. A port is free again as soon
    as its server is stopped.

    Parameters:
        listenPort (int)
            0 to 65535. 0 picks a free port, which
            `simWS.getServerInfo(server)['port']` tells.
        options (dict, default None)
            A dict with these keys, all of them optional:
            host (str, default '')
                Where to listen. Empty: on 127.0.0.1 and ::1, which only this
                machine reaches. `'*'`: on all interfaces. Otherwise an IP address
                of this machine.
            origins (list[str], default [])
                Web pages that may connect, and show the server's own in a frame,
                besides those of the server's host and of this machine: origins
                (`'https://lab.example'`), host names, `'null'` for pages opened
                from files and for sandboxed frames of any site, or `'*'` for any.
                Programs that send no Origin aren't asked.
            hosts (list[str], default [])
                Names this server may be called by, besides IP addresses, localhost
                and the machine's own name, also with `.local`.
            corsOrigins (list[str], default [])
                Web pages of other origins that may read answers to HTTP requests,
                listed as `origins` are: preflights are answered, and answers say
                so (CORS). They don't open a WebSocket by that.
            token (list[str], default [])
                A token, or a list of them: who shows one is admitted, by `?token=`
                in the address, by `Authorization: Bearer`, or by the cookie that a
                page gets which is opened with `?token=`; everybody else gets 401.
                It guards everything of the server, and is hidden in infos,
                resources and the log. 1 to 1024 visible ASCII characters. An empty
                list is an error where it's given, as it would ask nobody.
            trustedProxies (list[str], default [])
                Addresses (`'127.0.0.1'`) and networks (`'10.0.0.0/8'`) of proxies
                whose word is taken: X-Forwarded-For is read from its end up to the
                first address that isn't listed here, and that is the
                `remoteAddress`, and counts for the limits of an address;
                X-Forwarded-Proto too.
            forwarded (bool, default False)
                True: the trusted proxies send Forwarded (RFC 7239) in place of
                X-Forwarded-*.
            trustForwardedHost (bool, default False)
                True: the trusted proxies say, too, which host was asked for
                (X-Forwarded-Host), in place of Host.
            maxHandshakesPerSecond (int, default 0)
                Connections in a second of one remote address, or of one /64
                network of IPv6. More get 503 with Retry-After, and are closed at
                once over TLS. 0: no limit.
            subprotocols (list[str], default [])
                Subprotocols the server speaks, best first. The first that the
                client offers too is chosen.
            maxMessageSize (int, default 33554432)
                The largest message that is received, in bytes (32 MiB). A larger
                one closes its connection with code 1009.
            maxConnections (int, default 10000)
                Connections at the same time. More are answered with HTTP status
                503.
            maxConnectionsPerAddress (int, default 0)
                The same for one remote address. 0: no limit.
            maxHeaderSize (int, default 16384)
                The largest head of a request, in bytes: its first line and its
                headers.
            maxBodySize (int, default 1048576)
                The largest body of an HTTP request, in bytes. A larger one is
                answered with 413.
            handshakeTimeout (float, default 5)
                Seconds a client has to send its whole request.
            keepAliveTimeout (float, default 15)
                Seconds an HTTP connection may stay idle between requests.
            closeTimeout (float, default 5)
                Seconds a peer has to answer a Close frame, and to take what was
                queued when its server stopped.
            pingInterval (float, default 20)
                Seconds between pings. 0: no pings.
            pingTimeout (float, default 20)
                Seconds a peer has to answer a ping. One that doesn't is taken for
                gone: its connection closes with code 1006.
            maxQueuedBytes (int, default 67108864)
                Bytes that may wait to be sent to one connection (64 MiB). A peer
                that reads too slowly for that loses what is queued, and its
                connection closes with code 1013; a log line says so.
            maxTotalQueuedBytes (int, default 268435456)
                Bytes of memory that may wait to be sent in all, answers to HTTP
                requests included (256 MiB); not less than `maxQueuedBytes`. A
                broadcast counts once, and 64 bytes for each connection. Over it
                the connection in which most waits is closed with code 1013, and an
                answer that doesn't fit any more is a 500; a log line says so.
            maxPendingBytes (int, default 16777216)
                Bytes that may wait for the script, all connections of the server
                together (16 MiB). Over it the server stops reading from those that
                hold more than 64 KiB, which slows these peers down; nothing is
                lost.
            infoPage (bool, default True)
                Without an HTTP handler a browser that opens the server's `/` gets
                a small page that says what it is, connects, shows what comes and
                sends lines. In CoppeliaSim the default is false.
            inspector (bool, default False)
                True: the server has a page at `/_simws/` that shows it live:
                connections, topics, messages as they pass, charts, log lines.
                There connections can be closed and sent to. Where `host` isn't
                this machine's own it needs a `token`.
            tls (str | dict, default None)
                Encrypts all connections: pages are at `https://`, WebSockets at
                `wss://`. `'local'`: with a certificate for this machine, by an
                authority of one's own that is made and kept in the user's
                configuration folder; `simws cert` says how browsers are told to
                trust it. A map: with one's own files. Files that are replaced
                serve new connections without a restart. None: not encrypted.
                certificate (str, default '')
                    PEM file of the certificate, followed by those between it and
                    its authority.
                privateKey (str, default '')
                    PEM file of its private key. Empty: it lies in the
                    certificate's file.
                password (str, default '')
                    Of the private key. Empty: it has none.
                clientCA (str, default '')
                    PEM file of authorities: only clients with a certificate of
                    theirs may connect. Empty: they need none.
                minVersion (str, default '1.2')
                    The oldest version of TLS that is spoken, `'1.2'` or `'1.3'`.
            compression (bool | dict, default False)
                Whether messages are compressed (permessage-deflate) where the
                client offers it, as browsers do; true means the defaults of these
                keys.
                threshold (int, default 256)
                    Messages of less bytes leave as they are, and so do those that
                    don't shrink.
                level (int, default 1)
                    How hard it tries: 1 is the fastest, 9 makes messages smallest.
                memory (int, default 8)
                    Memory of a compressor: each more doubles it.
                serverContextTakeover (bool, default False)
                    True: messages of the server may refer to those before, if the
                    client admits it. They become smaller where they are alike;
                    each connection takes memory at both sides for as long as it's
                    open, and a broadcast is compressed for each of them.
                clientContextTakeover (bool, default False)
                    The same for messages of the client.
                serverWindowBits (int, default 15)
                    How far back messages of the server may refer, as a power of
                    two: 15 is 32 KiB. Less takes less memory.
                clientWindowBits (int, default 15)
                    The same for messages of the client.
            topics (bool | list[str], default False)
                Topics that pages may subscribe to by themselves, by the
                subprotocol `simws.topics.1`: true for all, or a list of topics and
                patterns (`'robots/#'`). The server then has `/simws.js`, the
                client for pages.
            publishable (list[str], default [])
                Topics and patterns that these pages may publish to: it comes to
                the message handler, which gets the topic as its fifth parameter.
            maxSubscriptions (int, default 1000)
                Of one connection that subscribes by itself.
            maxTotalRetainedBytes (int, default 268435456)
                Of data and keys that are retained of all topics (256 MiB). Over it
                `simWS.publish` is an error.
            metrics (bool, default False)
                True: `/metrics` has the server's figures for Prometheus and others
                that collect such, as text or OpenMetrics. Who asks must be
                admitted as for every request, by a `token` too.
            broker (str | dict, default None)
                Where the NATS server is by which topics go to any number of edges
                (`simws edge`), `'nats://host:4222'`, or a map. The program
                `simws-broker` connects to it, again and again; nothing waits for
                that, and `simWS.getServerInfo(server)['broker']` says how it gets
                on. Needs `name`. None: topics stay with this server.
                url (str, default '')
                    `nats://host:4222`, or `tls://host:4222`; `user:password@` or
                    `token@` before the host; several with commas between them.
                credentials (str, default '')
                    File of credentials (`.creds`), as operators of NATS hand them
                    out.
                ca (str, default '')
                    PEM file of authorities that the broker's certificate may come
                    from. Empty: the system's.
                certificate (str, default '')
                    PEM file of a certificate of one's own, for brokers that ask
                    for one.
                privateKey (str, default '')
                    PEM file of its private key.
                program (str, default '')
                    Path of the program `simws-broker`. Empty: it's looked for
                    beside simWS, and on the PATH.
            name (str, default '')
                By which edges find this server at the `broker`: up to 64 letters,
                digits, `_` and `-`. One server holds a name at a time; others wait
                until it's free.

    Returns:
        serverHandle (str)
            Names the server in all other functions.

    Errors:
        A port out of range; a port that can't be had (the error names address,
        port and cause); an option that doesn't exist or has a bad value.

    Since 1.0, as in the WS plugin.
    """


def stop(serverHandle: str) -> None:
    """Stops a server; its handle is invalid from then on. It never waits for a peer,
    and may be called in every callback. When it returns the port is free.

    What was queued is still sent, for as long as `closeTimeout` allows, then each
    connection gets a Close frame with code 1001. The close handler is called,
    before `stop` returns, once for each connection whose open handler was called
    (`closeCode` 1001, `clean` false). Other events that still wait are dropped;
    HTTP requests that wait get 503. An http callback that stops its own server
    still sends its answer.

    Parameters:
        serverHandle (str)
            The server, as `simWS.start` returned it.

    Errors:
        A handle that never existed, or of a server that is stopped already.

    Since 1.0, as in the WS plugin.
    """


def close(serverOrClientHandle: str, connectionHandle: str, code: Optional[int] = ..., reason: Optional[str] = ...) -> bool:
    """Closes a connection by the closing handshake of WebSocket: the peer gets the
    code and the reason. The close handler is called when it's over.

    Parameters:
        serverOrClientHandle (str)
            The server or client, as `simWS.start` or `simWS.connect` returned it.
        connectionHandle (str)
            The connection, as a callback of this server or client or
            `simWS.getConnections` gave it.
        code (int, default 1000)
            Why: 1000 (normal), 1001 to 1003, 1007 to 1014, or 3000 to 4999 for
            reasons of your own.
        reason (str, default '')
            Why in words, for the peer: UTF-8, 123 bytes at most.

    Returns:
        started (bool)
            False: it was closing or closed already.

    Errors:
        A handle that never existed; a code that may not be sent; a reason that is
        too long or not UTF-8.

    Since 1.0.
    """


def broadcast(serverHandle: str, data: _Data, opcode: Optional[int] = ..., options: Optional[_BroadcastOptions] = ...) -> int:
    """Sends one message to all open connections of a server. It is encoded once,
    however many there are. Connections in the middle of a fragmented message are
    left out, and with the options others too.

    Parameters:
        serverHandle (str)
            The server, as `simWS.start` returned it.
        data (str | bytes)
            The message, as for `simWS.send`.
        opcode (int, default None)
            `simWS.opcode.text` or `simWS.opcode.binary`.
        options (dict, default None)
            A dict with these keys, all of them optional:
            to (list[str], default all)
                Only these connections, as far as they are open. An empty list:
                none.
            except (list[str], default [])
                Not these: whoever has sent the message, say.
            compress (bool, default True)
                False: the message isn't compressed for anybody.

    Returns:
        count (int)
            For how many connections it was queued.

    Errors:
        As `simWS.send`; `simWS.opcode.continuation` is a bad opcode here.

    Since 1.0.
    """


def getConnections(serverOrClientHandle: str) -> List[str]:
    """Returns the open connections of a server, or a client's one.

    Parameters:
        serverOrClientHandle (str)
            The server or client, as `simWS.start` or `simWS.connect` returned it.

    Returns:
        connectionHandles (list[str])
            Handles, in the order in which they opened.

    Errors:
        A handle that never existed.

    Since 1.0.
    """


def getConnectionInfo(serverOrClientHandle: str, connectionHandle: str, fields: Optional[Union[str, Sequence[str]]] = ...) -> _ConnectionInfo:
    """Returns what is known of a connection. Inside its close or fail callback it
    still answers; afterwards the handle is invalid.

    Parameters:
        serverOrClientHandle (str)
            The server or client, as `simWS.start` or `simWS.connect` returned it.
        connectionHandle (str)
            The connection, as a callback of this server or client or
            `simWS.getConnections` gave it.
        fields (list[str], default [])
            Names of keys: only these are in the map, and only they cost time.
            Empty: all of them.

    Returns:
        info (dict)
            A dict with these keys:
            remoteAddress (str)
                Address and port of the peer: `127.0.0.1:50312`. Behind a proxy of
                `trustedProxies` those of its client, where the port may be
                missing.
            resource (str)
                Path with query of the latest request, as sent but for tokens (see
                `token`); empty with a client.
            headers (dict)
                Of the latest request, with a client those of the server's answer;
                names in lower case.
            subprotocol (str)
                The one agreed on; empty: none.
            compression (bool)
                Whether messages are compressed.
            queuedBytes (int)
                Bytes that wait to be sent.
            roundTripTime (float)
                Seconds between the latest ping and its answer; None before the
                first.
            state (str)
                `'connecting'`, `'open'`, `'closing'` or `'closed'`.
            closeCode (int)
                Why it closed (RFC 6455, 7.4): the code of the peer's Close frame;
                where that has none, the code of our own Close before it, or 1005.
                Where the peer sent no Close it's the code with which the server
                ended the connection (1001, 1002, 1007, 1009 or 1013), else 1006.
                None while it's open.
            closeReason (str)
                The reason in the Close frame.
            clean (bool)
                Whether the closing handshake was completed.
            error (str)
                Why it failed, or was not closed cleanly, in words; empty: it
                didn't.
            tls (dict)
                `version` (`'TLSv1.3'`) and `cipher`; of the peer's certificate,
                where one was verified, `subject` and `names`. None: the connection
                isn't encrypted.
            messagesIn (int)
                Messages received.
            messagesOut (int)
                Messages sent.
            bytesIn (int)
                Bytes received from the network, from the connection's first
                message on.
            bytesOut (int)
                Bytes sent to the network, likewise.
            dropped (int)
                Messages that were to be sent, and weren't.
            queueAge (float)
                Seconds that the oldest byte has waited of those which the system
                hasn't taken; 0: none waits. What subscriptions to topics hold back
                isn't counted.

    Errors:
        A handle that never existed, or of a connection that is gone; a key that
        doesn't exist.

    Since 1.0.
    """


def getServerInfo(serverHandle: str) -> _ServerInfo:
    """Returns where a server listens and what it has done so far.

    Parameters:
        serverHandle (str)
            The server, as `simWS.start` returned it.

    Returns:
        info (dict)
            A dict with these keys:
            host (str)
                Where it listens: `127.0.0.1`, `*`, an address.
            port (int)
                The port it listens on, also when port 0 was asked for.
            tls (bool)
                Whether connections are encrypted.
            connections (int)
                Open connections.
            messagesIn (int)
                Messages received.
            messagesOut (int)
                Messages sent.
            bytesIn (int)
                Bytes received from the network.
            bytesOut (int)
                Bytes sent to the network.
            dropped (int)
                Messages that were queued and could not be sent.
            refused (int)
                Attempts that did not become connections, and HTTP requests that
                were refused.
            queuedBytes (int)
                Bytes that wait to be sent, on all connections.
            uptime (float)
                Seconds since it was started.
            accepted (int)
                Connections that clients have made, for WebSocket, HTTP or nothing.
            handshakes (int)
                WebSocket connections that were opened.
            httpRequests (int)
                HTTP requests for no WebSocket that weren't refused.
            linesLeftOut (int)
                Lines about clients that were left out of the log, which takes ten
                in a second.
            pendingBytes (int)
                Bytes received that the script hasn't handled, or whose message
                isn't whole (see `maxPendingBytes`).
            retainedBytes (int)
                Bytes of data and keys that are retained of topics.
            roundTripTimes (dict)
                From pings, and what stands for them with topics, to their answers.
                This map and those below have the keys `count`, and in seconds
                `sum`, `p50`, `p90`, `p99` (what so many percent took at most,
                within a factor of two) and `longest`: all since the server was
                started.
            queueWaits (dict)
                How long what the system didn't take at once has waited to be sent:
                once for all that a turn of the network's thread has left.
            passTimes (dict)
                How long passes over waiting events took, those for other servers
                and clients of the script too. Where the script's thread drives the
                network (`run`) there are none.
            callbackTimes (dict)
                How long callbacks took, those for other servers and clients of the
                script too; where the script's thread drives the network, by each
                16th of them.
            stepLateness (dict)
                By how much steps of the script (`sysCall_actuation`) began too
                late; `simws run` counts it.
            broker (dict)
                How the server gets on with its broker (option `broker`): `url`
                without passwords, `name`; `state`: `'connecting'`, `'open'`,
                `'held'` (another server has the name), `'error'`; `error`: what
                doesn't work and what to do, empty: nothing; `server`: the broker's
                name, while it's open; `published`, `dropped`, `conflated` and
                `queuedBytes` of what goes to it; `incoming`: messages of viewers
                at edges, `incomingDropped` of these; `roundTrip`: seconds, or
                None. None: there's no broker.

    Errors:
        A handle that never existed.

    Since 1.0.
    """


def run(options: Optional[_RunOptions] = ...) -> None:
    """Serves: calls the callbacks as events come. Returns on SIGINT (Ctrl-C) or
    SIGTERM, so that the script can clean up, and when no server is left and no
    client that can bring an event. For plain Lua and Python programs; a simulator,
    and the stepped scripts of the program `simws`, serve by themselves.

    By default the script's own thread does the network's work too, which is
    fastest; pings and handshakes then wait for a callback that takes long. With
    `{'threaded': True}` the network has its own thread, as it has before `run`.

    Parameters:
        options (dict, default None)
            A dict with these keys, all of them optional:
            threaded (bool, default False)
                True: the network has a thread of its own, so pings are answered
                during long callbacks.

    Errors:
        Inside a callback; where the host serves.

    Since 1.0.
    """


def poll(timeout: Optional[float] = ...) -> int:
    """Handles the events that wait, up to the time of one pass (5 ms, the named
    parameter `simWS.passBudget`), and returns. For programs with a loop of their
    own.

    Parameters:
        timeout (float, default 0)
            Seconds to wait for an event when none is waiting; 0 doesn't wait, less
            than 0 waits without end.

    Returns:
        events (int)
            How many were handled, lines for a log handler too.

    Errors:
        Inside a callback; where the host serves.

    Since 1.0.
    """


def fileno() -> int:
    """Returns a file descriptor that is readable while events wait, for `select` and
    event loops such as asyncio; call `simWS.poll` when it is.

    Returns:
        descriptor (int)
            Belongs to simWS: watch it, but don't read or close it.

    Errors:
        Where the host serves.

    Since 1.0.
    """


def setLogHandler(callbackFn: _LogCallback) -> None:
    """Sets the function that is called for every line of the log, of all servers and
    clients of the script, in place of the lines on standard error or in the
    simulator's log. Like every callback it's called on the script's own thread,
    between its other work; lines wait until then. A function that does nothing
    silences the log. See `logCallback`.

    In Python lines go to the logger `simWS` of the module `logging` where the
    program has configured that before a server or client starts, and no function
    is set.

    Parameters:
        callbackFn (str | Callable | None)
            The name of a function of the script, which may be dotted
            (`'app.onOpen'`) and is looked up each time it's called, so it may be
            defined later or replaced. Lua and Python also take the function
            itself. An empty string or None clears the handler.

    Errors:
        None but for a wrong argument.

    Since 1.0.
    """


def connect(uri: str, options: Optional[_ConnectOptions] = ...) -> str:
    """Connects to a WebSocket server. It returns at once: the name's lookup, the
    connection and the handshake happen meanwhile, and the callbacks can be set
    afterwards. Each attempt calls either the open handler or the fail handler; a
    connection that has opened calls the close handler when it ends.

    With the option `reconnect` the client tries again after each failure and each
    loss that another attempt may mend: network errors, timeouts, HTTP statuses
    408, 429 and 5xx (not before Retry-After, as far as `max` allows), and closes
    with 1001, 1005, 1006 and 1011 to 1014. Each attempt has a connection handle of
    its own; handlers stay.

    Parameters:
        uri (str)
            `ws://host[:port]/path?query`; `http://` means the same. IPv6 addresses
            stand in brackets; `ws://user:password@host` logs in (HTTP's Basic
            authorization).
        options (dict, default None)
            A dict with these keys, all of them optional:
            headers (dict, default None)
                Headers of the request, besides those of the handshake: `{'Cookie':
                'session=1'}`.
            subprotocols (list[str], default [])
                Subprotocols the client speaks, best first. The server chooses one,
                or none.
            origin (str, default '')
                The header Origin, for servers that ask programs for one:
                `'https://lab.example'`. Empty: none is sent.
            userAgent (str, default 'simWS')
                The header User-Agent. Empty: none is sent.
            connectTimeout (float, default 10)
                Seconds that an attempt may take, from the lookup of the name until
                it's open.
            maxMessageSize (int, default 33554432)
                The largest message that is received, in bytes (32 MiB). A larger
                one closes the connection with code 1009.
            maxQueuedBytes (int, default 67108864)
                Bytes that may wait to be sent, and that `keepQueue` keeps (64
                MiB). A server that reads too slowly for that loses what is queued,
                and the connection closes with code 1013; a log line says so.
            maxPendingBytes (int, default 16777216)
                Bytes that may wait for the script (16 MiB). Over it the client
                stops reading, which slows the server down; nothing is lost.
            pingInterval (float, default 20)
                Seconds between pings. 0: no pings.
            pingTimeout (float, default 20)
                Seconds the server has to answer a ping. One that doesn't is taken
                for gone: the connection closes with code 1006.
            closeTimeout (float, default 5)
                Seconds the server has to answer a Close frame, and to take what
                was queued at `simWS.disconnect`.
            maxRedirects (int, default 5)
                How many redirects of an attempt are followed; never from wss to
                ws. User, password, Authorization and Cookie go only to the same
                scheme, host and port.
            proxy (str, default None)
                `'http://[user:password@]host:port'` of an HTTP proxy, which is
                asked for a tunnel by CONNECT. None: what the environment says by
                `https_proxy`, `http_proxy` and `no_proxy`, but never for this
                machine's own addresses. Empty: none, which is the default in
                CoppeliaSim.
            reconnect (bool | dict, default False)
                Whether the client tries again; true means the defaults of these
                keys.
                initial (float, default 0.5)
                    Seconds before the first attempt after a loss or failure.
                max (float, default 30)
                    Seconds at most; a connection that stayed open for so long
                    starts the delays anew.
                factor (float, default 2)
                    By how much each delay is longer than the one before.
                jitter (float, default 0.3)
                    Each delay times a random number of 1 ± this, so that many
                    clients don't come back at once.
                attempts (int, default 0)
                    How many attempts in a row, then no more. 0: no end.
            keepQueue (bool, default False)
                True: what is sent while the client is away, by `simWS.send(client,
                None, data)`, is kept up to `maxQueuedBytes` and leaves after the
                next open handler.
            tls (dict, default None)
                For `wss://`: whom to trust, and who the client is.
                ca (str, default '')
                    PEM file of authorities to trust. Empty: those of the system.
                verify (bool, default True)
                    False: any certificate will do, so anybody on the way can read
                    and change everything.
                serverName (str, default '')
                    The name that the certificate must be for. Empty: the URI's
                    host.
                certificate (str, default '')
                    PEM file of a certificate of one's own, for servers that ask
                    for one, followed by those between it and its authority.
                privateKey (str, default '')
                    PEM file of its private key. Empty: it lies in the
                    certificate's file.
                password (str, default '')
                    Of the private key. Empty: it has none.
            compression (bool | dict, default False)
                Whether the client offers to compress messages
                (permessage-deflate), which are then where the server agrees; true
                means the defaults of these keys.
                threshold (int, default 256)
                    Messages of less bytes leave as they are, and so do those that
                    don't shrink.
                level (int, default 1)
                    How hard it tries: 1 is the fastest, 9 makes messages smallest.
                memory (int, default 8)
                    Memory of a compressor: each more doubles it.
                serverContextTakeover (bool, default False)
                    True: messages of the server may refer to those before, if the
                    client admits it. They become smaller where they are alike;
                    each connection takes memory at both sides for as long as it's
                    open, and a broadcast is compressed for each of them.
                clientContextTakeover (bool, default False)
                    The same for messages of the client.
                serverWindowBits (int, default 15)
                    How far back messages of the server may refer, as a power of
                    two: 15 is 32 KiB. Less takes less memory.
                clientWindowBits (int, default 15)
                    The same for messages of the client.

    Returns:
        clientHandle (str)
            Names the client in all other functions.

    Errors:
        A malformed URI; an option that doesn't exist or has a bad value. All else
        that goes wrong calls the fail handler.

    Since 1.0, as in newer versions of the WS plugin.
    """


def disconnect(clientHandle: str) -> None:
    """Ends a client; its handle is invalid from then on. It never waits for the
    network, and may be called in every callback.

    What was queued is still sent, for as long as `closeTimeout` allows, then a
    Close frame with code 1000. If the open handler was called, the close handler
    is called before `disconnect` returns (`closeCode` 1000, `clean` false). Other
    events that still wait are dropped; while connecting neither the open nor the
    fail handler is called.

    Parameters:
        clientHandle (str)
            The client, as `simWS.connect` returned it.

    Errors:
        A handle that never existed, or of a client that has been disconnected
        already.

    Since 1.0, as in newer versions of the WS plugin.
    """


def getClientInfo(clientHandle: str) -> _ClientInfo:
    """Returns where a client connects to, what it's doing and what it has done so
    far.

    Parameters:
        clientHandle (str)
            The client, as `simWS.connect` returned it.

    Returns:
        info (dict)
            A dict with these keys:
            uri (str)
                Where it connects to; user, password and tokens are shown as `***`.
            state (str)
                `'connecting'`, `'open'`, `'waiting'` for the next attempt, or
                `'closed'`: none follows.
            attempts (int)
                How many attempts there have been.
            nextAttempt (float)
                Seconds until the next attempt; None where none is waited for.
            messagesIn (int)
                Messages received.
            messagesOut (int)
                Messages sent.
            bytesIn (int)
                Bytes received from the network.
            bytesOut (int)
                Bytes sent to the network.
            queuedBytes (int)
                Bytes that wait to be sent, or are kept.
            dropped (int)
                Messages that were queued or kept and could not be sent.
            tls (dict)
                Of the open connection `version` (`'TLSv1.3'`), `cipher`, and the
                verified certificate's `subject` and `names`. None: there's none,
                or it isn't encrypted.

    Errors:
        A handle that never existed.

    Since 1.0.
    """


def setUpgradeHandler(serverHandle: str, callbackFn: _UpgradeCallback) -> None:
    """Sets the function that decides who may open a WebSocket, after all other rules
    of entry have been passed. Whoever has connected before and isn't known to the
    script yet is closed with code 1013, so that nobody comes in undecided. A name
    of no function refuses everybody (500). See `upgradeCallback`.

    Parameters:
        serverHandle (str)
            The server, as `simWS.start` returned it.
        callbackFn (str | Callable | None)
            The name of a function of the script, which may be dotted
            (`'app.onOpen'`) and is looked up each time it's called, so it may be
            defined later or replaced. Lua and Python also take the function
            itself. An empty string or None clears the handler.

    Errors:
        A handle that never existed.

    Since 1.0.
    """


def subscribe(serverHandle: str, connectionHandle: str, topic: str, options: Optional[_SubscribeOptions] = ...) -> bool:
    """Subscribes a connection to a topic: it gets what is published to it from here
    on, after what is retained of it, in the order in which the keys were published
    last. Subscribing again changes the options. What the viewer can't take in time
    is dealt with as the option `policy` says, by the network, and costs the script
    nothing.

    Any WebSocket client will do, and gets exactly the messages that are published.
    Pages can subscribe by themselves: see the option `topics` of `simWS.start`.

    Parameters:
        serverHandle (str)
            The server, as `simWS.start` returned it.
        connectionHandle (str)
            The connection, as a callback of this server or client or
            `simWS.getConnections` gave it.
        topic (str)
            The topic, or `'robots/#'` for `robots` and all below it, or `'#'` for
            all. A message goes once to a connection, by its most specific
            subscription.
        options (dict, default None)
            A dict with these keys, all of them optional:
            policy (str, default 'all')
                What becomes of messages that a viewer can't take yet. `'all'`: all
                wait, up to `maxQueuedBytes`, then the connection is closed with
                1013. `'latest'`: of each key only the newest waits. `'oldest'`:
                the oldest give way. `'newest'`: what comes is dropped. `'resync'`:
                all that waits is dropped, the drop handler is told, and nothing
                more of the topic is queued until the script subscribes the
                connection again.
            maxQueued (int, default 4194304)
                Bytes of messages that may wait (4 MiB; with `'all'`
                `maxQueuedBytes`). A single message may always wait.
            rate (float, default 0)
                Messages of one key in a second at most. What comes in between is
                left out, but never the last. 0: all of them.
            priority (int, default 4)
                Which of the subscriptions of a connection go first, 0 to 7; what
                `simWS.send` sends goes with 7. Equal ones take turns.
            window (float, default 0.1)
                Seconds, with all policies but `'all'`: no more is under way to a
                viewer than it has acknowledged lately in its least round trip and
                this time. So what it gets is that old at the most, and two
                messages' time.

    Returns:
        subscribed (bool)
            False: the connection has closed, which is no error.

    Errors:
        A handle that never existed, or a client's; a name that can't be; an option
        that doesn't exist or has a bad value.

    Since 1.0.
    """


def unsubscribe(serverHandle: str, connectionHandle: str, topic: str) -> bool:
    """Ends a subscription. What waits of it is dropped, but where the connection has
    a pattern that takes the topic too: that one goes on with it. Without such a
    subscription nothing happens.

    Parameters:
        serverHandle (str)
            The server, as `simWS.start` returned it.
        connectionHandle (str)
            The connection, as a callback of this server or client or
            `simWS.getConnections` gave it.
        topic (str)
            The topic, or `'robots/#'` for `robots` and all below it, or `'#'` for
            all. A message goes once to a connection, by its most specific
            subscription.

    Returns:
        unsubscribed (bool)
            False: the connection has closed, which is no error.

    Errors:
        A handle that never existed, or a client's; a name that can't be.

    Since 1.0.
    """


def publish(serverHandle: str, topic: str, data: _Data, opcode: Optional[int] = ..., options: Optional[_PublishOptions] = ...) -> int:
    """Sends one message to all who are subscribed to a topic, each as its
    subscription says. It only hands the message over, once however many subscribe:
    it's encoded and compressed once.

    Parameters:
        serverHandle (str)
            The server, as `simWS.start` returned it.
        topic (str)
            The topic: 1 to 255 bytes of UTF-8, levels separated by `/`
            (`'robots/1/pose'`), none of them empty, without control characters and
            `#`.
        data (str | bytes)
            The message, as for `simWS.send`.
        opcode (int, default None)
            `simWS.opcode.text` or `simWS.opcode.binary`.
        options (dict, default None)
            A dict with these keys, all of them optional:
            key (str, default '')
                What the message is the newest of: the name of a joint, say. With
                the policy `'latest'`, a `rate`, and `retain` each key counts by
                itself. Up to 1,024 bytes of UTF-8 without control characters.
            retain (bool, default False)
                True: the last message of the key is kept for those who subscribe
                later. Empty data forgets the key.
            compress (bool, default True)
                False: the message isn't compressed for anybody.

    Returns:
        count (int)
            How many subscriptions the topic has at the moment, those that take it
            by a pattern too: a count, not a promise that each of them gets it.

    Errors:
        As `simWS.broadcast`; a topic or key that can't be; more than may be
        retained (`maxRetainedBytes`, `maxKeys`, `maxTotalRetainedBytes`). Nothing
        is published then.

    Since 1.0.
    """


def setTopic(serverHandle: str, topic: str, options: Optional[_SetTopicOptions] = ...) -> None:
    """Sets what the subscriptions to a topic that begin from here on have where they
    don't say otherwise, and what may be retained of it. What pages ask for by
    themselves is capped by it: the smaller `maxQueued`, `window` and `rate`.

    Parameters:
        serverHandle (str)
            The server, as `simWS.start` returned it.
        topic (str)
            The topic, or `'robots/#'` for all that this takes; of several the most
            specific options hold.
        options (dict, default None)
            A dict with these keys, all of them optional:
            policy (str, default 'all')
                What becomes of messages that a viewer can't take yet. `'all'`: all
                wait, up to `maxQueuedBytes`, then the connection is closed with
                1013. `'latest'`: of each key only the newest waits. `'oldest'`:
                the oldest give way. `'newest'`: what comes is dropped. `'resync'`:
                all that waits is dropped, the drop handler is told, and nothing
                more of the topic is queued until the script subscribes the
                connection again.
            maxQueued (int, default 4194304)
                Bytes of messages that may wait (4 MiB; with `'all'`
                `maxQueuedBytes`). A single message may always wait.
            rate (float, default 0)
                Messages of one key in a second at most. What comes in between is
                left out, but never the last. 0: all of them.
            priority (int, default 4)
                Which of the subscriptions of a connection go first, 0 to 7; what
                `simWS.send` sends goes with 7. Equal ones take turns.
            window (float, default 0.1)
                Seconds, with all policies but `'all'`: no more is under way to a
                viewer than it has acknowledged lately in its least round trip and
                this time. So what it gets is that old at the most, and two
                messages' time.
            maxRetainedBytes (int, default 67108864)
                Of data and keys that are retained of each topic (64 MiB).
            maxKeys (int, default 100000)
                Of which messages are retained, of each topic.

    Errors:
        A handle that never existed; a name that can't be; an option that doesn't
        exist or has a bad value.

    Since 1.0.
    """


def setDropHandler(serverHandle: str, callbackFn: _DropCallback) -> None:
    """Sets the function that is called when a subscription begins to lose messages.
    See `dropCallback`.

    Parameters:
        serverHandle (str)
            The server, as `simWS.start` returned it.
        callbackFn (str | Callable | None)
            The name of a function of the script, which may be dotted
            (`'app.onOpen'`) and is looked up each time it's called, so it may be
            defined later or replaced. Lua and Python also take the function
            itself. An empty string or None clears the handler.

    Errors:
        A handle that never existed.

    Since 1.0.
    """


def getTopics(serverHandle: str) -> Dict[str, _Topics]:
    """Returns what is known of the topics that something was published or subscribed
    to: of those without subscribers and retained messages the latest 1,000.

    Parameters:
        serverHandle (str)
            The server, as `simWS.start` returned it.

    Returns:
        topics (dict)
            A dict of dicts with these keys:
            subscribers (int)
                Connections that are subscribed to it.
            published (int)
                Messages published to it.
            delivered (int)
                Messages handed to connections.
            conflated (int)
                Messages left out, for a newer one of their key came.
            dropped (int)
                Messages lost, as a policy says.
            queuedBytes (int)
                Bytes that wait in subscriptions.
            retainedKeys (int)
                Keys of which a message is retained.
            retainedBytes (int)
                Bytes of these messages and keys.

    Errors:
        A handle that never existed.

    Since 1.0.
    """


def serveFiles(serverHandle: str, prefix: str, folder: str, options: Optional[_ServeFilesOptions] = ...) -> None:
    """Serves the files of a folder under a path, without a call of the script:
    threads of their own read them while they are sent, so that neither a slow
    reader nor a slow disk holds up anything else. GET and HEAD are answered, with
    conditions (ETag, Last-Modified) and ranges; other methods get 405. `file.br`
    and `file.gz` beside a file, if they aren't older, are sent in its place to
    clients that take them.

    Of several prefixes the longest that fits has the request, and the same one
    again takes the place of what was there before. What no prefix fits goes to the
    http handler. The rules of entry and the option `token` hold for files too.

    No path leads out of the folder, whatever it's made of; links may lead to what
    is in it. Hidden files, whose names begin with a dot, and names that mean
    something else on some system, such as `con.txt`, `a:b` or `a.`, are 404.

    Parameters:
        serverHandle (str)
            The server, as `simWS.start` returned it.
        prefix (str)
            The path of the first folder: `'/'`, or one such as `'/models'`, not
            percent-encoded.
        folder (str)
            The folder. A relative path begins at the current folder of the
            process, in a simulator too, and is made absolute by this call.
        options (dict, default None)
            A dict with these keys, all of them optional:
            index (str, default 'index.html')
                The file that stands for its folder. Empty: none does.
            listing (bool, default False)
                True: a folder without such a file is answered with a page that
                lists what is in it, but for hidden files.
            fallback (str, default '')
                A file of the folder, such as `'index.html'`, that answers what
                isn't there, for pages that have many addresses (single-page
                applications). What has an ending, such as a missing picture, is
                404 all the same, unless a browser opens it as a page.
            cacheControl (str, default 'no-cache')
                The field Cache-Control. As it is, a browser asks each time whether
                its copy still is the newest, which costs little. Empty: none.
            headers (dict, default None)
                More fields of the answers, in place of the server's own of the
                same name.
            public (bool, default False)
                True: any page may show these files, whatever Host it asks for: the
                rules of Host, Origin and Sec-Fetch-Site don't hold for them. A
                token is asked for all the same.

    Errors:
        A handle that never existed; a folder that isn't there (the error names
        it); a prefix or an option that can't be.

    Since 1.0.
    """


def startRecording(serverHandle: str, file: str) -> None:
    """Records from here on what the server sends and receives, with its times: what
    is sent to one connection, what is broadcast and published (once, however many
    get it), what comes, and connections that open and close. It begins with the
    connections that are open and with what topics retain. `simws replay` serves
    the file again.

    Only opening the file waits for the disk. A thread of the recording's own
    writes it, so that a slow disk holds up neither the script nor the network;
    what doesn't fit into 64 MiB, or a quarter of `maxTotalQueuedBytes`, meanwhile
    is left out, and told in the file. When it can't be written any more, a log
    line says why, and the recording ends. So it does, in order, when the server
    stops.

    Parameters:
        serverHandle (str)
            The server, as `simWS.start` returned it.
        file (str)
            Its name; one that is there is replaced. `.gz` or `.zst` at its end
            compresses it. A relative path begins at the current folder of the
            process, in a simulator too.

    Errors:
        A handle that never existed; a file that can't be written (the error names
        it and the cause); a server that is being recorded already.

    Since 1.0.
    """


def stopRecording(serverHandle: str) -> _StopRecording:
    """Ends the recording, and returns what it has. It doesn't wait: what is left is
    still written behind it.

    Parameters:
        serverHandle (str)
            The server, as `simWS.start` returned it.

    Returns:
        recording (dict)
            A dict with these keys:
            file (str)
                Its name.
            lines (int)
                Messages, opens and closes that were handed to the file.
            leftOut (int)
                Those that were left out: the disk didn't keep up.
            error (str)
                Why it has ended before, if the file could not be written; empty
                otherwise.

    Errors:
        A handle that never existed; a server that isn't being recorded.

    Since 1.0.
    """
