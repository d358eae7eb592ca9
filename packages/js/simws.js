// The client of a simWS server with topics, for pages, workers and Node.
//
//     import {connect} from '/simws.js';
//
//     const client = connect();
//     client.subscribe('pose', (data, {age}) => draw(JSON.parse(data), age), {policy: 'latest'});
//
// It comes back by itself when the connection is lost, and subscribes again. simws.d.ts describes each
// function; docs/browser.md tells how it's meant. Durations are seconds; points in time are milliseconds
// since 1970, as JavaScript's own are.

import {Clock, now} from './lib/clock.js';
import {Parts, join, split} from './lib/messages.js';
import {addressesOf, checkSubscription, isOptions, mustBeTopic, withDefaults} from './lib/options.js';
import {Shown} from './lib/shown.js';
import {Subscriptions} from './lib/subscriptions.js';

const PROTOCOL = 'simws.topics.1';
const OPEN = 1; // of WebSocket.readyState
const EVENTS = ['open', 'close', 'message', 'state', 'stale', 'error'];
const SILENT_BEATS = 3; // without a word after being asked for one: the network is gone

export function connect(url, options = {}) {
  if (isOptions(url)) [url, options] = [undefined, url];
  return new Client(url, options);
}

class Client {
  #addresses;
  #options;
  #state = 'connecting';
  #socket = null;
  #listeners = Object.fromEntries(EVENTS.map(event => [event, new Set()]));
  #subscriptions = new Subscriptions();
  #shown = new Shown();
  #isStale = false;
  #isBackground = false;
  #ended = new AbortController();

  // Of attempts
  #attempts = 0;
  #failures = 0; // since a connection stayed open for a while
  #timer; // ends an attempt, or the wait for the next one
  #hiding; // until the page counts as in the background

  // Of a connection, made anew with each
  #clock = new Clock();
  #parts = new Parts();
  #unfinished = new Set(); // promises of callbacks
  #openedAt;
  #beats; // the timer
  #lastBeat;
  #silence;
  #lastPing = 0;
  #pingedAt;
  #answersPings;

