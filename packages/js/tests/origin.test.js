import assert from 'node:assert/strict';
import {test} from 'node:test';

import {Shown} from '../lib/shown.js';
import {connectTo, connected, next, reaches, recorder, replace, serve} from './client_fixture.js';

const dataOf = heard => heard.calls.map(([data]) => data);

test('a message tells where it stands among those of the simulation', async t => {
  const {client, connection} = await connected(t);
  const heard = recorder();
  client.subscribe('pose', heard);
  connection.publish('pose', 'x', {origin: ['e1', 7]});
  connection.publish('pose', 'without');
  await connection.handled();
  const abouts = heard.calls.map(([, {epoch, sequence}]) => [epoch, sequence]);
  assert.deepEqual(abouts, [['e1', 7], [undefined, undefined]]);
});

test('nothing older comes than what has come of its topic and key', async t => {
  const {client, connection} = await connected(t);
  const heard = recorder();
  client.subscribe('#', heard);
  connection.publish('pose', 'a5', {key: 'a', origin: ['e1', 5]});
  connection.publish('pose', 'a4', {key: 'a', origin: ['e1', 4]});
  connection.publish('pose', 'b3', {key: 'b', origin: ['e1', 3]});
  connection.publish('map', 'm2', {key: 'a', origin: ['e1', 2]});
  connection.publish('pose', 'a5 again', {key: 'a', origin: ['e1', 5]});
  connection.send(['part', 'pose', 'a', 1, 0, 2, 'e1', 4], 'ol');
  connection.send(['part', 'pose', 'a', 1, 1, 2, 'e1', 4], 'd');
  connection.send(['part', 'pose', 'a', 1, 0, 2, 'e1', 6], 'ne');
  connection.send(['part', 'pose', 'a', 1, 1, 2, 'e1', 6], 'w');
  await connection.handled();
  assert.deepEqual(dataOf(heard), ['a5', 'b3', 'm2', 'a5 again', 'new']);
});

test('what another server has that lags behind is passed over', async t => {
  const [first, second] = [await serve(t), await serve(t)];
  const client = connectTo(t, [first.url, second.url]);
  const heard = recorder();
  client.subscribe('pose', heard);
  const before = await first.connection();
  before.publish('pose', '10', {origin: ['e1', 10]});
  await before.handled();
  before.drop();
  const after = await second.connection();
  for (const sequence of [8, 9, 10, 11]) after.publish('pose', `${sequence}`, {origin: ['e1', sequence]});
  await after.handled();
  assert.deepEqual(dataOf(heard), ['10', '10', '11']);
});

test('a new epoch ends the one before', async t => {
  const {client, connection} = await connected(t);
  const heard = recorder();
  client.subscribe('pose', heard);
  const origins = [['e1', 90], ['e2', 1], ['e1', 91], ['e2', 2], ['e3', 1], ['e2', 3], ['e1', 92]];
  for (const origin of origins) connection.publish('pose', origin.join(), {origin});
  await connection.handled();
  assert.deepEqual(dataOf(heard), ['e1,90', 'e2,1', 'e2,2', 'e3,1']);
});

test('what is remembered is bounded', () => {
  const shown = new Shown();
  for (let key = 0; key <= 10_000; key++) assert(shown.takes('a', `${key}`, 'e0', 2));
  assert(!shown.takes('a', '1', 'e0', 1), 'the latest 10,000 keys');
  assert(shown.takes('a', '0', 'e0', 1), 'the oldest is forgotten');
  assert(!shown.takes('a', '3', 'e0', 1), 'the one that was asked for is the latest now');
  for (let epoch = 1; epoch <= 65; epoch++) assert(shown.takes('a', '', `e${epoch}`, 1));
  for (const past of [1, 64]) assert(!shown.takes('a', '', `e${past}`, 2));
  assert(shown.takes('a', '', 'e0', 1), 'the oldest epoch is forgotten');
});

test('a server says when what comes may be old', async t => {
  const {client, connection} = await connected(t);
  const heard = recorder();
  client.on('stale', heard);
  assert.equal(client.stale, false);
  connection.send(['stale', true, 'no broker']);
  connection.send(['stale', true, 'nobody holds the name']);
  await connection.handled();
  assert.equal(client.stale, true);
  connection.send(['stale', false, '']);
  await connection.handled();
  assert.equal(client.stale, false);
  assert.deepEqual(heard.calls, [[true, 'no broker'], [false, '']]);
});

test('a lost connection stays stale until there is another', async t => {
  const {client, server, connection} = await connected(t);
  connection.send(['stale', true, 'no broker']);
  await connection.handled();
  connection.drop();
  await reaches(client, 'waiting');
  assert.equal(client.stale, true);
  const told = next(client, 'stale');
  await server.connection();
  assert.deepEqual(await told, [false, '']);
  assert.equal(client.state, 'open');
});

test('when a server is lost the next one is tried at once, but for the jitter', async t => {
  const [first, second] = [await serve(t), await serve(t)];
  replace(t, Math, 'random', () => 0.5);
  const reconnect = {initial: 1e4, max: 1e4, jitter: 0.4};
  const client = connectTo(t, [first.url, second.url], {reconnect});
  await reaches(client, 'open');
  (await first.connection()).drop();
  const [, {wait}] = await next(client, 'state');
  assert.equal(wait, 0.5 * 0.4 * 1e4);
  client.retry();
  await reaches(client, 'open');
  (await second.connection()).drop();
  const [, again] = await next(client, 'state');
  assert.equal(again.wait, 1e4, 'not when that one is lost too, soon after');
});

test('a page with one address waits for it', async t => {
  const {client, connection} = await connected(t, {reconnect: {initial: 1e4, max: 1e4, jitter: 0}});
  connection.drop();
  const [, {wait}] = await next(client, 'state');
  assert.equal(wait, 1e4);
});
