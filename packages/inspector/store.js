// What the page knows of the server: made of what its topics bring, bounded in memory. Nothing here knows of a
// page.

export const MOST_SECONDS = 600;
export const MOST_MESSAGES = 1000;
export const MOST_MESSAGE_BYTES = 3 * 1024 * 1024;
export const MOST_LINES = 1000;

// Figures that only rise, and what becomes of them: a rate in a second.
const RISING = {
  messagesIn: 'messagesInRate', messagesOut: 'messagesOutRate', bytesIn: 'bytesInRate', bytesOut: 'bytesOutRate',
  published: 'publishedRate', delivered: 'deliveredRate', conflated: 'conflatedRate',
};

// Undefined: there's nothing to compare with, or the server has started anew.
export function rateOf(before, after, milliseconds) {
  if (!(milliseconds > 0) || !(after >= before)) return undefined;
  return (after - before) / (milliseconds / 1000);
}

export class Store {
  server; // its latest figures, with rates
  history = new History();
  connections = new Rows('number');
  topics = new Rows('name');
  messages = new Messages();
  lines = new Lines();

  // By the server's clock, in milliseconds since 1970: this machine's may be another time.
  get now() {
    return this.server?.time ?? Date.now();
  }

  // A message of one of the inspector's topics.
  apply(topic, key, time, text) {
    const data = text ? JSON.parse(text) : undefined;
    if (topic === 'server') this.server = withRates(this.server, data, time);
    else if (topic === 'history') this.history.apply(data);
    else if (topic === 'connections') this.connections.apply(key, data, time);
    else if (topic === 'topics') this.topics.apply(key, data, time);
    else if (topic === 'messages') this.messages.apply(data);
    else if (topic === 'log') this.lines.apply(data);
  }
}

function withRates(before, after, time) {
  after.time = time;
  for (const [figure, name] of Object.entries(RISING)) {
    if (before && figure in after) after[name] = rateOf(before[figure], after[figure], time - before.time);
  }
  if (before?.broker && after.broker) after.brokerRate = rateOf(before.broker.published, after.broker.published, time - before.time);
  return after;
}

// Rows that come in blocks: each block replaces what it had before.
class Rows {
  total; // that there are, where not all of them are shown
  version = 0; // rises with each change
  #keyName;
  #rows = new Map();
  #blocks = new Map(); // the keys of each

  constructor(keyName) {
    this.#keyName = keyName;
  }

  get size() {
    return this.#rows.size;
  }

  get(key) {
    return this.#rows.get(key);
  }

