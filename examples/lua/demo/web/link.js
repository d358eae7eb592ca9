// The connection to the simulation: JSON both ways, and a new attempt whenever it is lost.

const FIRST_WAIT = 0.3; // seconds
const LONGEST_WAIT = 5;
const PING_INTERVAL = 500; // milliseconds
const PING_TIMEOUT = 5000;

// Events: "state" (connecting, connected, reconnecting: see state), "wait" (seconds in detail),
// "message" (the decoded message in detail), "roundtrip" (milliseconds in detail).
export class Link extends EventTarget {
  #url;
  #socket = null;
  #timer = 0;
  #pings = new Map();
  #lastPing = 0;
  #failures = 0;
  state = '';

  constructor(url) {
    super();
    this.#url = url;
    setInterval(() => this.#ping(), PING_INTERVAL);
    addEventListener('online', () => this.retry());
    document.addEventListener('visibilitychange', () => document.hidden || this.retry());
  }

  open() {
    clearTimeout(this.#timer);
    this.#setState('connecting');
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    socket.onopen = () => this.#opened();
    socket.onmessage = event => this.#received(JSON.parse(event.data));
    socket.onclose = () => socket === this.#socket && this.#lost();
  }

  // Ends the pause between two attempts.
  retry() {
    if (this.state === 'reconnecting') this.open();
  }

  // Messages for a simulation that isn't there are dropped: they'd come too late.
  send(message) {
    if (this.state !== 'connected') return;
    this.#socket.send(JSON.stringify(message));
  }

  #opened() {
    this.#failures = 0;
    this.#pings.clear();
    this.#setState('connected');
  }

  #received(message) {
    if (message.type === 'pong') {
      const sent = this.#pings.get(message.id);
      this.#pings.clear();
      if (sent !== undefined) this.#tell('roundtrip', performance.now() - sent);
    } else {
      this.#tell('message', message);
    }
  }

  // Doubles the pause with every failure. A random part keeps many pages from coming back at once.
  #lost() {
    this.#socket = null;
    const longest = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.#failures++);
    this.#setState('reconnecting');
    this.#countDown(performance.now() + 1000 * longest * (0.5 + Math.random() / 2));
  }

  #countDown(end) {
    const left = end - performance.now();
    if (left <= 0) return this.open();
    this.#tell('wait', Math.ceil(left / 1000));
    this.#timer = setTimeout(() => this.#countDown(end), left % 1000 || 1000);
  }

  // A ping without answer for long means that the network is gone without having said so.
  #ping() {
    if (this.state !== 'connected') return;
    const now = performance.now();
    const [oldest] = this.#pings.values();
    if (now - oldest > PING_TIMEOUT && !document.hidden) return this.#giveUp();
    this.#pings.set(++this.#lastPing, now);
    this.send({type: 'ping', id: this.#lastPing});
  }

  #giveUp() {
    this.#socket.onmessage = null;
    this.#socket.close();
    this.#lost();
  }

  #setState(state) {
    this.state = state;
    this.#tell('state', state);
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, {detail}));
  }
}
