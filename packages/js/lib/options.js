// What connect is given, checked and complete.

const DEFAULTS = {token: undefined, timeout: 10, heartbeat: 5, reconnect: true, background: true, WebSocket: undefined};
const RECONNECT = {initial: 0.3, max: 5, factor: 2, jitter: 0.5, attempts: 0};
const BACKGROUND = {rate: 1, after: 2};
const SUBSCRIPTION = {policy: 0, maxQueued: 0, rate: 0, priority: 0, window: 0, background: 0}; // the names
const LONGEST_TOPIC = 255; // bytes

export function withDefaults(options) {
  const all = merged('option', DEFAULTS, options);
  all.WebSocket ??= globalThis.WebSocket;
  if (!all.WebSocket) throw new TypeError('there is no WebSocket here: give one as the option WebSocket');
  all.reconnect &&= merged('key of reconnect', RECONNECT, all.reconnect);
  all.background &&= merged('key of background', BACKGROUND, all.background);
  return all;
}

function merged(what, defaults, given) {
  const all = {...defaults};
  for (const [key, value] of Object.entries(given === true ? {} : given ?? {})) {
    if (!(key in defaults)) throw new TypeError(`there is no ${what} '${key}': ${Object.keys(defaults).join(', ')} are`);
    if (value !== undefined) all[key] = value;
  }
  return all;
}

// What a subscription is given. Whether its values can be is the server's to say.
export function checkSubscription(options) {
  merged('option of a subscription', SUBSCRIPTION, options);
}

// The server ends a connection whose words it can't read; of all else it says what is wrong.
export function mustBeTopic(topic) {
  if (typeof topic === 'string' && topic.length <= LONGEST_TOPIC && !/\p{Surrogate}/u.test(topic)) return;
  throw new TypeError(`a topic is a text of ${LONGEST_TOPIC} bytes at most, and not ${String(topic).slice(0, 80)}`);
}

// No address, nor a list of such.
export function isOptions(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !('href' in value);
}

export function addressesOf(urls = '/', token) {
  const addresses = [urls].flat().map(url => addressOf(url, token));
  if (addresses.length === 0) throw new TypeError('a list of addresses needs one at least');
  return addresses;
}

function addressOf(url, token) {
  const address = resolve(url);
  if (!address) {
    throw new TypeError(`'${url}' is no address: one begins with ws://, wss://, http:// or https://; ` +
        'only a page that came from a server may leave that out');
  }
  if (token !== undefined) address.searchParams.set('token', token);
  address.hash = '';
  return address.href;
}

function resolve(url) {
  const {href, origin} = globalThis.location ?? {};
  const base = href?.startsWith('blob:') ? origin : href; // a worker's that a page has made
  try {
    const address = new URL(url, base);
    address.protocol = address.protocol.replace('http', 'ws');
    return /^wss?:$/.test(address.protocol) ? address : undefined;
  } catch {
    return undefined;
  }
}
