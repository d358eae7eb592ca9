import assert from 'node:assert/strict';
import {createServer} from 'node:net';
import {once} from 'node:events';
import {test} from 'node:test';

import {connect} from '../simws.js';
import {connectTo, connected, next, reaches, recorder, replace, serve} from './client_fixture.js';
import {WebSocket} from './mock_server.js';

const NEVER = {initial: 1e5, max: 1e5, factor: 1, jitter: 0}; // until retry is called

test('states and events come in order', async t => {
  const server = await serve(t);
  const client = connectTo(t, server.url);
  assert.equal(client.state, 'connecting');
  const seen = [];
  client.on('state', state => seen.push(`state ${state}`));
  client.on('open', () => seen.push(`open, ${client.state}`));
  client.on('close', ({code, reason}) => seen.push(`close ${code} ${reason}, ${client.state}`));
  await next(client, 'open');
  (await server.connection()).close(1001, 'stopped');
  await next(client, 'open');
  client.close();
  client.close(); // is closed already
  assert.deepEqual(seen, [
    'state open', 'open, open',
    'state waiting', 'close 1001 stopped, waiting', 'state connecting', 'state open', 'open, open',
    'state closed', 'close 1000 , closed',
  ]);
});

test('it finds a server that was started again, and asks for everything', async t => {
  const server = await serve(t);
  const {port} = server;
  const client = connectTo(t, server.url, {reconnect: {initial: 0.001, max: 0.01}});
  const heard = recorder();
  client.subscribe('map', heard, {policy: 'latest'});
  const before = await server.connection();
  await before.gets('subscribe');
  before.publish('map', 'before');
  await before.handled();
  await server.stop();
  const again = await serve(t, port);
  const after = await again.connection();
  assert.deepEqual((await after.gets('subscribe')).values, ['map', {policy: 'latest'}]);
  after.publish('map', 'after');
  await after.handled();
  assert.deepEqual(heard.calls.map(([data]) => data), ['before', 'after']);
});

test('each wait is twice as long as the one before, up to the longest', async t => {
  const server = await serve(t);
  server.accepts = false;
  replace(t, console, 'warn', () => {});
  const client = connectTo(t, server.url, {reconnect: {initial: 1e4, max: 6e4, jitter: 0}});
  const waits = [];
  client.on('state', (state, {wait}) => wait && waits.push(wait));
  for (let i = 0; i < 5; i++) {
    await reaches(client, 'waiting');
    client.retry();
  }
  assert.deepEqual(waits, [1e4, 2e4, 4e4, 6e4, 6e4].slice(0, waits.length));
  assert(waits.length >= 4);
});

test('waits are spread', async t => {
  const server = await serve(t);
  server.accepts = false;
  replace(t, console, 'warn', () => {});
  for (const [random, expected] of [[0, 0.5e4], [0.5, 1e4], [1, 1.5e4]]) {
    replace(t, Math, 'random', () => random);
    const client = connectTo(t, server.url, {reconnect: {initial: 1e4, max: 1e4}});
    const [, {wait}] = await next(client, 'state');
    assert.equal(wait, expected);
  }
});

test('a connection that stayed open for a while makes the next wait short again', async t => {
  let time = 0;
  replace(t, performance, 'now', () => time);
  const {client, server, connection} = await connected(t, {reconnect: {...NEVER, initial: 1e4, factor: 2}});
  const waitAfter = async closing => {
    const told = next(client, 'state');
    closing.drop();
    return (await told)[1].wait;
  };
  const again = async () => {
    const opened = next(client, 'open');
    client.retry();
    await opened;
    return server.connection();
  };
  assert.equal(await waitAfter(connection), 1e4);
  assert.equal(await waitAfter(await again()), 2e4);
  const last = await again();
  time += 1e5 * 1000;
  assert.equal(await waitAfter(last), 1e4);
});

test('it stays away after a code of the script\'s own', async t => {
  const {client, connection} = await connected(t);
  const closed = next(client, 'close');
  connection.close(4001, 'taken');
  assert.deepEqual(await closed, [{code: 4001, reason: 'taken'}]);
  assert.equal(client.state, 'closed');
  client.retry();
  assert.equal(client.state, 'closed');
});

test('it comes back after all other codes', async t => {
  const server = await serve(t);
  const client = connectTo(t, server.url);
  for (const code of [1000, 1001, 1002, 1009, 1011, 1012, 1013, 3000]) {
    const connection = await server.connection();
    await reaches(client, 'open');
    connection.close(code);
    await next(client, 'close');
    assert.notEqual(client.state, 'closed');
  }
});

test('it does not come back when it is told so', async t => {
  const {client, connection} = await connected(t, {reconnect: false});
  connection.drop();
  await next(client, 'close');
  assert.equal(client.state, 'closed');
});

