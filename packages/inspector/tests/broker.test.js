import assert from 'node:assert/strict';
import {test} from 'node:test';

import {describe} from '../broker.js';
import {Store} from '../store.js';

const OPEN = {
  url: 'nats://***@b:4222', name: 'arm', state: 'open', error: '', server: 'hall', published: 18_400, conflated: 0, dropped: 0,
  queuedBytes: 2048, incoming: 0, incomingDropped: 0, roundTrip: 0.0012,
};

test('without a broker nothing is said', () => assert.equal(describe({}), undefined));

test('a broker that is there', () => {
  assert.deepEqual(describe({broker: OPEN, brokerRate: 30}), {
    words: "Broker nats://***@b:4222: connected to hall as 'arm' · 18.4k sent (30/s) · 2 KiB waiting · round trip 1.2 ms", isBad: false,
  });
});

test('what is left out, and what comes back, is told when there is any', () => {
  const broker = {...OPEN, conflated: 5, dropped: 7, incoming: 9, incomingDropped: 2, roundTrip: undefined};
  const {words, isBad} = describe({broker});
  assert.match(words, /2 KiB waiting · 5 replaced by newer ones · 7 lost · 9 of edges' viewers · 2 of these refused$/);
  assert(isBad);
});

test('a broker with which something is wrong', () => {
  for (const [state, error, said] of [
    ['connecting', '', 'connecting'],
    ['connecting', 'no route', 'connecting: no route'],
    ['error', 'a wrong password', 'not connected: a wrong password'],
    ['held', "the name 'arm' is held by the server at a:9000", "the name 'arm' is held by the server at a:9000"],
    ['open', 'nothing is retained', "connected to hall as 'arm': nothing is retained"],
  ]) {
    const {words, isBad} = describe({broker: {...OPEN, state, error}});
    assert(words.startsWith(`Broker nats://***@b:4222: ${said} · `), words);
    assert(isBad);
  }
});

test('an edge whose state is old', () => {
  assert.deepEqual(describe({stale: 'no connection to the broker'}), {words: 'What it serves may be old: no connection to the broker', isBad: true});
});

test('the rate is of two figures', () => {
  const store = new Store();
  store.apply('server', '', 1000, JSON.stringify({broker: {...OPEN, published: 100}}));
  store.apply('server', '', 1500, JSON.stringify({broker: {...OPEN, published: 115}}));
  assert.equal(store.server.brokerRate, 30);
  store.apply('server', '', 2000, JSON.stringify({}));
  assert.equal(store.server.brokerRate, undefined);
});
