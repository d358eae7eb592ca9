// Messages of simws.topics.1: a line that says what they are, and what they are about.

// The items of the header, none for a message of the script's own; undefined: there is no header.
export function split(data) {
  const isText = typeof data === 'string';
  const bytes = isText ? data : new Uint8Array(data);
  const end = isText ? bytes.indexOf('\n') : bytes.indexOf(10);
  const line = bytes.slice(0, end < 0 ? undefined : end);
  const payload = data.slice(end < 0 ? bytes.length : end + 1); // aligned for any array
  return {items: itemsOf(isText ? line : new TextDecoder().decode(line)), payload};
}

function itemsOf(line) {
  try {
    const items = line ? JSON.parse(line) : [];
    return Array.isArray(items) ? items : undefined;
  } catch {
    return undefined;
  }
}

export function join(header, data) {
  const line = header ? JSON.stringify(header) : '';
  if (typeof data === 'string') return `${line}\n${data}`;
  return concatenate([new TextEncoder().encode(`${line}\n`), bytesOf(data)]);
}

function bytesOf(data) {
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (/ArrayBuffer\]$/.test(Object.prototype.toString.call(data))) return new Uint8Array(data);
  throw new TypeError('strings, ArrayBuffers and arrays like Float32Array can be sent: JSON.stringify makes a string of others');
}

function concatenate(parts) {
  const all = parts.map(bytesOf);
  const whole = new Uint8Array(all.reduce((sum, part) => sum + part.length, 0));
  let end = 0;
  for (const part of all) {
    whole.set(part, end);
    end += part.length;
  }
  return whole.buffer;
}

// Messages that come in parts, with those of others in between.
export class Parts {
  #begun = new Map(); // topic and key -> {topic, parts}

  // The whole message when this part is its last.
  add(topic, key, index, count, part) {
    const name = `${topic}\n${key}`;
    const {parts} = index === 0 ? {parts: []} : this.#begun.get(name) ?? {};
    this.#begun.delete(name);
    if (parts?.length !== index) return undefined; // its beginning was for somebody who has left
    parts.push(part);
    if (parts.length === count) return typeof part === 'string' ? parts.join('') : concatenate(parts);
    this.#begun.set(name, {topic, parts});
  }

  keepOnly(isWanted) {
    for (const [name, {topic}] of this.#begun) if (!isWanted(topic)) this.#begun.delete(name);
  }
}
