// Recordings of simWS as MCAP, which Foxglove and others open.
import {open, stat} from 'node:fs/promises';

import {readRecording} from './recording.js';

// More connections share their channels.
const MOST_CONNECTIONS = 1000;

const encoder = new TextEncoder();

const schema = (title, properties) => ({
  name: `simws.${title}`, encoding: 'jsonschema',
  data: encoder.encode(JSON.stringify({type: 'object', title: `simws.${title}`, properties})),
});
const KEY = {_key: {type: 'string', description: 'The key that it was published with'}};
// What messages become: all are JSON objects, as viewers want them.
const SCHEMAS = {
  object: schema('object', {}),
  value: schema('value', {value: {}, ...KEY}),
  text: schema('text', {text: {type: 'string'}, ...KEY}),
  binary: schema('binary', {data: {type: 'string', contentEncoding: 'base64'}, ...KEY}),
  event: schema('event', {open: {type: 'integer'}, close: {type: 'integer'}, lost: {type: 'integer'}}),
};

// Writes the recording of one file to the other; `mcap` is the package @mcap/core. Returns how many messages it has, and
// whether the recording's end is missing. What comes before an error is a whole file too, and the error says so.
export async function convert(source, target, mcap) {
  let isCutOff = false;
  const lines = readRecording(source, {cutOff: () => { isCutOff = true; }});
  const {value: header} = await lines.next();
  if (await isSame(source, target)) throw new Error(`${target} is the recording itself; name another file`);
  const file = await open(target, 'w');
  try {
    const writer = new Writer(new mcap.McapWriter({writable: new Sink(file), chunkSize: 1 << 20}), header);
    await writer.start();
    await addAll(writer, lines, target);
    return {messages: writer.messages, isCutOff};
  } finally {
    await file.close();
  }
}

async function isSame(source, target) {
  const [one, other] = await Promise.all([source, target].map(path => stat(path, {bigint: true}).catch(() => null)));
  return one !== null && other !== null && one.dev === other.dev && one.ino === other.ino;
}

async function addAll(writer, lines, target) {
  try {
    for await (const line of lines) await writer.add(line);
  } catch (error) {
    await writer.end();
    throw new Error(`${error.message}; ${counted(writer.messages)} before it in ${target}`, {cause: error});
  }
  await writer.end();
}

export const counted = messages => `${messages} message${messages === 1 ? '' : 's'}`;

// What the package writes to.
class Sink {
  #file;
  #size = 0n;

  constructor(file) {
    this.#file = file;
  }

  position() {
    return this.#size;
  }

  async write(bytes) {
    for (let rest = bytes; rest.length > 0;) rest = rest.subarray((await this.#file.write(rest)).bytesWritten);
    this.#size += BigInt(bytes.length);
  }
}

class Writer {
  messages = 0;
  #mcap;
  #header;
  #began;
  #schemas = new Map();
  #channels = new Map();  // by topic and kind
  #kinds = new Map();     // the first of each topic
  #connections = new Set();

  constructor(mcap, header) {
    this.#mcap = mcap;
    this.#header = header;
    this.#began = nanoseconds(header.began);
  }

  async start() {
    await this.#mcap.start({profile: '', library: 'simws-to-mcap'});
    const known = Object.entries(this.#header).filter(([, value]) => typeof value !== 'object');
    await this.#mcap.addMetadata({name: 'simws', metadata: new Map(known.map(([name, value]) => [name, `${value}`]))});
  }

  async add(line) {
    const taken = contentOf(line);
    if (!taken) return;
    const channel = await this.#channel(this.#topicOf(line), taken.kind);
    const time = this.#began + BigInt(Math.round(line.t * 1e6)) * 1000n;
    await this.#mcap.addMessage({
      channelId: channel.id, sequence: channel.count++, logTime: time, publishTime: time,
      data: encoder.encode(JSON.stringify(taken.content)),
    });
    ++this.messages;
  }

  end() {
    return this.#mcap.end();
  }

  #topicOf(line) {
    const {from, to, topic} = line;
    if (from) return `/simws/from${this.#numberOf(from)}${topic ? `/${topic}` : ''}`;
    if (topic) return topic;
    if (to) return `/simws/to${this.#numberOf(to)}`;
    return 'text' in line || 'binary' in line ? '/simws/messages' : '/simws/events';
  }

  #numberOf(connection) {
    if (this.#connections.size < MOST_CONNECTIONS) this.#connections.add(connection);
    return this.#connections.has(connection) ? `/${connection}` : '';
  }

  // Viewers want one kind for each topic: others get a topic of their own.
  async #channel(topic, kind) {
    if (!this.#kinds.has(topic)) this.#kinds.set(topic, kind);
    const name = this.#kinds.get(topic) === kind ? topic : `${topic} (${kind})`;
    let channel = this.#channels.get(name);
    if (!channel) {
      const schemaId = await this.#schema(kind);
      const id = await this.#mcap.registerChannel({topic: name, schemaId, messageEncoding: 'json', metadata: new Map()});
      channel = {id, count: 0};
      this.#channels.set(name, channel);
    }
    return channel;
  }

  async #schema(kind) {
    if (!this.#schemas.has(kind)) this.#schemas.set(kind, await this.#mcap.registerSchema(SCHEMAS[kind]));
    return this.#schemas.get(kind);
  }
}

// What a line becomes; null: it's of a kind that came later than this.
function contentOf({t, from, to, topic, key, retain, text, binary, ...rest}) {
  const named = content => key ? {_key: key, ...content} : content;
  if (binary !== undefined) return {kind: 'binary', content: named({data: binary})};
  if (text === undefined) return 'open' in rest || 'close' in rest || 'lost' in rest ? {kind: 'event', content: rest} : null;
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    return {kind: 'text', content: named({text})};
  }
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? {kind: 'object', content: named(value)} : {kind: 'value', content: named({value})};
}

// Since 1970, of "2026-11-30T10:41:40.123456Z". A recording that doesn't say it begins there.
function nanoseconds(time) {
  const [, seconds, fraction = ''] = /^(.*T\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/.exec(time ?? '') ?? [];
  const milliseconds = Date.parse(`${seconds}Z`);
  if (Number.isNaN(milliseconds) || milliseconds < 0) return 0n;
  return BigInt(milliseconds) * 1000000n + BigInt(fraction.padEnd(9, '0'));
}
