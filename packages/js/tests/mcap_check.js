// A reader of MCAP of our own, as its specification has it (mcap.dev/spec), for what @mcap/core has written: it goes over the file
// from its first byte to its last, and holds every index, count and checksum to what it finds.
import assert from 'node:assert/strict';

const MAGIC = Buffer.from('\x89MCAP0\r\n', 'latin1');
const OP = {
  header: 1, footer: 2, schema: 3, channel: 4, message: 5, chunk: 6, messageIndex: 7, chunkIndex: 8, statistics: 11,
  metadata: 12, metadataIndex: 13, summaryOffset: 14, dataEnd: 15,
};

// All its messages in the order of the file: [topic, logTime, data, schema's name].
export function checkMcap(bytes) {
  assert.deepEqual(bytes.subarray(0, 8), MAGIC);
  assert.deepEqual(bytes.subarray(-8), MAGIC);
  const records = recordsOf(bytes, 8, bytes.length - 8);
  assert.equal(records[0].op, OP.header);
  const end = records.findIndex(({op}) => op === OP.dataEnd);
  checkDataEnd(bytes, records[end]);
  const data = readData(bytes, records.slice(1, end));
  checkSummary(bytes, records.slice(end + 1), data);
  return data.messages;
}

// {op, at, end, fields}: what is between the two offsets, whose content the reader `fields` stands before.
function recordsOf(bytes, begin, end) {
  const records = [];
  for (let at = begin; at < end;) {
    const op = bytes.readUInt8(at);
    const next = at + 9 + Number(bytes.readBigUInt64LE(at + 1));
    assert(next <= end, `the record at ${at} goes over the end`);
    records.push({op, at, end: next, fields: new Fields(bytes, at + 9, next)});
    at = next;
  }
  return records;
}

class Fields {
  constructor(bytes, at, end) {
    Object.assign(this, {bytes, at, end});
  }

