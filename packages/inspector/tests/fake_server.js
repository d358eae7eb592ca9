// The inspector's pages and a server that tells them what a test says: simws.topics.1, without a server behind it.
import {createReadStream, readFileSync} from 'node:fs';
import {createServer} from 'node:http';
import {once} from 'node:events';
import {extname} from 'node:path';
import {fileURLToPath} from 'node:url';

import {fromNpm} from '../../js/tests/npm.js';

const FILES = new URL('../', import.meta.url);
const TYPES = {'.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.txt': 'text/plain'};

// As the build has it in files.cmake: names and where they lie.
export function servedFiles() {
  const listed = readFileSync(new URL('files.cmake', FILES), 'utf8');
  const names = listed.match(/[\w/.-]+\.(?:html|css|js|txt)\b/g);
  return new Map(names.map(name => {
    const url = name.startsWith('/packages/') ? new URL(`../..${name}`, FILES) : new URL(name, FILES);
    return [name.split('/').at(-1), url];
  }));
}

export class FakeServer {
  #http;
  #sockets = new Set();
  asked = []; // {what, data}, of what pages have asked for
  onAsked = () => ({done: true, words: 'done'});

  static async start(port = 0) {
    const server = new FakeServer();
    await server.#listen(port);
    return server;
  }

  get url() {
    return `http://localhost:${this.#http.address().port}/_simws/`;
  }

