// The connection to the simulation: what this page subscribes to, and commands in JSON.

import {connect} from '/simws.js';

const PING_INTERVAL = 500; // milliseconds

const STATES = {connecting: 'connecting', open: 'connected', waiting: 'reconnecting', closed: 'reconnecting'};

// Events: "state" (connecting, connected, reconnecting), "wait" (seconds in detail), "message" (what the
// script says to this page, decoded, in detail), "roundtrip" (milliseconds in detail).
export class Link extends EventTarget {
  #client = connect();
  #countdown = 0;
  #pings = new Map();
  #lastPing = 0;

  constructor() {
    super();
    this.#client.on('state', (state, {wait}) => this.#changed(state, wait));
    this.#client.on('message', data => this.#received(JSON.parse(data)));
    this.#client.on('close', () => this.#pings.clear());
    setInterval(() => this.#ping(), PING_INTERVAL);
  }

  subscribe(topic, callback, options) {
    return this.#client.subscribe(topic, callback, options);
  }

  // Ends the pause between two attempts.
  retry() {
    this.#client.retry();
  }

  // Messages for a simulation that isn't there are dropped: they'd come too late.
  send(message) {
    return this.#client.send(JSON.stringify(message));
  }

  #received(message) {
    if (message.type === 'pong') {
      this.#tell('roundtrip', performance.now() - this.#pings.get(message.id));
      this.#pings.delete(message.id);
    } else {
      this.#tell('message', message);
    }
  }

  #changed(state, wait) {
    clearTimeout(this.#countdown);
    this.#tell('state', STATES[state]);
    if (wait !== undefined) this.#countDown(performance.now() + 1000 * wait);
  }

  #countDown(end) {
    const left = Math.max(1, end - performance.now());
    this.#tell('wait', Math.ceil(left / 1000));
    this.#countdown = setTimeout(() => this.#countDown(end), left % 1000 || 1000);
  }

  // As a command takes it: to the script and back.
  #ping() {
    if (this.send({type: 'ping', id: this.#lastPing + 1})) this.#pings.set(++this.#lastPing, performance.now());
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, {detail}));
  }
}
