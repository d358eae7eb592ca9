import assert from 'node:assert/strict';
import {test} from 'node:test';

import {MOST_LINES, MOST_MESSAGES, MOST_MESSAGE_BYTES, MOST_SECONDS, Store, arranged, rateOf} from '../store.js';

function tell(store, topic, data, {key = '', time = 1000} = {}) {
  store.apply(topic, key, time, data === undefined ? '' : JSON.stringify(data));
}

const COLUMNS = ['number', 'address', 'messagesIn'];

test('a rate needs two figures that rise', () => {
  assert.equal(rateOf(10, 20, 500), 20);
  assert.equal(rateOf(10, 10, 500), 0);
  for (const [before, after, time] of [[undefined, 1, 1], [2, 1, 1], [1, 2, 0], [1, undefined, 1]]) {
    assert.equal(rateOf(before, after, time), undefined);
  }
});

test('figures of the server have rates by its own clock', () => {
  const store = new Store();
  tell(store, 'server', {messagesIn: 100, connections: 2}, {time: 1000});
  assert.equal(store.server.messagesInRate, undefined);
  tell(store, 'server', {messagesIn: 150, connections: 3}, {time: 1500});
  assert.equal(store.server.messagesInRate, 100);
  assert.equal(store.server.connections, 3);
  tell(store, 'server', {messagesIn: 5}, {time: 2000});
  assert.equal(store.server.messagesInRate, undefined);
});

test("what time it is the server says", () => {
  const store = new Store();
  assert(Math.abs(store.now - Date.now()) < 5000);
  tell(store, 'server', {connections: 2}, {time: 5000});
  assert.equal(store.now, 5000);
});

test('a block of rows replaces what it had', () => {
  const {connections} = new Store();
  connections.apply('0', {columns: COLUMNS, rows: [[1, 'a', 10], [2, 'b', 0]]}, 1000);
  connections.apply('1', {columns: COLUMNS, rows: [[65, 'z', 0]]}, 1000);
  assert.equal(connections.size, 3);
  connections.apply('0', {columns: COLUMNS, rows: [[1, 'a', 30], [3, 'c', 0]]}, 2000);
  assert.deepEqual(connections.all().map(row => row.number).sort((a, b) => a - b), [1, 3, 65]);
  assert.equal(connections.get(1).messagesInRate, 20);
  assert.equal(connections.get(3).messagesInRate, undefined);
  connections.apply('0', undefined, 3000);
  assert.deepEqual(connections.all().map(row => row.number), [65]);
  connections.clear();
  assert.equal(connections.size, 0);
});

test('a row that has moved to another block is kept', () => {
  const {topics} = new Store();
  topics.apply('0', {columns: ['name'], rows: [['a'], ['b']], total: 2}, 0);
  topics.apply('1', {columns: ['name'], rows: [['b']], total: 3}, 0);
  topics.apply('0', {columns: ['name'], rows: [['a'], ['aa']], total: 3}, 0);
  assert.deepEqual(topics.all().map(row => row.name).sort(), ['a', 'aa', 'b']);
  assert.equal(topics.total, 3);
});

test('the history is as long as it may be, and each second is in it once', () => {
  const {history} = new Store();
  const row = second => [second * 1000, second * 10];
  const columns = ['time', 'messagesIn'];
  history.apply({columns, rows: Array.from({length: MOST_SECONDS}, (_, i) => row(i))});
  history.apply({columns, rows: [row(MOST_SECONDS)]});
  history.apply({columns, rows: [row(MOST_SECONDS)]});
  assert.equal(history.size, MOST_SECONDS);
  assert.equal(history.times()[0], 1);
  assert.deepEqual(history.values('messagesIn').slice(0, 2), [10, 20]);
  assert.deepEqual(history.rates('messagesIn').slice(0, 3), [null, 10, 10]);
  assert(history.has('messagesIn') && !history.has('passP50'));
  history.apply({columns, rows: [row(5), row(6)]});
  assert.deepEqual(history.times(), [5, 6]);
});

