// A server that speaks simws.topics.1 as a test says: it notes what comes, and makes faults when it's told to.
import {once} from 'node:events';

import {fromNpm} from './npm.js';

const {WebSocketServer, WebSocket} = fromNpm('ws');
export {WebSocket};

const PROTOCOL = 'simws.topics.1';

export class MockServer {
  #server;
  #connections = new Queue();
  accepts = true; // false: attempts get 503
  protocol = PROTOCOL; // that is agreed on
  answersPings = true; // of connections to come

  // On a free port, unless one is given.
  static async start(port = 0) {
    const server = new MockServer();
    await server.#listen(port);
    return server;
  }

  get port() {
    return this.#server.address().port;
  }

  get url() {
    return `ws://127.0.0.1:${this.port}/`;
  }

  // The next one that comes.
  connection() {
    return this.#connections.next();
  }

  async stop() {
    for (const socket of this.#server.clients) socket.terminate();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #listen(port) {
    this.#server = new WebSocketServer({
      port, host: '127.0.0.1', handleProtocols: () => this.protocol,
      verifyClient: (_, decide) => decide(this.accepts, 503),
    });
    this.#server.on('connection', (socket, request) => {
      this.#connections.put(new Connection(socket, request.url, this.answersPings));
    });
    await once(this.#server, 'listening');
  }
}

class Connection {
  #socket;
  #words = {};
  answersPings;
  closed; // a promise of {code, reason}

  constructor(socket, resource, answersPings) {
    this.#socket = socket;
    this.resource = resource;
    this.answersPings = answersPings;
    this.closed = once(socket, 'close').then(([code, reason]) => ({code, reason: reason.toString()}));
    socket.on('message', (data, isBinary) => this.#take(data, isBinary));
  }

  // The next message with that word, '' for one of the script's: {values, payload}.
  gets(word) {
    return this.#queueOf(word).next();
  }

  // How many of these have come, and weren't asked for.
  count(word) {
    return this.#queueOf(word).length;
  }

  send(header, payload = '') {
    const line = `${header ? JSON.stringify(header) : ''}\n`;
    this.#socket.send(typeof payload === 'string' ? line + payload : Buffer.concat([Buffer.from(line), payload]));
  }

  sendRaw(data) {
    this.#socket.send(data);
  }

  // origin: epoch and sequence.
  publish(topic, data, {key = '', time = Date.now(), origin = []} = {}) {
    this.send(['message', topic, key, time, ...origin], data);
  }

  close(code, reason) {
    this.#socket.close(code, reason);
  }

  // As when the program is killed.
  drop() {
    this.#socket.terminate();
  }

  // All that was sent before has been handled by the client.
  async handled() {
    const number = Math.random();
    this.send(['mark', number]);
    while ((await this.gets('ack')).values[0] !== number);
  }

  #queueOf(word) {
    return this.#words[word] ??= new Queue();
  }

  #take(data, isBinary) {
    const end = data.indexOf(10);
    const line = data.subarray(0, end < 0 ? undefined : end).toString();
    const [word = '', ...values] = line ? JSON.parse(line) : [];
    const payload = end < 0 ? undefined : data.subarray(end + 1);
    if (word === 'ping' && this.answersPings) this.send(['pong', ...values, Date.now()]);
    this.#queueOf(word).put({values, payload: isBinary ? payload : payload?.toString()});
  }
}

// What comes, and who waits for it.
class Queue {
  #items = [];
  #waiting = [];

  get length() {
    return this.#items.length;
  }

  put(item) {
    if (this.#waiting.length > 0) this.#waiting.shift()(item);
    else this.#items.push(item);
  }

  next() {
    if (this.#items.length > 0) return Promise.resolve(this.#items.shift());
    return new Promise(resolve => this.#waiting.push(resolve));
  }
}