  #take(size) {
    const at = this.at;
    this.at += size;
    assert(this.at <= this.end, `a field at ${at} goes over its record's end`);
    return at;
  }

  u8 = () => this.bytes.readUInt8(this.#take(1));
  u16 = () => this.bytes.readUInt16LE(this.#take(2));
  u32 = () => this.bytes.readUInt32LE(this.#take(4));
  u64 = () => this.bytes.readBigUInt64LE(this.#take(8));
  place = () => Number(this.u64());
  bytesOf = size => this.bytes.subarray(this.#take(size), this.at);
  text = () => new TextDecoder('utf-8', {fatal: true}).decode(this.bytesOf(this.u32()));
  rest = () => this.bytesOf(this.end - this.at);

  // Pairs, until so many bytes are used up.
  pairs(first, second) {
    const pairs = [];
    for (const end = this.u32() + this.at; this.at < end;) pairs.push([this[first](), this[second]()]);
    return pairs;
  }
}

function checkDataEnd(bytes, {at, fields}) {
  const crc = fields.u32();
  if (crc !== 0) assert.equal(crc, crc32(bytes.subarray(0, at)), 'checksum of the data');
}

function readData(bytes, records) {
  const data = {schemas: new Map(), channels: new Map(), messages: [], counts: new Map(), chunks: [], metadata: []};
  for (let i = 0; i < records.length; ++i) {
    const {op, at, end, fields} = records[i];
    if (op === OP.metadata) {
      data.metadata.push({at, end, name: fields.text()});
    } else {
      assert.equal(op, OP.chunk, 'all else is in chunks');
      const chunk = readChunk(data, records[i]);
      while (records[i + 1]?.op === OP.messageIndex) chunk.indexes.push(records[++i]);
      checkMessageIndexes(chunk);
      data.chunks.push(chunk);
    }
  }
  return data;
}

function readChunk(data, {at, end, fields}) {
  const [from, to, size, crc, compression] = [fields.u64(), fields.u64(), fields.place(), fields.u32(), fields.text()];
  assert.equal(compression, '');
  const content = fields.bytesOf(fields.place());
  assert.equal(content.length, size);
  if (crc !== 0) assert.equal(crc, crc32(content), 'checksum of the chunk');
  const chunk = {at, end, from, to, size, indexes: [], places: new Map()};
  const times = recordsOf(content, 0, content.length).map(record => readInChunk(data, chunk, record)).filter(time => time !== undefined);
  assert.equal(from, times.reduce((a, b) => a < b ? a : b));
  assert.equal(to, times.reduce((a, b) => a > b ? a : b));
  return chunk;
}

// The time of a message.
function readInChunk(data, chunk, {op, at, fields}) {
  if (op === OP.schema) {
    const [id, name, encoding] = [fields.u16(), fields.text(), fields.text()];
    assert.equal(encoding, 'jsonschema');
    assert.equal(JSON.parse(fields.text()).type, 'object');
    data.schemas.set(id, name);
    return undefined;
  }
  if (op === OP.channel) {
    const [id, schema, topic, encoding] = [fields.u16(), fields.u16(), fields.text(), fields.text()];
    assert.equal(encoding, 'json');
    assert(data.schemas.has(schema), 'a schema comes before what is of it');
    data.channels.set(id, {topic, schema});
    return undefined;
  }
  assert.equal(op, OP.message);
  return readMessage(data, chunk, at, fields);
}

function readMessage(data, chunk, at, fields) {
  const [id, sequence, time] = [fields.u16(), fields.u32(), fields.u64()];
  assert.equal(fields.u64(), time, 'published when it was logged');
  assert(data.channels.has(id), 'a channel comes before its messages');
  const count = data.counts.get(id) ?? 0;
  assert.equal(sequence, count);
  data.counts.set(id, count + 1);
  if (!chunk.places.has(id)) chunk.places.set(id, []);
  chunk.places.get(id).push([time, BigInt(at)]);
  const {topic, schema} = data.channels.get(id);
  data.messages.push([topic, time, JSON.parse(new TextDecoder().decode(fields.rest())), data.schemas.get(schema)]);
  return time;
}

function checkMessageIndexes(chunk) {
  const found = new Map(chunk.indexes.map(({fields}) => [fields.u16(), fields.pairs('u64', 'u64')]));
  for (const [id, places] of found) if (places.length === 0) found.delete(id);
  assert.deepEqual(found, chunk.places);
}

function checkSummary(bytes, records, data) {
  const of = op => records.filter(record => record.op === op);
  const footer = records.at(-1);
  assert.equal(footer.op, OP.footer);
  const [begin, offsets, crc] = [footer.fields.place(), footer.fields.place(), footer.fields.u32()];
  assert.equal(begin, records[0].at);
  assert.equal(offsets, of(OP.summaryOffset)[0].at);
  if (crc !== 0) assert.equal(crc, crc32(bytes.subarray(begin, footer.end - 4)), 'checksum of the summary');
  assert.deepEqual(new Set(of(OP.schema).map(({fields}) => fields.u16())), new Set(data.schemas.keys()));
  assert.deepEqual(new Set(of(OP.channel).map(({fields}) => fields.u16())), new Set(data.channels.keys()));
  checkChunkIndexes(of(OP.chunkIndex), data.chunks);
  checkStatistics(of(OP.statistics), data);
  assert.deepEqual(of(OP.metadataIndex).map(({fields}) => [fields.place(), fields.place(), fields.text()]),
    data.metadata.map(({at, end, name}) => [at, end - at, name]));
  for (const {fields} of of(OP.summaryOffset)) checkSummaryOffset(fields, of(fields.u8()));
}

function checkChunkIndexes(records, chunks) {
  assert.equal(records.length, chunks.length);
  records.forEach(({fields}, i) => {
    const {at, end, from, to, size, indexes} = chunks[i];
    assert.deepEqual([fields.u64(), fields.u64(), fields.place(), fields.place()], [from, to, at, end - at]);
    const places = indexes.map(index => [index.fields.bytes.readUInt16LE(index.at + 9), BigInt(index.at)]);
    assert.deepEqual(new Map(fields.pairs('u16', 'u64')), new Map(places));
    assert.equal(fields.place(), indexes.reduce((sum, index) => sum + index.end - index.at, 0));
    assert.deepEqual([fields.text(), fields.place(), fields.place()], ['', size, size]);
  });
}

function checkStatistics(records, {messages, schemas, channels, metadata, chunks, counts}) {
  assert.equal(records.length, 1);
  const {fields} = records[0];
  assert.equal(fields.place(), messages.length);
  assert.deepEqual([fields.u16(), fields.u32(), fields.u32(), fields.u32(), fields.u32()],
    [schemas.size, channels.size, 0, metadata.length, chunks.length]);
  const times = messages.map(([, time]) => time);
  assert.deepEqual([fields.u64(), fields.u64()],
    times.length ? [times.reduce((a, b) => a < b ? a : b), times.reduce((a, b) => a > b ? a : b)] : [0n, 0n]);
  assert.deepEqual(new Map(fields.pairs('u16', 'u64')), new Map([...counts].map(([id, count]) => [id, BigInt(count)])));
}

function checkSummaryOffset(fields, group) {
  assert.deepEqual([fields.place(), fields.place()], [group[0].at, group.at(-1).end - group[0].at]);
}

const CRC_TABLE = Uint32Array.from({length: 256}, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; ++bit) crc = crc & 1 ? crc >>> 1 ^ 0xedb88320 : crc >>> 1;
  return crc;
});

function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = crc >>> 8 ^ CRC_TABLE[(crc ^ byte) & 0xff];
  return ~crc >>> 0;
}