test('a server that starts anew leaves a gap', () => {
  const {history} = new Store();
  history.apply({columns: ['time', 'bytesIn'], rows: [[1000, 500], [2000, 10], [3000, 20]]});
  assert.deepEqual(history.rates('bytesIn'), [null, null, 10]);
});

const message = (number, more = {}) => ({number, connection: 1, in: true, opcode: 'text', size: 1, text: 'x', ...more});

test('messages are bounded in number and bytes', () => {
  const {messages} = new Store();
  for (let i = 0; i < 300; i++) {
    messages.apply({passed: 100, messages: Array.from({length: 5}, (_, n) => message(5 * i + n))});
  }
  assert.equal(messages.size, MOST_MESSAGES);
  assert.equal(messages.matching()[0].number, 1499);
  assert.deepEqual([messages.passed, messages.shown], [30_000, 1500]);
  for (let i = 0; i < 1000; i++) messages.apply({passed: 1, messages: [message(2000 + i, {text: 'x'.repeat(5400)})]});
  assert(messages.size < MOST_MESSAGE_BYTES / 5400);
  assert.equal(messages.matching()[0].number, 2999);
  messages.clear();
  assert.equal(messages.size, 0);
});

test('messages are found by connection, topic and text', () => {
  const {messages} = new Store();
  messages.apply({passed: 3, messages: [
    message(1, {connection: 7, text: 'Hello'}), message(2, {topic: 'robots/1', key: 'pose'}),
    message(3, {text: undefined, bytes: 'AAAA'}),
  ]});
  const numbers = filter => messages.matching(filter).map(each => each.number);
  assert.deepEqual(numbers(), [3, 2, 1]);
  assert.deepEqual(numbers({connection: '7'}), [1]);
  assert.deepEqual(numbers({topic: 'ROBOTS'}), [2]);
  assert.deepEqual(numbers({topic: 'pose'}), [2]);
  assert.deepEqual(numbers({text: 'hell'}), [1]);
  assert.deepEqual(numbers({text: 'x', connection: '1'}), [2]);
});

test('what comes while it is paused is left out', () => {
  const {messages} = new Store();
  messages.isPaused = true;
  messages.apply({passed: 5, messages: [message(1)]});
  assert.deepEqual([messages.size, messages.passed], [0, 0]);
});

test('each line comes once, and says what is missing before it', () => {
  const {lines} = new Store();
  lines.apply({lines: [[4, 0, 'info', 'four'], [5, 0, 'debug', 'five']]});
  lines.apply({lines: [[4, 0, 'info', 'four'], [5, 0, 'debug', 'five'], [9, 0, 'error', 'Nine']]});
  assert.deepEqual(lines.matching().map(line => [line.number, line.missing]), [[9, 3], [5, 0], [4, 0]]);
  assert.deepEqual(lines.matching({least: 'info'}).map(line => line.number), [9, 4]);
  assert.deepEqual(lines.matching({text: 'nine'}).map(line => line.number), [9]);
  for (let i = 10; i < 2000; i++) lines.apply({lines: [[i, 0, 'info', 'x']]});
  assert.equal(lines.size, MOST_LINES);
  lines.apply({lines: [[1000, 0, 'info', 'again, for another page']]});
  assert.equal(lines.size, MOST_LINES);
  lines.clear();
  lines.apply({lines: [[1, 0, 'info', 'of a server that has started anew']]});
  assert.equal(lines.size, 1);
  lines.apply({lines: []});
  assert.equal(lines.size, 1);
});

test('rows are filtered by words and sorted, what is missing last', () => {
  const rows = () => [
    {name: 'b 10', size: 2}, {name: 'a 9', size: undefined}, {name: 'a 10', size: 30}, {name: 'c', size: null},
  ];
  const names = how => arranged(rows(), {texts: ['name'], ...how}).map(row => row.name);
  assert.deepEqual(names({by: 'name'}), ['a 9', 'a 10', 'b 10', 'c']);
  assert.deepEqual(names({by: 'size'}), ['b 10', 'a 10', 'a 9', 'c']);
  assert.deepEqual(names({by: 'size', isDescending: true}), ['a 10', 'b 10', 'a 9', 'c']);
  assert.deepEqual(names({filter: '10 A'}), ['a 10']);
});