  all() {
    return [...this.#rows.values()];
  }

  apply(block, data, time) {
    this.version++;
    if (data?.total !== undefined) this.total = data.total;
    const keys = new Set();
    for (const values of data?.rows ?? []) {
      const row = Object.fromEntries(data.columns.map((name, i) => [name, values[i]]));
      const key = row[this.#keyName];
      keys.add(key);
      row.block = block;
      this.#rows.set(key, withRates(this.#rows.get(key), row, time));
    }
    for (const key of this.#blocks.get(block) ?? []) {
      if (!keys.has(key) && this.#rows.get(key)?.block === block) this.#rows.delete(key);
    }
    if (keys.size > 0) this.#blocks.set(block, keys);
    else this.#blocks.delete(block);
  }

  clear() {
    this.version++;
    this.#rows.clear();
    this.#blocks.clear();
  }
}

// Figures of the last minutes, a row a second.
export class History {
  version = 0;
  #columns = [];
  #rows = [];

  get size() {
    return this.#rows.length;
  }

  // All that there is, or the latest row.
  apply({columns, rows}) {
    this.version++;
    if (columns.join() !== this.#columns.join()) this.#rows = [];
    this.#columns = columns;
    if (rows.length !== 1) this.#rows = rows;
    else if (!(rows[0][0] <= this.#rows.at(-1)?.[0])) this.#rows.push(rows[0]);
    if (this.#rows.length > MOST_SECONDS) this.#rows.splice(0, this.#rows.length - MOST_SECONDS);
  }

  // In seconds since 1970.
  times() {
    return this.#rows.map(row => row[0] / 1000);
  }

  // Some second has such a figure.
  has(name) {
    const at = this.#columns.indexOf(name);
    return at >= 0 && this.#rows.some(row => row[at] !== null);
  }

  values(name) {
    const at = this.#columns.indexOf(name);
    return this.#rows.map(row => row[at] ?? null);
  }

  // Null where none can be told: at the beginning, and where the server has started anew.
  rates(name) {
    const at = this.#columns.indexOf(name);
    return this.#rows.map((row, i) => {
      const before = this.#rows[i - 1];
      return (before && rateOf(before[at], row[at], row[0] - before[0])) ?? null;
    });
  }
}

// The latest of those that were shown: the oldest give way.
export class Messages {
  version = 0;
  passed = 0; // of which these are a sample
  shown = 0;
  isPaused = false;
  #items = [];
  #bytes = 0;
  #latest = 0;

  get size() {
    return this.#items.length;
  }

  apply({passed, messages}) {
    if (this.isPaused) return;
    this.version++;
    this.passed += passed;
    this.shown += messages.length;
    for (const message of messages) {
      message.id = ++this.#latest; // its number begins anew with its server
      this.#items.push(message);
      this.#bytes += sizeOf(message);
    }
    let gone = 0;
    while (this.#items.length - gone > MOST_MESSAGES || this.#bytes > MOST_MESSAGE_BYTES) {
      this.#bytes -= sizeOf(this.#items[gone++]);
    }
    this.#items.splice(0, gone);
  }

  // The newest first. filter: {connection, topic, text}, each a part of what is looked for.
  matching({connection = '', topic = '', text = ''} = {}) {
    const [wantedTopic, wantedText] = [topic.toLowerCase(), text.toLowerCase()];
    return this.#items.filter(message => {
      if (connection && String(message.connection) !== connection) return false;
      if (wantedTopic && !topicOf(message).toLowerCase().includes(wantedTopic)) return false;
      return !wantedText || (message.text ?? '').toLowerCase().includes(wantedText);
    }).reverse();
  }

  clear() {
    this.version++;
    this.passed = this.shown = this.#bytes = 0;
    this.#items = [];
  }
}

export function topicOf({topic = '', key = ''}) {
  return key ? `${topic} · ${key}` : topic;
}

function sizeOf(message) {
  return 200 + (message.text ?? message.bytes).length;
}

export const LEVELS = ['debug', 'info', 'warning', 'error'];

// Of the log. Each has a number; where some are missing, more came than were told. Those that another page has asked for come
// again, in portions.
export class Lines {
  version = 0;
  #lines = [];

  get size() {
    return this.#lines.length;
  }

  apply({lines}) {
    this.version++;
    for (const [number, time, level, text] of lines) {
      const latest = this.#lines.at(-1)?.number ?? number - 1;
      if (number <= latest) continue;
      this.#lines.push({number, time, level, text, missing: number - latest - 1});
    }
    if (this.#lines.length > MOST_LINES) this.#lines.splice(0, this.#lines.length - MOST_LINES);
  }

  clear() {
    this.version++;
    this.#lines = [];
  }

  // The newest first; `least` is the level from which on.
  matching({least = 'debug', text = ''} = {}) {
    const wanted = text.toLowerCase();
    const from = LEVELS.indexOf(least);
    return this.#lines.filter(line => {
      return LEVELS.indexOf(line.level) >= from && (!wanted || line.text.toLowerCase().includes(wanted));
    }).reverse();
  }
}

// Rows for a table: those in which some text has every word, sorted by a column; undefined goes last.
export function arranged(rows, {filter = '', texts = [], by, isDescending = false}) {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const found = words.length === 0 ? rows : rows.filter(row => {
    const all = texts.map(name => row[name] ?? '').join(' ').toLowerCase();
    return words.every(word => all.includes(word));
  });
  if (!by) return found;
  const direction = isDescending ? -1 : 1;
  return found.sort((a, b) => compare(a[by], b[by], direction));
}

function compare(a, b, direction) {
  const [hasA, hasB] = [a ?? null, b ?? null].map(value => value !== null);
  if (!hasA || !hasB) return Number(hasB) - Number(hasA);
  if (typeof a === 'string') return direction * a.localeCompare(b, undefined, {numeric: true});
  return direction * (a - b);
}
