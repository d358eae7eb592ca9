/** What is sent and what comes: text, or bytes. */
export type Data = string | ArrayBuffer;

export type State =
  /** An attempt is under way. */
  | 'connecting'
  | 'open'
  /** The connection was lost, and there will be another attempt. */
  | 'waiting'
  /** For good. */
  | 'closed';

/** The growing waits between attempts. Each is random within `1 ± jitter` times its length. */
export interface Reconnect {
  /** Seconds until the first attempt after a loss. Default: 0.3 */
  initial?: number;
  /** Seconds at most. A connection that stayed open so long makes the next wait `initial` again. Default: 5 */
  max?: number;
  /** By which each wait is longer than the one before. Default: 2 */
  factor?: number;
  /** From 0 to 1. Default: 0.5 */
  jitter?: number;
  /** In a row, then the client closes; 0: no end. Default: 0 */
  attempts?: number;
}

/** What a page asks for when nobody sees it. */
export interface Background {
  /** Messages of a topic and key in a second, at most. Default: 1 */
  rate?: number;
  /** Seconds that the page has to be hidden before. Default: 2 */
  after?: number;
}

export interface Options {
  /** Shown to the server as `?token=` in the address. Pages that were opened with the token don't need it. */
  token?: string;
  /** Whether to come back when the connection is lost. Default: true */
  reconnect?: boolean | Reconnect;
  /** Whether to ask for less while the page is hidden. Default: true */
  background?: boolean | Background;
  /** Seconds until an attempt that nothing answers is given up. Default: 10 */
  timeout?: number;
  /**
   * Seconds of silence after which the client asks the server for a sign of life. When none has come after
   * two more such times, the network is gone, and the client connects again. 0: never. Default: 5
   */
  heartbeat?: number;
  /** Where there is none: the WebSocket of the package `ws` in Node before 22. */
  WebSocket?: unknown;
}

/** What a viewer gets that can't take everything; each of these is the topic's own if left out. */
export interface SubscriptionOptions {
  policy?: 'all' | 'latest' | 'oldest' | 'newest' | 'resync';
  /** Bytes that may wait at the server. */
  maxQueued?: number;
  /** Messages of a key in a second at most; 0: all. */
  rate?: number;
  /** 0 to 6: which topics go first. */
  priority?: number;
  /** Seconds of what may be under way. */
  window?: number;
  /** false: this topic isn't made less in the background. Nor is one with another policy than `latest`. */
  background?: boolean;
}

/** About a message of a topic. */
export interface Message {
  /** As it was published: a subscription to `a/#` gets `a/b`. */
  topic: string;
  /** Empty: none. */
  key: string;
  /** When it was published by the server's clock, in milliseconds since 1970: `new Date(time)`. */
  time: number;
  /** Seconds since then, whatever the clocks of the two machines show. */
  age: number;
  /** Of the simulation's start, where the server has a broker or is an edge; undefined: it's alone. */
  epoch: string | undefined;
  /** Rises from each message of that epoch to the next. Of a topic and key nothing older comes than has come. */
  sequence: number | undefined;
}

/**
 * Binary data is shared by all callbacks of a message. The server sends what is new when the callback is
 * done, or when the promise that it returns is settled.
 */
export type Callback = (data: Data, message: Message) => unknown;

export interface Closed {
  /** As WebSocket has them: 1006 where no Close came. */
  code: number;
  reason: string;
}

/** What an `error` is about, where the server has refused something. */
export interface Refusal extends Error {
  word: 'subscribe' | 'unsubscribe' | 'publish';
  topic: string;
  reason: string;
}

export interface Events {
  /** A connection is open, and the topics are asked for. */
  open: () => unknown;
  /** One that was open is no more. */
  close: (closed: Closed) => unknown;
  /** What the script has sent with `send` or `broadcast`. */
  message: (data: Data) => unknown;
  /** Before `open` and `close`; with the seconds until the next attempt when it's `waiting`. */
  state: (state: State, about: {wait: number | undefined}) => unknown;
  /** What comes may be old from here on, or isn't any more; why, for people. */
  stale: (stale: boolean, reason: string) => unknown;
  /** Something was refused, or there is no connection. Goes to the console where nobody listens. */
  error: (error: Error | Refusal) => unknown;
}

export interface Client {
  readonly state: State;
  /**
   * What comes may be old: an edge has lost the simulation. As the server said last; a new connection begins
   * with false.
   */
  readonly stale: boolean;
  /** Bytes that the browser has not sent yet. */
  readonly bufferedAmount: number;
  /** The shortest way to the server and back lately, in seconds; undefined: not known. */
  readonly roundTrip: number | undefined;

  /** Calls the listener at each such event, until the function is called that comes back. */
  on<Event extends keyof Events>(event: Event, listener: Events[Event]): () => void;
  /** To the script's message handler. False: there is no connection, and the data is gone. */
  send(data: Data | ArrayBufferView): boolean;
  /** To the script's message handler, with the topic. False: as above. Throws a `TypeError` as `subscribe` does. */
  publish(topic: string, data: Data | ArrayBufferView): boolean;
  /**
   * Calls back with each message of the topic, until the function is called that comes back. `a/#` is all
   * below `a`, `#` all there is. Callbacks of one topic share a subscription, whose options are those given
   * last; each further one brings the retained messages again, to all of them. Throws a `TypeError` where
   * the topic is no string of at most 255 bytes, and at options that there are none of.
   */
  subscribe(topic: string, callback: Callback, options?: SubscriptionOptions): () => void;
  /** Seconds since the newest message of the subscription was published; undefined: none has come. */
  age(topic: string): number | undefined;
  /** Connects at once when the state is `waiting`. */
  retry(): void;
  /** For good. Codes of pages are 1000 and 3000 to 4999. */
  close(code?: number, reason?: string): void;
}

/**
 * Connects, and comes back whenever the connection is lost, but after a Close of the script's own (4000 to
 * 4999). Without an address: to where the page came from. Of several addresses, such as those of edges, each
 * attempt takes the next; when a connection that was open is lost it follows at once, but for its jitter.
 */
export function connect(options?: Options): Client;
export function connect(url: string | URL | readonly (string | URL)[] | undefined, options?: Options): Client;
