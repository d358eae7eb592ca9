import assert from 'node:assert/strict';
import {test} from 'node:test';

import {connected, next, recorder, replace} from './client_fixture.js';

test('a topic is asked for, and what is published comes', async t => {
  const {client, connection} = await connected(t);
  const heard = recorder();
  client.subscribe('pose', heard, {policy: 'latest', rate: 30});
  assert.deepEqual((await connection.gets('subscribe')).values, ['pose', {policy: 'latest', rate: 30}]);
  connection.publish('pose', '{"x": 1}', {key: 'arm', time: 1234.5});
  await connection.handled();
  const [[data, {topic, key, time, age}]] = heard.calls;
  assert.deepEqual([data, topic, key, time], ['{"x": 1}', 'pose', 'arm', 1234.5]);
  assert.equal(typeof age, 'number');
});

test('bytes come as an ArrayBuffer that begins with them', async t => {
  const {client, connection} = await connected(t);
  const heard = recorder();
  client.subscribe('scan', heard);
  connection.publish('scan', Buffer.from(new Float32Array([1.5, -2]).buffer));
  connection.publish('scan', Buffer.alloc(0));
  await connection.handled();
  assert.deepEqual([...new Float32Array(heard.calls[0][0])], [1.5, -2]);
  assert.equal(heard.calls[1][0].byteLength, 0);
});

test('what is subscribed to before the connection is there is asked for when it is', async t => {
  const {client, server, connection} = await connected(t);
  client.subscribe('a', () => {});
  await connection.gets('subscribe');
  connection.drop();
  await next(client, 'close');
  client.subscribe('b', () => {}, {priority: 6});
  const again = await server.connection();
  assert.deepEqual((await again.gets('subscribe')).values, ['a', {}]);
  assert.deepEqual((await again.gets('subscribe')).values, ['b', {priority: 6}]);
});

test('callbacks of a topic share a subscription, and the last one ends it', async t => {
  const {client, connection} = await connected(t);
  const [first, second] = [recorder(), recorder()];
  const leave = [client.subscribe('a', first, {rate: 5}), client.subscribe('a', second)];
  assert.deepEqual((await connection.gets('subscribe')).values, ['a', {rate: 5}]);
  assert.deepEqual((await connection.gets('subscribe')).values, ['a', {rate: 5}], 'brings what is retained');
  connection.publish('a', '1');
  await connection.handled();
  leave[0]();
  leave[0](); // is gone already
  connection.publish('a', '2');
  await connection.handled();
  assert.equal(connection.count('unsubscribe'), 0);
  leave[1]();
  assert.deepEqual((await connection.gets('unsubscribe')).values, ['a']);
  connection.publish('a', 'under way');
  await connection.handled();
  assert.deepEqual([first.calls, second.calls].map(calls => calls.map(([data]) => data)), [['1'], ['1', '2']]);
});

test('the same function can be subscribed twice, and leave once', async t => {
  const {client, connection} = await connected(t);
  const heard = recorder();
  const leave = client.subscribe('a', heard);
  client.subscribe('a', heard);
  leave();
  connection.publish('a', '1');
  await connection.handled();
  assert.equal(heard.calls.length, 1);
});

test('a message goes to all patterns that take it', async t => {
  const {client, connection} = await connected(t);
  const heard = [];
  const patterns = ['#', 'a/#', 'a', 'a/b', 'a/b/#', 'b/#', 'ab/#'];
  for (const pattern of patterns) client.subscribe(pattern, (data, {topic}) => heard.push(`${pattern} has ${topic}`));
  for (const topic of ['a/b', 'a', 'a/b/c', 'x']) connection.publish(topic, '');
  await connection.handled();
  assert.deepEqual(heard, [
    'a/b has a/b', 'a/b/# has a/b', 'a/# has a/b', '# has a/b',
    'a has a', 'a/# has a', '# has a',
    'a/b/# has a/b/c', 'a/# has a/b/c', '# has a/b/c',
    '# has x',
  ]);
});

test('parts are put together, whatever comes in between', async t => {
  const {client, connection} = await connected(t);
  const heard = [];
  client.subscribe('#', (data, {topic, key}) => heard.push([topic, key, data]));
  const part = (topic, key, index, count, payload) => connection.send(['part', topic, key, 5, index, count], payload);
  part('map', 'x', 0, 3, 'grü');
  part('map', 'y', 0, 2, Buffer.from([1, 2]));
  connection.publish('pose', 'p');
  part('map', 'x', 1, 3, 'ße, ');
  part('map', 'y', 1, 2, Buffer.from([3]));
  part('map', 'x', 2, 3, 'Welt');
  await connection.handled();
  assert.deepEqual(heard.map(([topic, key]) => topic + key), ['pose', 'mapy', 'mapx']);
  assert.deepEqual(heard[1][2], new Uint8Array([1, 2, 3]).buffer);
  assert.equal(heard[2][2], 'grüße, Welt');
});

test('a message in parts that begins anew forgets what there was', async t => {
  const {client, connection} = await connected(t);
  const heard = recorder();
  const leave = client.subscribe('map', heard);
  const part = (index, payload) => connection.send(['part', 'map', '', 5, index, 2], payload);
  part(0, 'old');
  part(0, 'new ');
  part(1, 'one');
  part(1, 'stray');
  part(0, 'left');
  await connection.handled();
  leave();
  client.subscribe('map', heard);
  part(1, 'of somebody gone');
  await connection.handled();
  assert.deepEqual(heard.calls.map(([data]) => data), ['new one']);
});

