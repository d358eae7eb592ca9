// Recordings of simWS as they are read: docs/recording.md.
import {spawn} from 'node:child_process';
import {createReadStream} from 'node:fs';
import {open} from 'node:fs/promises';
import {pipeline} from 'node:stream';
import zlib from 'node:zlib';

const FORMAT = 'simws-recording';
const VERSION = 1;
const LONGEST = 1e9;  // seconds

const STRING = {so: value => typeof value === 'string', words: 'a string'};
const WHOLE = {so: value => Number.isSafeInteger(value) && value >= 0, words: 'a whole number from 0 on'};
const TRUTH = {so: value => typeof value === 'boolean', words: 'true or false'};
const BASE64 = {so: value => STRING.so(value) && Buffer.from(value, 'base64').toString('base64') === value, words: 'base64 with padding'};
const MESSAGE = {topic: STRING, key: STRING, retain: TRUTH, from: WHOLE, to: WHOLE};
// What the members of lines may be, by the one that says what a line is.
const MEMBERS = {
  text: {text: STRING, ...MESSAGE},
  binary: {binary: BASE64, ...MESSAGE},
  open: {open: WHOLE, address: STRING},
  close: {close: WHOLE, code: WHOLE, reason: STRING},
  lost: {lost: WHOLE, bytes: WHOLE},
};

// The header, then the other lines, as objects; `cutOff` is called when the end is missing, as after a crash. What is
// wrong is an Error that names the line.
export async function* readRecording(path, {cutOff = () => {}} = {}) {
  let number = 0;
  let earliest = 0;
  let header;
  for await (const {text, isWhole} of lines(unpacked(path))) {
    ++number;
    if (header && text.trim() === '') continue;
    const line = parse(text, number, !isWhole && header && cutOff);
    if (!line) return;
    if (header) {
      check(line, number, earliest);
      earliest = line.t;
    } else {
      checkHeader(line, number);
      header = line;
    }
    yield line;
  }
  if (!header) throw new Error('line 1 is not there: the file is empty');
}

// zlib's usual finish would take a file without its end for an error.
function unpacked(path) {
  if (path.endsWith('.zst') && !zlib.createZstdDecompress) return unpackedByProgram(path);
  const file = createReadStream(path);
  const unpacker = unpackerOf(path);
  // The error comes out of the stream that is read.
  return unpacker ? pipeline(file, unpacker, () => {}) : file;
}

function unpackerOf(path) {
  if (path.endsWith('.gz')) return zlib.createGunzip({finishFlush: zlib.constants.Z_SYNC_FLUSH});
  if (path.endsWith('.zst')) return zlib.createZstdDecompress({finishFlush: zlib.constants.ZSTD_e_flush});
  return null;
}

// For a Node before 22.15, which can't. What the program could unpack comes before its error.
async function* unpackedByProgram(path) {
  const file = await open(path);  // what is wrong with it is told as for other files
  const program = spawn('zstd', ['-dcq'], {stdio: [file.fd, 'pipe', 'pipe']});
  const ended = new Promise(resolve => program.on('close', resolve).on('error', resolve));
  let words = '';
  program.stderr.setEncoding('utf8').on('data', text => { words += text; });
  try {
    yield* program.stdout;
    judge(await ended, words.trim());
  } finally {
    program.kill();
    await file.close();
  }
}

// `end`: how the program has ended; an Error where it couldn't be run.
function judge(end, words) {
  if (end === 0 || /premature end/.test(words)) return;
  if (end?.code === 'ENOENT') {
    throw new Error('.zst is unpacked by Node 22.15 and later, or by the program zstd: install that (apt install zstd)');
  }
  throw new Error(`zstd can't unpack it: ${end instanceof Error ? end.message : words || `it ended with ${end}`}`);
}

async function* lines(stream) {
  const decoder = new TextDecoder('utf-8', {fatal: true});
  let parts = [];
  const taken = () => {
    const bytes = parts.length === 1 ? parts[0] : Buffer.concat(parts);
    parts = [];
    return bytes;
  };
  const decoded = bytes => {
    try {
      return decoder.decode(bytes);
    } catch {
      return '\0';  // no JSON
    }
  };
  for await (const chunk of stream) {
    let begin = 0;
    for (let end; (end = chunk.indexOf(10, begin)) >= 0; begin = end + 1) {
      parts.push(chunk.subarray(begin, end));
      yield {text: decoded(taken()), isWhole: true};
    }
    if (begin < chunk.length) parts.push(chunk.subarray(begin));
  }
  if (parts.length > 0) yield {text: decoded(taken()), isWhole: false};
}

// Null, and told: it's the rest of a line.
function parse(text, number, cutOff) {
  try {
    const line = JSON.parse(text);
    if (typeof line === 'object' && line && !Array.isArray(line)) return line;
  } catch {
    // See below.
  }
  if (!cutOff) throw new Error(`line ${number} is no JSON object; each line must be one, in UTF-8`);
  cutOff();
  return null;
}

function checkHeader({format, version}, number) {
  if (format !== FORMAT) throw new Error(`line ${number} is no header of a recording; is this the right file?`);
  if (version !== VERSION) throw new Error(`line ${number} is of version ${version}; a newer simws may read it`);
}

// As simws itself does (src/recording/line_reader.cpp).
function check(line, number, earliest) {
  const wrong = words => { throw new Error(`line ${number} ${words}`); };
  if (!(Number.isFinite(line.t) && line.t >= 0 && line.t <= LONGEST)) wrong("needs 't': seconds since the recording began, from 0 to 1e9");
  if (line.t < earliest) wrong("is earlier than the line before; sort the lines by 't'");
  const [kind, second] = Object.keys(MEMBERS).filter(name => name in line);
  if (second) wrong(`has both '${kind}' and '${second}'; make two lines of it`);
  for (const [name, is] of Object.entries(MEMBERS[kind] ?? {})) {
    if (name in line && !is.so(line[name])) throw new Error(`line ${number}: '${name}' must be ${is.words}`);
  }
}
