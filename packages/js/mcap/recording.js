// Recordings of simWS as they are read: docs/recording.md.
import {createReadStream} from 'node:fs';
import {pipeline} from 'node:stream';
import zlib from 'node:zlib';

const FORMAT = 'simws-recording';
const VERSION = 1;
const KINDS = ['text', 'binary', 'open', 'close', 'lost'];

// The header, then the other lines, as objects; `cutOff` is called when the end is missing, as after a crash. What is
// wrong is an Error that names the line.
export async function* readRecording(path, {cutOff = () => {}} = {}) {
  let number = 0;
  let header;
  for await (const {text, isWhole} of lines(unpacked(path))) {
    ++number;
    if (header && text.trim() === '') continue;
    const line = parse(text, number, !isWhole && header && cutOff);
    if (!line) return;
    if (header) check(line, number);
    else checkHeader(line, number);
    header ??= line;
    yield line;
  }
  if (!header) throw new Error('line 1 is not there: the file is empty');
}

// zlib's usual finish would take a file without its end for an error.
function unpacked(path) {
  const file = createReadStream(path);
  const unpacker = unpackerOf(path);
  // The error comes out of the stream that is read.
  return unpacker ? pipeline(file, unpacker, () => {}) : file;
}

function unpackerOf(path) {
  if (path.endsWith('.gz')) return zlib.createGunzip({finishFlush: zlib.constants.Z_SYNC_FLUSH});
  if (!path.endsWith('.zst')) return null;
  if (!zlib.createZstdDecompress) {
    throw new Error('this Node can not unpack .zst (22.15 and later can): run zstd -d on it first');
  }
  return zlib.createZstdDecompress({finishFlush: zlib.constants.ZSTD_e_flush});
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

function check(line, number) {
  if (!(Number.isFinite(line.t) && line.t >= 0)) throw new Error(`line ${number} needs 't': seconds since it began`);
  const kinds = KINDS.filter(kind => kind in line);
  if (kinds.length > 1) throw new Error(`line ${number} has both '${kinds[0]}' and '${kinds[1]}'; make two lines of it`);
  for (const name of ['text', 'binary', 'topic', 'key']) {
    if (name in line && typeof line[name] !== 'string') throw new Error(`line ${number}: '${name}' must be a string`);
  }
}
