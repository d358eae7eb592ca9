import assert from 'node:assert/strict';
import {execFile, execFileSync} from 'node:child_process';
import {mkdtemp, open, readFile, rm, symlink, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';
import zlib from 'node:zlib';

import {convert} from '../mcap/convert.js';
import {checkMcap} from './mcap_check.js';
import {fromNpm} from './npm.js';

const mcap = fromNpm('@mcap/core');
const PROGRAM = fileURLToPath(new URL('../mcap/simws-to-mcap.js', import.meta.url));
const HEADER = {format: 'simws-recording', version: 1, began: '2026-11-30T10:41:40.123456Z', url: 'ws://robot:9000/'};
const BEGAN = BigInt(Date.parse('2026-11-30T10:41:40Z')) * 1000000n + 123456000n;

async function folderOf(t) {
  const folder = await mkdtemp(join(tmpdir(), 'simws-mcap-'));
  t.after(() => rm(folder, {recursive: true}));
  return folder;
}

const textOf = lines => lines.map(line => JSON.stringify(line) + '\n').join('');

// What readers find in the file, npm's and our own: [topic, nanoseconds since the beginning, content, schema's name].
async function read(path) {
  const byNpm = await readByNpm(path);
  const all = checkMcap(await readFile(path)).map(([topic, time, ...rest]) => [topic, Number(time - BEGAN), ...rest]);
  const found = all.map(([topic, time, content, schema]) => [topic, time, content, schema.replace('simws.', '')]);
  assert.deepEqual(found, byNpm);
  return found;
}

async function readByNpm(path) {
  const file = await open(path);
  try {
    const readable = {
      size: async () => BigInt((await file.stat()).size),
      read: async (offset, size) => {
        const bytes = new Uint8Array(Number(size));
        await file.read(bytes, 0, bytes.length, Number(offset));
        return bytes;
      },
    };
    const reader = await mcap.McapIndexedReader.Initialize({readable});
    const messages = [];
    for await (const {channelId, logTime, data} of reader.readMessages()) {
      const {topic, schemaId} = reader.channelsById.get(channelId);
      const schema = reader.schemasById.get(schemaId);
      messages.push([topic, Number(logTime - BEGAN), JSON.parse(new TextDecoder().decode(data)), schema.name.slice(6)]);
    }
    return messages;
  } finally {
    await file.close();
  }
}

async function converted(t, lines, name = 'run.jsonl', pack = text => text) {
  const folder = await folderOf(t);
  await writeFile(join(folder, name), pack(Buffer.from(textOf([HEADER, ...lines]))));
  const told = await convert(join(folder, name), join(folder, 'run.mcap'), mcap);
  return {told, messages: await read(join(folder, 'run.mcap'))};
}

test('messages go to channels of their topics, with their times', async t => {
  const {told, messages} = await converted(t, [
    {t: 0, topic: 'pose', text: '{"x": 1}'},
    {t: 0.000001, topic: 'angle', key: 'elbow', text: '1.5'},
    {t: 1.5, topic: 'log', text: 'started'},
    {t: 2, topic: 'image', binary: 'AP8='},
    {t: 2, topic: 'pose', key: 'r1', text: '{"x": 2}'},
  ]);
  assert.deepEqual(told, {messages: 5, isCutOff: false});
  assert.deepEqual(messages, [
    ['pose', 0, {x: 1}, 'object'],
    ['angle', 1000, {_key: 'elbow', value: 1.5}, 'value'],
    ['log', 1500000000, {text: 'started'}, 'text'],
    ['image', 2000000000, {data: 'AP8='}, 'binary'],
    ['pose', 2000000000, {_key: 'r1', x: 2}, 'object'],
  ]);
});

test('what has no topic goes by its direction and connection', async t => {
  const {messages} = await converted(t, [
    {t: 0, open: 1, address: '127.0.0.1:5'},
    {t: 1, text: '{}'},
    {t: 2, from: 1, text: '{}'},
    {t: 3, from: 1, topic: 'drive', text: '{}'},
    {t: 4, to: 1, text: '{}'},
    {t: 5, lost: 3, bytes: 100},
    {t: 6, close: 1, code: 1000},
    {t: 7, later: 'kind'},
  ]);
  assert.deepEqual(messages.map(([topic, , content]) => [topic, content]), [
    ['/simws/events', {open: 1, address: '127.0.0.1:5'}],
    ['/simws/messages', {}],
    ['/simws/from/1', {}],
    ['/simws/from/1/drive', {}],
    ['/simws/to/1', {}],
    ['/simws/events', {lost: 3, bytes: 100}],
    ['/simws/events', {close: 1, code: 1000}],
  ]);
});

test('a channel has one kind of content', async t => {
  const {messages} = await converted(t, [
    {t: 0, topic: 'a', text: '{}'}, {t: 1, topic: 'a', text: 'words'}, {t: 2, topic: 'a', text: '[1]'}, {t: 3, topic: 'a', text: '{}'},
  ]);
  assert.deepEqual(messages.map(([topic]) => topic), ['a', 'a (text)', 'a (value)', 'a']);
});

test('a long recording has many chunks, each with its indexes', async t => {
  const lines = Array.from({length: 3000}, (_, i) => ({t: i, topic: `robots/${i % 7}`, text: JSON.stringify({n: i, fill: 'x'.repeat(1000)})}));
  const {messages} = await converted(t, lines);
  assert.deepEqual(messages.map(([topic, , {n}]) => [topic, n]), lines.map(({topic}, i) => [topic, i]));
});

test('a file of which any part is damaged is found out', async t => {
  const folder = await folderOf(t);
  const [source, target] = [join(folder, 'run.jsonl'), join(folder, 'run.mcap')];
  await writeFile(source, textOf([HEADER, {t: 0, text: '{}'}, {t: 1, topic: 'a', text: '{}'}]));
  await convert(source, target, mcap);
  const bytes = await readFile(target);
  for (let i = 0; i < bytes.length; ++i) {
    const damaged = Buffer.from(bytes);
    damaged[i] ^= 1;
    assert.throws(() => checkMcap(damaged), `byte ${i}`);
  }
});

test('a recording is never converted into itself', async t => {
  const folder = await folderOf(t);
  const source = join(folder, 'run.jsonl');
  await writeFile(source, textOf([HEADER, {t: 0, text: '{}'}]));
  await symlink(source, join(folder, 'link'));
  for (const target of [source, join(folder, 'link'), join(folder, '.', 'run.jsonl')]) {
    await assert.rejects(convert(source, target, mcap), /is the recording itself/);
  }
  assert.equal(await readFile(source, 'utf8'), textOf([HEADER, {t: 0, text: '{}'}]));
});

test('what comes before an error is a whole file', async t => {
  const folder = await folderOf(t);
  const [source, target] = [join(folder, 'run.jsonl'), join(folder, 'run.mcap')];
  await writeFile(source, textOf([HEADER, {t: 0, text: '{}'}, {t: 1, text: '[]'}, 'nonsense', {t: 2, text: '{}'}]));
  await assert.rejects(convert(source, target, mcap), /line 4 is no JSON object.*; 2 messages before it in .*run.mcap/);
  assert.equal((await read(target)).length, 2);
});

test('many connections share channels', async t => {
  const lines = Array.from({length: 1002}, (_, i) => ({t: 0, to: i + 1, text: '{}'}));
  const {messages} = await converted(t, lines);
  assert.equal(new Set(messages.map(([topic]) => topic)).size, 1001);
  assert.equal(messages.filter(([topic]) => topic === '/simws/to').length, 2);
});

test('compressed recordings are read, cut off ones up to there', async t => {
  const lines = Array.from({length: 1000}, (_, i) => ({t: i, text: `{"n": ${i}}`}));
  const whole = await converted(t, lines, 'run.jsonl.gz', zlib.gzipSync);
  assert.deepEqual(whole.told, {messages: 1000, isCutOff: false});
  const part = await converted(t, lines, 'run.jsonl.gz', text => zlib.gzipSync(text).subarray(0, 500));
  assert(part.told.messages > 0 && part.told.messages < 1000);
  const cut = await converted(t, lines, 'run.jsonl', text => text.subarray(0, text.length - 5));
  assert.deepEqual(cut.told, {messages: 999, isCutOff: true});
});

// By the program, as a Node before 22.15 does, and by this Node itself where it can.
const ZST_READERS = [['by the program zstd', undefined], ...(zlib.createZstdDecompress ? [['by Node', zlib.createZstdDecompress]] : [])];

function unpackBy(t, unpacker) {
  const own = zlib.createZstdDecompress;
  zlib.createZstdDecompress = unpacker;
  t.after(() => { zlib.createZstdDecompress = own; });
}

const zst = text => execFileSync('zstd', ['-cq', '--check'], {input: text, maxBuffer: 1 << 28});

for (const [how, unpacker] of ZST_READERS) {
  test(`.zst is read ${how}`, async t => {
    unpackBy(t, unpacker);
    const lines = Array.from({length: 5000}, (_, i) => ({t: i, text: `{"n": ${i * 7919 % 5003}}`}));
    const whole = await converted(t, lines, 'run.jsonl.zst', zst);
    assert.deepEqual(whole.told, {messages: 5000, isCutOff: false});
    assert.deepEqual(whole.messages.at(-1), ['/simws/messages', 4999e9, {n: 4999 * 7919 % 5003}, 'object']);
    const two = await converted(t, lines, 'run.jsonl.zst', text => Buffer.concat([zst(text.subarray(0, 5000)), zst(text.subarray(5000))]));
    assert.deepEqual(two.told, {messages: 5000, isCutOff: false});
  });

  test(`of a .zst that was cut off what is there is read ${how}`, async t => {
    unpackBy(t, unpacker);
    const lines = Array.from({length: 5000}, (_, i) => ({t: i, text: `{"n": ${i * 7919 % 5003}}`}));
    const part = await converted(t, lines, 'run.jsonl.zst', text => zst(text).subarray(0, -500));
    assert(part.told.messages > 100 && part.told.messages < 5000);
  });

  test(`what is wrong with a .zst is told ${how}`, async t => {
    unpackBy(t, unpacker);
    const damaged = text => {
      const bytes = zst(text);
      bytes[bytes.length >> 1] ^= 0xff;
      return bytes;
    };
    const lines = Array.from({length: 1000}, (_, i) => ({t: i, text: `{"n": ${i * 7919 % 5003}}`}));
    await assert.rejects(converted(t, lines, 'run.jsonl.zst', damaged));
    await assert.rejects(converted(t, lines, 'run.jsonl.zst', text => text), /zstd can't unpack it|nknown frame descriptor/);
    const folder = await folderOf(t);
    await assert.rejects(convert(join(folder, 'none.zst'), join(folder, 'b'), mcap), /no such file/);
  });
}

test('without a way to unpack .zst it says what to do', async t => {
  unpackBy(t, undefined);
  const path = process.env.PATH;
  t.after(() => { process.env.PATH = path; });
  const folder = await folderOf(t);
  await writeFile(join(folder, 'run.jsonl.zst'), zst('{}'));
  process.env.PATH = folder;
  await assert.rejects(convert(join(folder, 'run.jsonl.zst'), join(folder, 'b'), mcap), /Node 22\.15 and later, or by the program zstd/);
});

test('what is wrong names the line', async t => {
  for (const [lines, words] of [
    [[{t: 0, text: 'x'}, 'nonsense'], /line 3 is no JSON object/],
    [[{text: 'x'}], /line 2 needs 't'/],
    [[{t: 0, text: 'x', binary: ''}], /line 2 has both 'text' and 'binary'/],
    [[{t: 0, text: 1}], /line 2: 'text' must be a string/],
    [[{t: 0, text: '', from: 'x'}], /line 2: 'from' must be a whole number/],
    [[{t: 0, open: {}}], /line 2: 'open' must be a whole number/],
    [[{t: 0, text: '', retain: 1}], /line 2: 'retain' must be true or false/],
    [[{t: 0, binary: 'A'}], /line 2: 'binary' must be base64/],
    [[{t: 1e10, text: ''}], /line 2 needs 't'/],
    [[{t: 2, text: ''}, {t: 1, text: ''}], /line 3 is earlier than the line before/],
  ]) await assert.rejects(converted(t, lines), words);
  const folder = await folderOf(t);
  for (const [text, words] of [
    ['', /line 1 is not there/], ['<html>\n', /line 1 is no JSON object/], ['{"format":"x"}\n', /is this the right file/],
    ['{"format":"simws-recording","version":2}\n', /version 2/],
  ]) {
    await writeFile(join(folder, 'a'), text);
    await assert.rejects(convert(join(folder, 'a'), join(folder, 'b'), mcap), words);
  }
});

test('the program says what it did', async t => {
  const folder = await folderOf(t);
  const run = (...args) => new Promise(resolve => {
    execFile(process.execPath, [PROGRAM, ...args], (error, stdout, stderr) => resolve({code: error?.code ?? 0, stdout, stderr}));
  });
  const [source, target] = [join(folder, 'run.jsonl'), join(folder, 'run.mcap')];
  await writeFile(source, textOf([HEADER, {t: 0, text: '{}'}]));
  assert.deepEqual(await run(source, target), {code: 0, stdout: '', stderr: `${target} has 1 message\n`});
  assert.deepEqual((await readFile(target)).subarray(1, 5), Buffer.from('MCAP'));
  assert.equal((await run(source)).code, 2);
  assert.match((await run('--help')).stdout, /usage: simws-to-mcap/);
  const failed = await run(join(folder, 'none'), target);
  assert.equal(failed.code, 1);
  assert.match(failed.stderr, /^simws-to-mcap: .*no such file/);
});