  // What pages are subscribed to.
  get subscribed() {
    return new Set([...this.#sockets].flatMap(socket => [...socket.subscribed]));
  }

  publish(topic, data, key = '') {
    const text = data === undefined ? '' : JSON.stringify(data);
    this.#send(`${JSON.stringify(['message', topic, key, Date.now()])}\n${text}`);
  }

  // As when the server ends.
  drop() {
    for (const socket of this.#sockets) socket.terminate();
  }

  stop() {
    this.drop();
    this.#http.close();
  }

  #send(message) {
    for (const socket of this.#sockets) socket.send(message);
  }

  async #listen(port) {
    const {WebSocketServer} = fromNpm('ws');
    const files = servedFiles();
    this.#http = createServer((request, response) => {
      const name = request.url.replace('/_simws/', '').split('?')[0] || 'index.html';
      const url = files.get(name);
      if (!url) return void response.writeHead(404).end();
      response.setHeader('Content-Type', TYPES[extname(name)]);
      response.setHeader('Content-Security-Policy', "default-src 'self'; img-src 'self' data:");
      createReadStream(fileURLToPath(url)).pipe(response);
    });
    const sockets = new WebSocketServer({server: this.#http, path: '/_simws/live', handleProtocols: () => 'simws.topics.1'});
    sockets.on('connection', socket => this.#accept(socket));
    this.#http.listen(port, 'localhost');
    await once(this.#http, 'listening');
  }

  #accept(socket) {
    socket.subscribed = new Set();
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('message', message => {
      const text = message.toString();
      const end = text.indexOf('\n');
      const [word, ...values] = JSON.parse(end < 0 ? text : text.slice(0, end));
      if (word === 'ping') socket.send(`${JSON.stringify(['pong', values[0], Date.now()])}\n`);
      if (word === 'subscribe') socket.subscribed.add(values[0]);
      if (word === 'unsubscribe') socket.subscribed.delete(values[0]);
      if (word === 'publish') this.#act(values[0], text.slice(end + 1));
    });
  }

  #act(topic, data) {
    const [, tag, ...what] = topic.split('/');
    const asked = {what: what.join('/'), data};
    this.asked.push(asked);
    const answer = this.onAsked(asked);
    if (tag !== '-') this.publish('done', {tag, ...answer});
  }
}

// A server that looks busy: so many connections, so many topics, and a history of ten minutes.
export class Scene {
  constructor({connections = 1000, topics = 200} = {}) {
    this.numbers = Array.from({length: connections}, (_, i) => i + 1);
    this.topicNames = Array.from({length: topics}, (_, i) => `robots/${Math.floor(i / 10) + 1}/${JOINTS[i % 10]}`);
    this.begun = Date.now();
    this.serial = 0;
  }

  get seconds() {
    return 600 + (Date.now() - this.begun) / 1000;
  }

  server() {
    const {seconds} = this;
    return {
      host: '127.0.0.1', port: 9000, tls: false, uptime: 4000 + seconds, viewers: 1, logLevel: 'info',
      connections: this.numbers.length, messagesIn: total(seconds, 2100), messagesOut: total(seconds, 18400),
      bytesIn: total(seconds, 260e3), bytesOut: total(seconds, 2.9e6), dropped: 12, refused: 3,
      queuedBytes: Math.round(180e3 * (1 + Math.sin(seconds / 9))), limits: {}, ...(this.broker && {broker: this.brokerFigures()}),
    };
  }

  brokerFigures() {
    return {
      url: 'nats://***@10.0.0.1:4222', name: 'arm', state: 'open', error: '', server: 'hall', published: total(this.seconds, 240), conflated: 0,
      dropped: 0, queuedBytes: 0, incoming: 12, incomingDropped: 0, roundTrip: 0.0011, ...this.broker,
    };
  }

  history(count = 600) {
    const columns = ['time', 'connections', 'messagesIn', 'messagesOut', 'bytesIn', 'bytesOut', 'queuedBytes', 'dropped',
      'passP50', 'passP99', 'roundTripP50', 'roundTripP99'];
    const last = Math.floor(this.seconds);
    const rows = Array.from({length: count}, (_, i) => {
      const at = last - count + 1 + i;
      return [
        this.begun + (at - 600) * 1000, this.numbers.length - Math.round(40 * Math.sin(at / 60)), total(at, 2100), total(at, 18400),
        total(at, 260e3), total(at, 2.9e6), Math.round(180e3 * (1 + Math.sin(at / 9))), 12,
        0.0004 + 0.0001 * noise(at), 0.0021 + 0.001 * noise(at + 7), 0.0022 + 0.0004 * noise(at + 3), 0.019 + 0.01 * noise(at + 5),
      ];
    });
    return {columns, rows};
  }

  connections(block) {
    const columns = ['number', 'since', 'address', 'resource', 'agent', 'subprotocol', 'state', 'queuedBytes', 'queueAge',
      'roundTrip', 'messagesIn', 'messagesOut', 'bytesIn', 'bytesOut', 'dropped'];
    const numbers = this.numbers.slice(block * 64, block * 64 + 64);
    if (numbers.length === 0) return undefined;
    const rows = numbers.map(number => {
      const speed = 1 + (number * 37) % 50;
      const {seconds} = this;
      return [
        number, this.begun - (number * 7919) % 4e6, `192.168.${1 + number % 4}.${number % 250 + 1}:${40000 + number}`,
        number % 3 ? '/live?token=***' : `/robots/${number % 20}/pose`, AGENTS[number % AGENTS.length],
        number % 2 ? 'simws.topics.1' : '', 'open', number % 9 ? 0 : (number * 5113) % 400e3, number % 9 ? 0 : (number % 40) / 10,
        0.0005 * (1 + number % 60), total(seconds, speed), total(seconds, 3 * speed), total(seconds, 110 * speed),
        total(seconds, 620 * speed), number % 30 ? 0 : number,
      ];
    });
    return {columns, rows};
  }

  get blocks() {
    return Math.ceil(this.numbers.length / 64);
  }

  topics(block) {
    const columns = ['name', 'subscribers', 'published', 'delivered', 'conflated', 'dropped', 'queuedBytes', 'retainedKeys', 'retainedBytes'];
    const names = this.topicNames.slice(block * 64, block * 64 + 64);
    const rows = names.map((name, i) => {
      const published = total(this.seconds, 5 + (i * 13) % 60);
      return [name, (i * 7) % 40, published, published * ((i * 7) % 40), total(this.seconds, i % 5), i % 17 ? 0 : 4, (i * 811) % 9000, i % 12, (i % 12) * 640];
    });
    return {total: this.topicNames.length, columns, rows};
  }

  get topicBlocks() {
    return Math.ceil(this.topicNames.length / 64);
  }

  messages(count = 5, passed = 2050) {
    const messages = Array.from({length: count}, () => {
      const number = ++this.serial;
      const common = {number, time: Date.now(), connection: this.numbers[(number * 31) % this.numbers.length], in: number % 4 === 0};
      if (number % 7 === 0) {
        const bytes = Buffer.from(Uint8Array.from({length: 96}, (_, i) => (i * number) % 256));
        return {...common, opcode: 'binary', size: bytes.length, topic: 'camera', key: 'front', cut: false, bytes: bytes.toString('base64')};
      }
      const text = JSON.stringify({t: number / 20, pose: {position: [noise(number), noise(number + 1), 0.42], yaw: noise(number + 2)}, battery: 0.87, state: 'moving'});
      return {...common, opcode: 'text', size: text.length, topic: common.in ? '' : this.topicNames[(number * 7) % this.topicNames.length], cut: false, text};
    });
    return {passed, messages};
  }

  lines(from = 1, count = 60) {
    const lines = Array.from({length: count}, (_, i) => {
      const number = from + i;
      const [level, text] = LINES[number % LINES.length];
      return [number, Date.now() - (count - i) * 900, level, text];
    });
    return {lines};
  }
}

const JOINTS = ['pose', 'joints', 'battery', 'lidar', 'camera/front', 'camera/rear', 'gripper', 'map', 'plan', 'log'];
const AGENTS = [
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  'Python/3.11 websockets/15.0', '', 'simWS',
];
const LINES = [
  ['info', 'listening on 127.0.0.1:9000 and [::1]:9000; open http://localhost:9000 or connect to ws://localhost:9000'],
  ['warning', "192.168.1.17:50312: refused with 403: origin 'https://elsewhere.example' may not connect; to admit it, start the server with origins={'https://elsewhere.example'}"],
  ['info', "192.168.3.8:40112: gets none of the subprotocols it asks for, 'mqtt'; the option subprotocols lists those that the server speaks"],
  ['error', "message handler threw: robot.lua:41: attempt to index a nil value (field 'arm')"],
  ['debug', 'open simWS.Connection:17'],
  ['warning', '192.168.2.40:40039: closed with 1013: over maxQueuedBytes (67108864): the peer reads too slowly'],
];

function noise(at) {
  return Math.abs(Math.sin(at * 12.9898) * 43758.5453 % 1);
}

// A sum that rises by about `speed` a second.
function total(seconds, speed) {
  return Math.round(speed * (seconds + 6 * Math.sin(seconds / 25)));
}