test('what is lost with a connection is not put together with what comes by the next', async t => {
  const {client, server, connection} = await connected(t);
  const heard = recorder();
  client.subscribe('map', heard);
  connection.send(['part', 'map', '', 5, 0, 2], 'old');
  await connection.handled();
  connection.drop();
  const again = await server.connection();
  again.send(['part', 'map', '', 5, 1, 2], 'new');
  await again.handled();
  assert.deepEqual(heard.calls, []);
});

test('a mark is acknowledged when what came before is handled', async t => {
  const {client, connection} = await connected(t);
  let finish;
  const order = [];
  client.subscribe('slow', () => new Promise(resolve => (finish = resolve)).then(() => order.push('done')));
  client.subscribe('fast', () => order.push('fast'));
  connection.publish('slow', '');
  connection.send(['mark', 1]);
  connection.publish('fast', '');
  connection.send(['mark', 2, 0.5]);
  connection.sendRaw('["unknown"]');
  client.subscribe('asked', () => {});
  await connection.gets('subscribe');
  while (order.length === 0) await new Promise(setImmediate);
  assert.equal(connection.count('ack'), 0);
  finish();
  assert.deepEqual((await connection.gets('ack')).values, [1]);
  assert.deepEqual((await connection.gets('ack')).values, [2]);
  assert.deepEqual(order, ['fast', 'done']);
});

test('a promise of a lost connection holds up none of the next', async t => {
  const {client, server, connection} = await connected(t);
  client.subscribe('slow', () => new Promise(() => {}));
  connection.publish('slow', '');
  connection.send(['mark', 1]);
  const closed = next(client, 'close');
  connection.close(1001);
  await closed;
  await (await server.connection()).handled();
});

test('a callback that fails is reported, and no other misses a thing', async t => {
  const {client, connection} = await connected(t);
  const reported = recorder();
  replace(t, globalThis, 'reportError', reported);
  const heard = recorder();
  client.subscribe('a', () => { throw new Error('thrown'); });
  client.subscribe('a', () => Promise.reject(new Error('rejected')));
  client.subscribe('a', heard);
  connection.publish('a', '1');
  await connection.handled();
  assert.equal(heard.calls.length, 1);
  assert.deepEqual(reported.calls.map(([error]) => error.message), ['thrown', 'rejected']);
});

test('a callback may leave, and so may others called before it', async t => {
  const {client, connection} = await connected(t);
  const heard = [];
  const leave = client.subscribe('a', () => (leave(), leaveOther(), heard.push('first')));
  const leaveOther = client.subscribe('a', () => heard.push('other'));
  connection.publish('a', '');
  connection.publish('a', '');
  await connection.handled();
  assert.deepEqual(heard, ['first']);
});

test('a hundred topics, each to its own', async t => {
  const {client, connection} = await connected(t);
  const topics = Array.from({length: 100}, (_, i) => `robot/${i}`);
  const heard = topics.map(() => recorder());
  topics.forEach((topic, i) => client.subscribe(topic, heard[i]));
  topics.forEach(topic => connection.publish(topic, topic));
  await connection.handled();
  assert.deepEqual(heard.map(({calls}) => calls.map(([data]) => data)), topics.map(topic => [topic]));
});

test('what is refused is told, with what and why', async t => {
  const {client, connection} = await connected(t);
  client.subscribe('secret', () => {});
  const told = next(client, 'error');
  connection.send(['refused', 'subscribe', 'secret', 'it is none of readable_topics']);
  const [error] = await told;
  assert.deepEqual([error.word, error.topic, error.reason], ['subscribe', 'secret', 'it is none of readable_topics']);
  const warned = recorder();
  replace(t, console, 'warn', warned);
  connection.send(['refused', 'publish', 'drive', 'no']);
  await connection.handled();
  assert.deepEqual(warned.calls, [["simws: publish of 'drive' is refused: no"]]);
});

test('what can not be a subscription is an error at once', async t => {
  const {client} = await connected(t);
  assert.throws(() => client.subscribe('a'), TypeError);
  assert.throws(() => client.subscribe('a', 'name'), TypeError);
});

test('what names no topic is an error where it is called, and no end of the connection', async t => {
  const {client, connection} = await connected(t);
  for (const topic of [undefined, null, 5, {}, 'half a \ud800 character', 'x'.repeat(256)]) {
    assert.throws(() => client.subscribe(topic, () => {}), /^TypeError: .*topic/);
    assert.throws(() => client.publish(topic, 'data'), /^TypeError: .*topic/);
  }
  client.subscribe('whole \u{1f916} characters', () => {});
  await connection.gets('subscribe');
  assert.equal(connection.count('subscribe') + connection.count('publish'), 0);
});

test('an option of a subscription that there is none of is an error, as one of connect is', async t => {
  const {client, connection} = await connected(t);
  assert.throws(() => client.subscribe('a', () => {}, {polcy: 'latest'}), /^TypeError: .*'polcy': policy, maxQueued, /);
  assert.throws(() => client.subscribe('a', () => {}, 'latest'), TypeError);
  client.subscribe('a', () => {}, null);
  assert.deepEqual((await connection.gets('subscribe')).values, ['a', {}]);
});