test('it tries as often as it is told', async t => {
  const server = await serve(t);
  server.accepts = false;
  replace(t, console, 'warn', () => {});
  const client = connectTo(t, server.url, {reconnect: {initial: 0, attempts: 3}});
  const states = [];
  client.on('state', state => states.push(state));
  await reaches(client, 'closed');
  assert.deepEqual(states, [...Array(3).fill(['waiting', 'connecting']).flat(), 'closed']);
});

test('several addresses are tried in turn', async t => {
  const [first, second] = [await serve(t), await serve(t)];
  const client = connectTo(t, [first.url, second.url]);
  await reaches(client, 'open');
  (await first.connection()).drop();
  await next(client, 'open');
  (await second.connection()).drop();
  await first.connection();
});

test('waits grow when all addresses have failed', async t => {
  const server = await serve(t);
  server.accepts = false;
  replace(t, console, 'warn', () => {});
  const client = connectTo(t, [server.url, server.url], {reconnect: {initial: 1e4, jitter: 0, max: 9e4}});
  const waits = [];
  client.on('state', (state, {wait}) => wait && waits.push(wait));
  for (let i = 0; i < 4; i++) {
    await reaches(client, 'waiting');
    client.retry();
  }
  assert.deepEqual(waits.slice(0, 4), [1e4, 1e4, 2e4, 2e4]);
});

test('the first of several attempts that fail is told, without the token', async t => {
  const server = await serve(t);
  server.accepts = false;
  const client = connectTo(t, `${server.url}arm?x=1`, {token: 's3cret'});
  const errors = [];
  client.on('error', error => errors.push(error.message));
  await reaches(client, 'waiting');
  await next(client, 'state');
  await reaches(client, 'waiting');
  assert.equal(errors.length, 1);
  assert(errors[0].startsWith(`no connection to ${server.url}arm`));
  assert(!errors[0].includes('s3cret'));
});

test('a server that speaks something else is no server', async t => {
  const server = await serve(t);
  server.protocol = false;
  const client = connectTo(t, server.url);
  await next(client, 'error');
  await reaches(client, 'waiting');
});

test('an attempt that nobody answers is given up', async t => {
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  t.after(() => silent.close());
  const client = connectTo(t, `ws://127.0.0.1:${silent.address().port}`, {timeout: 0.001, reconnect: false});
  const [error] = await next(client, 'error');
  assert.match(error.message, /: no answer\./);
  assert.equal(client.state, 'closed');
});

test('it can be closed while it connects, while it waits, and by its own listeners', async t => {
  const server = await serve(t);
  const connecting = connectTo(t, server.url);
  connecting.close();
  assert.equal(connecting.state, 'closed');

  server.accepts = false;
  replace(t, console, 'warn', () => {});
  const waiting = connectTo(t, server.url, {reconnect: NEVER});
  await reaches(waiting, 'waiting');
  waiting.close();
  assert.equal(waiting.state, 'closed');

  const failing = connectTo(t, server.url);
  failing.on('error', () => failing.close());
  await reaches(failing, 'closed');

  server.accepts = true;
  const opening = connectTo(t, server.url);
  const opened = recorder();
  opening.on('open', opened);
  opening.on('state', state => state === 'open' && opening.close());
  await reaches(opening, 'closed');
  assert.deepEqual(opened.calls, []);
});

test('it closes with the code that it is given', async t => {
  const {client, connection} = await connected(t);
  assert.throws(() => client.close(1005));
  assert.equal(client.state, 'open');
  client.close(4002, 'enough');
  assert.deepEqual(await connection.closed, {code: 4002, reason: 'enough'});
});

test('retry ends a wait, and does nothing else', async t => {
  const {client, server, connection} = await connected(t, {reconnect: NEVER});
  client.retry();
  assert.equal(client.state, 'open');
  connection.drop();
  await reaches(client, 'waiting');
  client.retry();
  assert.equal(client.state, 'connecting');
  await server.connection();
});

test('a WebSocket that can not be made is an attempt that failed', async t => {
  replace(t, console, 'warn', () => {});
  class Refusing {
    constructor() {
      throw new Error('not in a page that came by https');
    }
  }
  const client = connect('ws://localhost', {WebSocket: Refusing, reconnect: NEVER});
  t.after(() => client.close());
  assert.equal(client.state, 'waiting');
});

test('options and addresses are checked at once', t => {
  const attempt = (url, options) => () => connect(url, {WebSocket, ...options});
  assert.throws(attempt('ws://localhost', {tocken: 'x'}), /no option 'tocken': token, /);
  assert.throws(attempt('ws://localhost', {reconnect: {initally: 1}}), /no key of reconnect 'initally'/);
  assert.throws(attempt('ws://localhost', {background: {rates: 1}}), /no key of background/);
  for (const url of ['ftp://localhost', 'localhost:9000', '/arm', undefined, 'ws://a b', ['ws://localhost', 'x']]) {
    assert.throws(attempt(url), /is no address/);
  }
  assert.throws(attempt([]), /one at least/);
  replace(t, globalThis, 'WebSocket', undefined);
  assert.throws(() => connect('ws://localhost'), /give one as the option WebSocket/);
});
