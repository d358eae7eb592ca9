// How figures, times and data are shown. Nothing here knows of a page.

const BYTES = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
const COUNTS = ['', 'k', 'M', 'G', 'T'];
const NOTHING = '–';

// Three digits at most, but for whole numbers under a thousand.
function short(value) {
  if (value >= 100 || Number.isInteger(value)) return String(Math.round(value));
  return value.toFixed(value >= 10 ? 1 : 2).replace(/\.?0+$/, '');
}

function scaled(value, base, units) {
  let power = 0;
  while (Math.abs(value) >= base * 0.9995 && power < units.length - 1) {
    value /= base;
    power++;
  }
  return [short(value), units[power]];
}

export function bytes(value) {
  if (!Number.isFinite(value)) return NOTHING;
  const [number, unit] = scaled(value, 1024, BYTES);
  return `${unit === 'B' ? Math.round(value) : number} ${unit}`;
}

export function count(value) {
  if (!Number.isFinite(value)) return NOTHING;
  if (Math.abs(value) < 10_000 && Number.isInteger(value)) return String(value);
  return scaled(value, 1000, COUNTS).join('');
}

// "1 line", "1,200 lines".
export function counted(value, noun) {
  return `${value.toLocaleString('en')} ${noun}${value === 1 ? '' : 's'}`;
}

// Of something in a second.
export function rate(value) {
  if (!Number.isFinite(value)) return NOTHING;
  return value > 0 && value < 0.1 ? '<0.1' : count(value < 10 ? Math.round(value * 10) / 10 : Math.round(value));
}

// Seconds: 1.2 ms, 340 ms, 2.1 s, 3 min 20 s, 4 h 2 min, 3 d 1 h.
export function duration(seconds) {
  if (!Number.isFinite(seconds)) return NOTHING;
  if (seconds <= 0) return '0 s';
  if (seconds < 0.001) return `${short(Math.round(seconds * 1e7) / 10)} µs`;
  if (seconds < 1) return `${short(seconds * 1000)} ms`;
  if (seconds < 60) return `${short(seconds)} s`;
  const whole = Math.floor(seconds);
  const parts = [[86400, 'd'], [3600, 'h'], [60, 'min'], [1, 's']];
  const first = parts.findIndex(([size]) => whole >= size);
  return parts.slice(first, first + 2).map(([size, unit], i) => {
    return `${Math.floor(i === 0 ? whole / size : (whole % parts[first][0]) / size)} ${unit}`;
  }).join(' ');
}

// Milliseconds since 1970 as 13:05:09.042 of this machine's clock.
export function clock(time, withMilliseconds = true) {
  const date = new Date(time);
  const two = value => String(value).padStart(2, '0');
  const whole = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  return withMilliseconds ? `${whole}.${String(date.getMilliseconds()).padStart(3, '0')}` : whole;
}

export function fromBase64(text) {
  return Uint8Array.from(atob(text), character => character.charCodeAt(0));
}

// Sixteen bytes a line: where they stand, what they are, and as text.
export function hexDump(data) {
  const lines = [];
  for (let at = 0; at < data.length; at += 16) {
    const row = [...data.subarray(at, at + 16)];
    const hex = row.map(byte => byte.toString(16).padStart(2, '0'));
    const left = hex.slice(0, 8).join(' ').padEnd(23);
    const right = hex.slice(8).join(' ').padEnd(23);
    const text = row.map(byte => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${at.toString(16).padStart(6, '0')}  ${left}  ${right}  ${text}`);
  }
  return lines.join('\n');
}

// What "00 ff 1b" means; undefined: it's no hex.
export function parseHex(text) {
  const digits = text.replace(/\s+/g, '');
  if (digits.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(digits)) return undefined;
  return Uint8Array.from(digits.match(/../g) ?? [], pair => Number.parseInt(pair, 16));
}

// Indented, if it's JSON; undefined: it's none. Of what was cut the end is missing, so it's none either.
export function prettyJson(text) {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return undefined;
  }
}

// A message on one line.
export function preview(message, most = 160) {
  if (message.text === undefined) {
    return [...fromBase64(message.bytes.slice(0, 64))].map(byte => byte.toString(16).padStart(2, '0')).join(' ');
  }
  const line = message.text.slice(0, most).replace(/\s+/g, ' ');
  return message.text.length > most ? `${line}…` : line;
}

// The name of a browser or program, of what it says of itself.
export function agentName(agent) {
  if (!agent) return '';
  const names = [
    [/\bEdgA?\/(\d+)/, 'Edge'], [/\bOPR\/(\d+)/, 'Opera'], [/\bFirefox\/(\d+)/, 'Firefox'],
    [/\b(?:Headless)?Chrome\/(\d+)/, 'Chrome'], [/\bVersion\/(\d+).*Safari/, 'Safari'],
  ];
  for (const [pattern, name] of names) {
    const found = pattern.exec(agent);
    if (found) return `${name} ${found[1]}`;
  }
  return agent.split(' ')[0];
}
