// The page's connection to the inspector of its server, and what it asks of that.
import {connect} from './simws.min.js';

const STALE_AFTER = 2500; // milliseconds without figures, which come twice a second
const ANSWER_WITHIN = 10_000;

// What each view needs besides.
const ALWAYS = {
  server: {policy: 'latest'},
  history: {policy: 'oldest', maxQueued: 1 << 20},
  log: {policy: 'oldest', maxQueued: 1 << 20},
  done: {policy: 'oldest', maxQueued: 1 << 16, priority: 6},
};
const WHEN_SEEN = {
  connections: {policy: 'latest'},
  topics: {policy: 'latest'},
  messages: {policy: 'oldest', maxQueued: 1 << 19},
};

export class Link {
  #client;
  #onMessage;
  #onState;
  #leave = {}; // of what is asked for while it's seen
  #asked = new Map(); // tag -> {resolve, timer}
  #latest = 0; // when something came, by this machine's clock
  #wait;

  // onMessage(topic, key, time, text); onState(state), see `state`.
  constructor(address, {onOpen, onMessage, onState}) {
    this.#onMessage = onMessage;
    this.#onState = onState;
    this.#client = connect(address, {reconnect: {initial: 0.5, max: 5}});
    this.#client.on('open', () => {
      onOpen();
      this.#request('begin');
    });
    this.#client.on('state', (_, {wait}) => this.#stateChanged(wait));
    this.#client.on('error', error => console.warn(error.message));
    for (const [topic, options] of Object.entries(ALWAYS)) this.#subscribe(topic, options);
    setInterval(() => this.#onState(this.state), 1000);
  }

  // {name, words}: 'live', 'stale' (it's open, and nothing comes), 'away' (it will try again), 'refused'.
  get state() {
    const {state} = this.#client;
    if (state === 'open') {
      const silence = Date.now() - this.#latest;
      return silence < STALE_AFTER ? {name: 'live', words: 'Live'}
        : {name: 'stale', words: `Nothing for ${Math.round(silence / 1000)} s`};
    }
    if (state === 'closed') return {name: 'refused', words: 'Closed'};
    return {name: 'away', words: state === 'connecting' && !this.#wait ? 'Connecting…' : 'No connection, trying again…'};
  }

  get roundTrip() {
    return this.#client.roundTrip;
  }

  // Of WHEN_SEEN those that are wanted from here on.
  want(topics) {
    for (const [topic, options] of Object.entries(WHEN_SEEN)) {
      if (topics.includes(topic) === topic in this.#leave) continue;
      if (topics.includes(topic)) {
        this.#leave[topic] = this.#subscribe(topic, options);
      } else {
        this.#leave[topic]();
        delete this.#leave[topic];
      }
    }
    if (topics.includes('connections')) this.#request('rows');
  }

  // A promise of {done, words}. what: 'close/12', 'send/12', 'log-level'.
  ask(what, data = '') {
    const tag = Math.random().toString(36).slice(2, 12);
    if (!this.#client.publish(`do/${tag}/${what}`, data)) {
      return Promise.resolve({done: false, words: 'There is no connection to the server.'});
    }
    return new Promise(resolve => {
      const timer = setTimeout(() => this.#answered({tag, done: false, words: 'The server did not answer.'}), ANSWER_WITHIN);
      this.#asked.set(tag, {resolve, timer});
    });
  }

  // Nothing is answered but by what is told: all there is, or all rows of connections.
  #request(what) {
    if (this.#client.state === 'open') this.#client.publish(`do/-/${what}`, '');
  }

  #subscribe(topic, options) {
    return this.#client.subscribe(topic, (data, message) => this.#received(data, message), options);
  }

  #received(data, {topic, key, time}) {
    const wasSilent = Date.now() - this.#latest >= STALE_AFTER;
    this.#latest = Date.now();
    if (topic === 'done') this.#answered(JSON.parse(data));
    else this.#onMessage(topic, key, time, data);
    if (wasSilent) this.#onState(this.state);
  }

  #answered({tag, done, words}) {
    const asked = this.#asked.get(tag);
    if (!asked) return; // by another page
    this.#asked.delete(tag);
    clearTimeout(asked.timer);
    asked.resolve({done, words});
  }

  #stateChanged(wait) {
    this.#wait = wait ?? this.#wait;
    if (this.#client.state === 'open') this.#latest = Date.now();
    this.#onState(this.state);
  }
}
