// Signs of life, and who looks. Timers are the test's own.
import assert from 'node:assert/strict';
import {test} from 'node:test';

import {connectTo, connected, next, reaches, recorder, replace, serve} from './client_fixture.js';

// The heart beats when the test says so: the function that comes back.
function holdHeart(t) {
  let beat;
  replace(t, globalThis, 'setInterval', call => (beat = call));
  replace(t, globalThis, 'clearInterval', () => {});
  return () => beat();
}

// A page, shown or hidden.
function makePage(t) {
  const page = Object.assign(new EventTarget(), {hidden: false});
  replace(t, globalThis, 'document', page);
  return {
    show(isShown) {
      page.hidden = !isShown;
      page.dispatchEvent(new Event('visibilitychange'));
    },
  };
}

test('a ping goes at once, and then when nothing came for a while', async t => {
  const beat = holdHeart(t);
  const {connection} = await connected(t, {heartbeat: 5});
  await connection.gets('ping');
  await connection.handled();
  beat(); // something came since the one before
  await connection.handled();
  assert.equal(connection.count('ping'), 0);
  beat();
  beat();
  await connection.gets('ping');
});

test('a network that is gone is noticed', async t => {
  const beat = holdHeart(t);
  const {client, server, connection} = await connected(t, {heartbeat: 5});
  await connection.gets('ping');
  await connection.handled(); // the answer too
  const closed = next(client, 'close');
  for (let i = 0; i < 4; i++) beat();
  assert.deepEqual(await closed, [{code: 1006, reason: 'the network is gone'}]);
  await server.connection();
});

test('who never answers a ping is not judged by them', async t => {
  const beat = holdHeart(t);
  const server = await serve(t);
  server.answersPings = false;
  const client = connectTo(t, server.url, {heartbeat: 5});
  const connection = await server.connection();
  await reaches(client, 'open');
  for (let i = 0; i < 100; i++) beat();
  await connection.handled();
  assert.equal(connection.count('ping'), 2);
});

test('a page that slept gives what came meanwhile its time', async t => {
  const beat = holdHeart(t);
  let time = 0;
  replace(t, performance, 'now', () => time);
  const {client, connection} = await connected(t, {heartbeat: 5});
  await connection.gets('ping');
  await connection.handled();
  for (let i = 0; i < 100; i++) {
    time += 60_000;
    beat();
  }
  assert.equal(client.state, 'open');
});

test('a network that is back is used at once, and asked for a sign of life', async t => {
  const listeners = new EventTarget();
  replace(t, globalThis, 'addEventListener', listeners.addEventListener.bind(listeners));
  const {client, server, connection} = await connected(t, {reconnect: {initial: 1e5, max: 1e5}});
  await connection.gets('ping');
  listeners.dispatchEvent(new Event('online'));
  await connection.gets('ping');
  connection.drop();
  await reaches(client, 'waiting');
  listeners.dispatchEvent(new Event('online'));
  await server.connection();
  client.close();
  listeners.dispatchEvent(new Event('online'));
  assert.equal(client.state, 'closed');
});

test('a page that is shown connects at once', async t => {
  const page = makePage(t);
  const {client, server, connection} = await connected(t, {reconnect: {initial: 1e5, max: 1e5}});
  page.show(false);
  connection.drop();
  await reaches(client, 'waiting');
  page.show(true);
  await server.connection();
});

test('a page in the background asks for less, and for the rest when it is shown', async t => {
  const page = makePage(t);
  const {client, connection} = await connected(t, {background: {after: 0}});
  client.subscribe('pose', () => {}, {policy: 'latest', rate: 60, priority: 5});
  client.subscribe('slow', () => {}, {rate: 0.1});
  client.subscribe('log', () => {}, {policy: 'all'});
  client.subscribe('steps', () => {}, {policy: 'resync'});
  client.subscribe('alarm', () => {}, {background: false});
  const asked = async count => {
    const all = [];
    while (all.length < count) all.push((await connection.gets('subscribe')).values);
    return all;
  };
  const before = await asked(5);
  assert.deepEqual(before.at(-1), ['alarm', {}]);
  page.show(false);
  assert.deepEqual(await asked(2), [
    ['pose', {policy: 'latest', rate: 1, priority: 5}], ['slow', {policy: 'latest', rate: 0.1}]]);
  client.subscribe('late', () => {});
  assert.deepEqual(await asked(1), [['late', {policy: 'latest', rate: 1}]]);
  page.show(true);
  assert.deepEqual(await asked(3), [...before.slice(0, 2), ['late', {}]]);
  await connection.handled();
  assert.equal(connection.count('subscribe'), 0);
});

test('a page that is hidden for a moment asks for nothing', async t => {
  const page = makePage(t);
  const {client, connection} = await connected(t);
  client.subscribe('pose', () => {});
  await connection.gets('subscribe');
  page.show(false);
  page.show(true);
  await connection.handled();
  assert.equal(connection.count('subscribe'), 0);
});

test('a page that comes back in the background asks for less', async t => {
  const page = makePage(t);
  const {client, server, connection} = await connected(t, {background: {after: 0, rate: 0.5}});
  client.subscribe('pose', () => {});
  await connection.gets('subscribe');
  page.show(false);
  await connection.gets('subscribe');
  connection.drop();
  const again = await server.connection();
  assert.deepEqual((await again.gets('subscribe')).values, ['pose', {policy: 'latest', rate: 0.5}]);
});

test('the background can be as the foreground', async t => {
  const page = makePage(t);
  const timers = recorder();
  const {client, connection} = await connected(t, {background: false});
  client.subscribe('pose', () => {});
  await connection.gets('subscribe');
  replace(t, globalThis, 'setTimeout', timers);
  page.show(false);
  assert.deepEqual(timers.calls, []);
});
