import assert from 'node:assert/strict';
import {test} from 'node:test';

import {addressesOf} from '../lib/options.js';
import {replace} from './client_fixture.js';

const CASES = [
  // where the page is, the address given, what is meant
  ['http://robot.local:9000/view/?x=1#top', undefined, 'ws://robot.local:9000/'],
  ['https://robot.example/view/', undefined, 'wss://robot.example/'],
  ['https://robot.example/view/', 'arm', 'wss://robot.example/view/arm'],
  ['https://robot.example/view/', '/arm?x=1', 'wss://robot.example/arm?x=1'],
  ['https://robot.example/', '//other.example/', 'wss://other.example/'],
  ['https://robot.example/', 'http://other.example:9000', 'ws://other.example:9000/'],
  ['blob:http://robot.local:9000/1234', undefined, 'ws://robot.local:9000/'],
  [undefined, 'wss://robot.example/arm#part', 'wss://robot.example/arm'],
  [undefined, new URL('https://robot.example/'), 'wss://robot.example/'],
];

for (const [page, given, meant] of CASES) {
  test(`${given ?? 'no address'} in ${page?.replace(/[?#].*/, '') ?? 'no page'} is ${meant}`, t => {
    if (page) replace(t, globalThis, 'location', {href: page, origin: new URL(page).origin});
    assert.deepEqual(addressesOf(given), [meant]);
  });
}

test('a token is part of the address', () => {
  assert.deepEqual(addressesOf(['ws://a/?x=1', 'ws://b/'], 'a&b'), ['ws://a/?x=1&token=a%26b', 'ws://b/?token=a%26b']);
});
