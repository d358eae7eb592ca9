import assert from 'node:assert/strict';
import {test} from 'node:test';

import {Clock, now} from '../lib/clock.js';
import {connected, next, recorder, replace} from './client_fixture.js';

const AHEAD = 3_600_000; // milliseconds by which the server's clock is wrong

// Time goes on when the test says so, in milliseconds.
function holdTime(t) {
  let time = 1e6;
  replace(t, performance, 'now', () => time);
  return by => (time += by);
}

// What arrives after a way of that long.
function arrive(clock, way) {
  const time = now() + AHEAD - way;
  clock.arrived(time);
  return time;
}

test('the age is what the way takes beyond the shortest, and half of a round trip', t => {
  const pass = holdTime(t);
  const clock = new Clock();
  clock.roundTrip = 10;
  arrive(clock, 5);
  const time = arrive(clock, 250);
  assert(Math.abs(clock.age(time) - 0.25) < 1e-6);
  pass(1000);
  assert(Math.abs(clock.age(time) - 1.25) < 1e-6);
  assert.equal(clock.age(now() + AHEAD + 1000), 0, 'never less than nothing');
});

test('what was published long ago is old', t => {
  holdTime(t);
  const clock = new Clock();
  arrive(clock, 5); // a pong's
  const retained = now() + AHEAD - 60_000;
  clock.arrived(retained);
  assert(Math.abs(clock.age(retained) - 59.995) < 1e-6);
});

test('clocks that drift apart are measured anew', t => {
  const pass = holdTime(t);
  const clock = new Clock();
  clock.arrived(now() + AHEAD);
  for (let i = 0; i < 3; i++) {
    pass(130_000);
    clock.arrived(now() + AHEAD - 700);
  }
  assert(Math.abs(clock.age(now() + AHEAD - 700)) < 1e-6);
});

test('the shortest round trip counts', () => {
  const clock = new Clock();
  clock.roundTripWas(5);
  clock.roundTripWas(7);
  assert.equal(clock.roundTrip, 5);
});

test('a client tells how old its data is, and what the way takes', async t => {
  const pass = holdTime(t);
  const {client, connection} = await connected(t);
  const heard = recorder();
  client.subscribe('a/#', heard);
  assert.equal(client.age('a/#'), undefined);
  assert.equal(client.age('b'), undefined);
  connection.send(['pong', -1, now() + AHEAD]);
  connection.send(['mark', 0, 20]);
  connection.publish('a/new', '', {time: now() + AHEAD - 40});
  connection.publish('a/retained', '', {time: now() + AHEAD - 5000});
  await connection.handled();
  assert.deepEqual(heard.calls.map(([, {age}]) => Math.round(age * 1000)), [50, 5010]);
  assert.equal(client.roundTrip, 0.02);
  pass(1000);
  assert.equal(Math.round(client.age('a/#') * 1000), 1050);
});

test('across a lost connection the age goes on, until the new one tells how the clocks differ', async t => {
  const pass = holdTime(t);
  const {client, server, connection} = await connected(t);
  client.subscribe('a', () => {});
  await connection.gets('ping');
  connection.send(['pong', -1, now() + AHEAD]);
  connection.publish('a', '', {time: now() + AHEAD - 2000});
  await connection.handled();
  server.answersPings = false;
  for (let losses = 1; losses <= 2; losses++) {
    (losses === 1 ? connection : await server.connection()).drop();
    pass(1000);
    await next(client, 'open');
    assert.equal(Math.round(client.age('a')), 2 + losses);
  }
  const other = await server.connection();
  other.send(['pong', -1, now() + AHEAD - 500]); // another machine's clock
  await other.handled();
  assert.equal(client.age('a').toFixed(1), '3.5');
});
