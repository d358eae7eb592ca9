// What the page has asked for.

export class Subscriptions {
  #byTopic = new Map();

  [Symbol.iterator]() {
    return this.#byTopic.values();
  }

  get(topic) {
    return this.#byTopic.get(topic);
  }

  findOrMake(topic) {
    if (!this.#byTopic.has(topic)) this.#byTopic.set(topic, new Subscription(topic));
    return this.#byTopic.get(topic);
  }

  delete(topic) {
    this.#byTopic.delete(topic);
  }

  // Those that take what is published to the topic, the most specific first.
  matching(topic) {
    return patternsOf(topic).map(pattern => this.#byTopic.get(pattern)).filter(Boolean);
  }
}

// One of the server's for all callbacks of a topic.
class Subscription {
  options = {};
  callbacks = new Set();
  newest; // when what came last was published

  constructor(topic) {
    this.topic = topic;
  }

  // The options to ask for; with a rate that is enough in the background.
  wanted(backgroundRate) {
    const {background, ...options} = this.options;
    if (backgroundRate === undefined || !this.canBeLess) return options;
    return {...options, policy: 'latest', rate: Math.min(options.rate || Infinity, backgroundRate)};
  }

  // Whether less may come while nobody looks. Who names another policy counts on what it promises.
  get canBeLess() {
    const {background, policy = 'latest'} = this.options;
    return background !== false && policy === 'latest';
  }
}

// a/b, a/b/#, a/#, #
function patternsOf(topic) {
  const patterns = [topic];
  for (let end = topic.length; end > 0; end = topic.lastIndexOf('/', end - 1)) {
    patterns.push(`${topic.slice(0, end)}/#`);
  }
  return [...patterns, '#'];
}