  constructor(url, options) {
    this.#options = withDefaults(options);
    this.#addresses = addressesOf(url, this.#options.token);
    const {signal} = this.#ended;
    globalThis.addEventListener?.('online', () => this.#wake(), {signal});
    globalThis.document?.addEventListener('visibilitychange', () => this.#showOrHide(), {signal});
    this.#showOrHide();
    this.#attempt();
  }

  get state() {
    return this.#state;
  }

  // What the server said last, in this connection or the one before.
  get stale() {
    return this.#isStale;
  }

  // Bytes that the browser has not sent yet.
  get bufferedAmount() {
    return this.#socket?.bufferedAmount ?? 0;
  }

  get roundTrip() {
    return this.#clock.roundTrip && this.#clock.roundTrip / 1000;
  }

  on(event, listener) {
    if (!EVENTS.includes(event)) throw new TypeError(`there is no event '${event}': ${EVENTS.join(', ')} are`);
    mustBeFunction(listener, 'a listener');
    const entry = {call: listener};
    this.#listeners[event].add(entry);
    return () => void this.#listeners[event].delete(entry);
  }

  send(data) {
    return this.#write(null, data);
  }

  publish(topic, data) {
    mustBeTopic(topic);
    return this.#write(['publish', topic], data);
  }

  subscribe(topic, callback, options) {
    mustBeTopic(topic);
    mustBeFunction(callback, 'the callback');
    checkSubscription(options);
    const subscription = this.#subscriptions.findOrMake(topic);
    const entry = {call: callback};
    subscription.callbacks.add(entry);
    if (options) subscription.options = options;
    this.#ask(subscription);
    return () => this.#leave(subscription, entry);
  }

  age(topic) {
    const newest = this.#subscriptions.get(topic)?.newest;
    return newest && this.#clock.age(newest);
  }

  retry() {
    if (this.#state === 'waiting') this.#attempt();
  }

  close(code = 1000, reason = '') {
    if (this.#state === 'closed') return;
    this.#socket?.close(code, reason); // throws where pages may not close with that code
    this.#end({code, reason}, true);
  }

  // ---- attempts ----

  #attempt() {
    this.#leaveSocket();
    const address = this.#addresses[this.#attempts++ % this.#addresses.length];
    let socket;
    try {
      socket = new this.#options.WebSocket(address, PROTOCOL);
    } catch (error) { // a plain address in a page that came by https
      return this.#lost({reason: error.message});
    }
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => this.#opened();
    socket.onmessage = ({data}) => this.#received(data);
    socket.onclose = event => this.#lost(event);
    socket.onerror = () => {}; // onclose follows, and says more
    this.#socket = socket;
    this.#timer = setTimeout(() => this.#giveUp('no answer'), 1000 * this.#options.timeout);
    this.#enter('connecting');
  }

  #opened() {
    clearTimeout(this.#timer);
    if (this.#socket.protocol !== PROTOCOL) return this.#giveUp(`the server doesn't speak ${PROTOCOL}`);
    this.#openedAt = now();
    this.#clock = new Clock(this.#clock);
    this.#parts = new Parts();
    this.#unfinished = new Set();
    this.#state = 'open';
    this.#setStale(false); // or the server says so when a topic is asked for
    this.#startBeats();
    for (const subscription of this.#subscriptions) this.#ask(subscription);
    this.#enter('open');
    if (this.#state === 'open') this.#emit('open');
  }

  #giveUp(reason) {
    this.#socket.close();
    this.#lost({reason});
  }

  // 4000 to 4999 are the script's own codes: it means that the page shall not come back.
  #lost({code = 1006, reason = ''}) {
    const {reconnect} = this.#options;
    if (this.#state === 'open' && now() - this.#openedAt >= 1000 * reconnect.max) this.#failures = 0;
    const isFirst = this.#failures++ === 0;
    if (this.#state !== 'open' && isFirst) this.#complain(this.#whyNotConnected(reason));
    if (this.#state === 'closed') return; // by who heard that
    const isTooOften = reconnect.attempts > 0 && this.#failures > reconnect.attempts;
    this.#end({code, reason}, !reconnect || code >= 4000 || isTooOften);
  }

  #end({code, reason}, isLast) {
    const wasOpen = this.#state === 'open';
    this.#leaveSocket();
    const wait = isLast ? undefined : this.#nextWait(wasOpen);
    if (isLast) {
      this.#ended.abort();
      clearTimeout(this.#hiding);
    } else {
      this.#timer = setTimeout(() => this.#attempt(), 1000 * wait);
    }
    this.#enter(isLast ? 'closed' : 'waiting', wait);
    if (wasOpen) this.#emit('close', {code, reason});
  }

  // Doubled with each round of the addresses. The random part keeps many pages from coming back at once, and
  // is all that a lost server's pages wait that have another one.
  #nextWait(wasOpen) {
    const {initial, max, factor, jitter} = this.#options.reconnect;
    if (wasOpen && this.#failures === 1 && this.#addresses.length > 1) return initial * jitter * Math.random();
    const rounds = Math.floor((this.#failures - 1) / this.#addresses.length);
    return Math.min(max, initial * factor ** rounds) * (1 + jitter * (2 * Math.random() - 1));
  }

  #whyNotConnected(reason) {
    const {origin, pathname} = new URL(this.#addresses[(this.#attempts - 1) % this.#addresses.length]);
    return new Error(`no connection to ${origin}${pathname}${reason && `: ${reason}`}. Does the server run, ` +
        "with the option topics, and may this page come in? The browser hides why not; the server's log says it.");
  }

  #leaveSocket() {
    clearTimeout(this.#timer);
    clearInterval(this.#beats);
    if (this.#socket) this.#socket.onopen = this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket = null;
  }

  #enter(state, wait) {
    this.#state = state;
    this.#emit('state', state, {wait});
  }

  // ---- signs of life ----

  // A page can't send pings of WebSocket's own: it sends one in words after a while of silence. Who has
  // never answered one isn't judged by them.
  #startBeats() {
    this.#answersPings = false;
    this.#silence = -1;
    this.#lastBeat = now();
    const {heartbeat} = this.#options;
    if (heartbeat) this.#beats = setInterval(() => this.#beat(1000 * heartbeat), 1000 * heartbeat);
    this.#ping(); // which tells how the clocks differ, too
  }

  #beat(interval) {
    const slept = now() - this.#lastBeat > 2 * interval; // then what has come wasn't handled yet
    this.#lastBeat = now();
    this.#silence = slept ? 0 : this.#silence + 1;
    if (this.#silence === 1) this.#ping();
    if (this.#silence >= SILENT_BEATS && this.#answersPings) this.#giveUp('the network is gone');
  }

  #ping() {
    this.#pingedAt = now();
    this.#say('ping', ++this.#lastPing);
  }

  #answered(number, time) {
    this.#answersPings = true;
    if (number === this.#lastPing) this.#clock.roundTripWas(now() - this.#pingedAt);
    if (typeof time === 'number') this.#clock.arrived(time);
  }

  // The network may be another one now.
  #wake() {
    if (this.#state === 'waiting') this.#attempt();
    if (this.#state !== 'open') return;
    this.#silence = 1;
    this.#ping();
  }

  // ---- what comes ----

  #received(data) {
    this.#silence = -1;
    const {items, payload} = split(data);
    if (!items) return this.#complain(new Error('the server sent a message without a header'));
    const [word, ...values] = items;
    if (word === undefined) this.#emit('message', payload);
    else if (word === 'message') this.#deliver(payload, ...values);
    else if (word === 'part') this.#deliverPart(payload, ...values);
    else if (word === 'mark') this.#acknowledge(...values);
    else if (word === 'pong') this.#answered(...values);
    else if (word === 'stale') this.#setStale(...values);
    else if (word === 'refused') this.#refused(...values);
  }

  #deliver(payload, topic, key, time, epoch, sequence) {
    this.#clock.arrived(time);
    if (!this.#shown.takes(topic, key, epoch, sequence)) return;
    const message = {topic, key, time, age: this.#clock.age(time), epoch, sequence};
    for (const subscription of this.#subscriptions.matching(topic)) {
      subscription.newest = Math.max(subscription.newest ?? time, time);
      this.#callEach(subscription.callbacks, payload, message);
    }
  }

  #deliverPart(payload, topic, key, time, index, count, epoch, sequence) {
    if (this.#subscriptions.matching(topic).length === 0) return;
    const whole = this.#parts.add(topic, key, index, count, payload);
    if (whole !== undefined) this.#deliver(whole, topic, key, time, epoch, sequence);
  }

  #setStale(isStale, reason = '') {
    if (isStale === this.#isStale) return;
    this.#isStale = isStale;
    this.#emit('stale', isStale, reason);
  }

  // The server sends what is new when what came before has been handled: by promises too.
  async #acknowledge(number, roundTrip) {
    if (typeof roundTrip === 'number') this.#clock.roundTrip = roundTrip;
    const socket = this.#socket;
    if (this.#unfinished.size > 0) await Promise.all(this.#unfinished);
    if (socket === this.#socket) this.#say('ack', number);
  }

  #refused(word, topic, reason) {
    this.#complain(Object.assign(new Error(`${word} of '${topic}' is refused: ${reason}`), {word, topic, reason}));
  }

  #emit(event, ...values) {
    this.#callEach(this.#listeners[event], ...values);
  }

  #complain(error) {
    if (this.#listeners.error.size > 0) this.#emit('error', error);
    else console.warn(`simws: ${error.message}`);
  }

  // One that fails is reported, and none of the others misses a thing for it.
  #callEach(entries, ...values) {
    for (const entry of [...entries]) {
      if (!entries.has(entry)) continue; // one called before has taken it away
      try {
        const result = entry.call(...values);
        if (typeof result?.then === 'function') this.#await(result);
      } catch (error) {
        report(error);
      }
    }
  }

  #await(result) {
    const unfinished = this.#unfinished;
    const finished = Promise.resolve(result).catch(report).finally(() => unfinished.delete(finished));
    unfinished.add(finished);
  }

  // ---- what goes ----

  // False: there is no connection. What waited for one would come too late.
  #write(header, data) {
    const message = join(header, data);
    if (this.#state !== 'open' || this.#socket.readyState !== OPEN) return false;
    this.#socket.send(message);
    return true;
  }

  #say(...header) {
    this.#socket.send(JSON.stringify(header));
  }

  #ask(subscription) {
    if (this.#state !== 'open') return;
    const rate = this.#isBackground ? this.#options.background.rate : undefined;
    this.#say('subscribe', subscription.topic, subscription.wanted(rate));
  }

  #leave(subscription, entry) {
    const {topic, callbacks} = subscription;
    if (!callbacks.delete(entry) || callbacks.size > 0) return;
    this.#subscriptions.delete(topic);
    this.#parts.keepOnly(begun => this.#subscriptions.matching(begun).length > 0);
    if (this.#state === 'open') this.#say('unsubscribe', topic);
  }

  // ---- the background ----

  #showOrHide() {
    clearTimeout(this.#hiding);
    const {background} = this.#options;
    if (globalThis.document?.hidden) {
      if (background) this.#hiding = setTimeout(() => this.#setBackground(true), 1000 * background.after);
    } else {
      this.#setBackground(false);
      this.#wake();
    }
  }

  #setBackground(isBackground) {
    if (isBackground === this.#isBackground) return;
    this.#isBackground = isBackground;
    for (const subscription of this.#subscriptions) {
      if (subscription.canBeLess) this.#ask(subscription);
    }
  }
}

function mustBeFunction(value, what) {
  if (typeof value !== 'function') throw new TypeError(`${what} must be a function, and is ${typeof value}`);
}

// As what nobody catches is.
function report(error) {
  if (globalThis.reportError) reportError(error);
  else console.error(error);
}
