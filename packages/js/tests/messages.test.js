import assert from 'node:assert/strict';
import {test} from 'node:test';

import {connected, next, recorder} from './client_fixture.js';

test('what the script sends comes as it is', async t => {
  const {client, connection} = await connected(t);
  const heard = recorder();
  client.on('message', heard);
  connection.send(null, 'hello\nworld');
  connection.send(null, '');
  connection.send(null, Buffer.from([10, 0, 255]));
  await connection.handled();
  assert.deepEqual(heard.calls, [['hello\nworld'], [''], [new Uint8Array([10, 0, 255]).buffer]]);
});

test('what the page sends goes as it is', async t => {
  const {client, connection} = await connected(t);
  assert.equal(client.send('["publish"]\n'), true);
  assert.equal((await connection.gets('')).payload, '["publish"]\n');
  const bytes = new Uint8Array([0, 1, 2, 3]);
  for (const data of [bytes.buffer, bytes, new DataView(bytes.buffer)]) {
    client.send(data);
    assert.deepEqual([...(await connection.gets('')).payload], [0, 1, 2, 3]);
  }
  client.send(bytes.subarray(1, 3));
  assert.deepEqual([...(await connection.gets('')).payload], [1, 2]);
});

test('what is published goes with its topic', async t => {
  const {client, connection} = await connected(t);
  assert.equal(client.publish('drive/"ü"', '{"v": 1}'), true);
  assert.deepEqual(await connection.gets('publish'), {values: ['drive/"ü"'], payload: '{"v": 1}'});
  client.publish('drive', new Float32Array([1]));
  assert.equal((await connection.gets('publish')).payload.length, 4);
});

test('what can not be sent is an error, connected or not', async t => {
  const {client} = await connected(t);
  for (const data of [undefined, null, 5, {v: 1}, [1, 2]]) assert.throws(() => client.send(data), /JSON.stringify/);
  client.close();
  assert.throws(() => client.publish('drive', {v: 1}), /JSON.stringify/);
});

test('what is sent while there is no connection is gone, and one is told', async t => {
  const {client} = await connected(t);
  client.close();
  assert.equal(client.send('hello'), false);
  assert.equal(client.publish('drive', 'hello'), false);
  assert.equal(client.bufferedAmount, 0);
});

test('words that are not known, and items behind those that are, change nothing', async t => {
  const {client, connection} = await connected(t);
  const heard = recorder();
  client.subscribe('a', heard);
  connection.sendRaw('["future", 1, {"a": 2}]\npayload');
  connection.sendRaw('["constructor"]');
  connection.send(['message', 'a', '', 5, 'more'], '1');
  connection.send(['subscribed', 'a', {policy: 'all'}]);
  await connection.handled();
  assert.deepEqual(heard.calls.map(([data]) => data), ['1']);
});

test('a message without a header is an error, and no end', async t => {
  const {client, connection} = await connected(t);
  for (const message of ['hello', '{"a": 1}\n', '[1', Buffer.from([1, 2]), Buffer.from('null\n')]) {
    const told = next(client, 'error');
    connection.sendRaw(message);
    assert.match((await told)[0].message, /without a header/);
  }
  await connection.handled();
  assert.equal(client.state, 'open');
});

test('a listener is called until it is taken away', async t => {
  const {client, connection} = await connected(t);
  const heard = recorder();
  const off = client.on('message', heard);
  connection.send(null, '1');
  await connection.handled();
  off();
  connection.send(null, '2');
  await connection.handled();
  assert.deepEqual(heard.calls, [['1']]);
});

test('events that there are not are named', async t => {
  const {client} = await connected(t);
  assert.throws(() => client.on('opened', () => {}), /no event 'opened': open, close, message, state, stale, error are/);
  assert.throws(() => client.on('open'), TypeError);
});
