import assert from 'node:assert/strict';
import {test} from 'node:test';

import * as format from '../format.js';

function holds(shown, table) {
  for (const [value, expected] of table) assert.equal(shown(value), expected, `of ${value}`);
}

test('things are counted in words', () => {
  assert.deepEqual([0, 1, 1200].map(value => format.counted(value, 'line')), ['0 lines', '1 line', '1,200 lines']);
});

test('bytes', () => holds(format.bytes, [
  [0, '0 B'], [1, '1 B'], [1023, '1023 B'], [1024, '1 KiB'], [1536, '1.5 KiB'], [10 * 1024 + 300, '10.3 KiB'],
  [200 * 1024, '200 KiB'], [1024 ** 2 - 1, '1 MiB'], [5 * 1024 ** 3, '5 GiB'], [2 ** 60, '1048576 TiB'], [12.3, '12 B'],
  [undefined, '–'], [NaN, '–'],
]));

test('counts', () => holds(format.count, [
  [0, '0'], [9999, '9999'], [10_000, '10k'], [12_345, '12.3k'], [1_500_000, '1.5M'], [undefined, '–'], [null, '–'],
]));

test('rates', () => holds(format.rate, [
  [0, '0'], [0.05, '<0.1'], [0.51, '0.5'], [9.96, '10'], [20.4, '20'], [18_400, '18.4k'], [undefined, '–'],
]));

test('durations', () => holds(format.duration, [
  [0, '0 s'], [-1, '0 s'], [0.0000004, '0.4 µs'], [0.00012, '120 µs'], [0.0012, '1.2 ms'], [0.34, '340 ms'], [2.1, '2.1 s'],
  [59, '59 s'], [200, '3 min 20 s'], [14_520, '4 h 2 min'], [262_800, '3 d 1 h'], [NaN, '–'], [undefined, '–'],
]));

test('times of the day', () => {
  const noon = new Date(2026, 1, 3, 12, 4, 5, 67).getTime();
  assert.equal(format.clock(noon), '12:04:05.067');
  assert.equal(format.clock(noon, false), '12:04:05');
});

test('bytes as a hex dump', () => {
  assert.equal(format.hexDump(new Uint8Array()), '');
  assert.equal(format.hexDump(Uint8Array.of(0, 65, 255)), '000000  00 41 ff                                          .A.');
  const lines = format.hexDump(Uint8Array.from({length: 33}, (_, i) => 64 + i)).split('\n');
  assert.equal(lines.length, 3);
  assert.equal(lines[1], '000010  50 51 52 53 54 55 56 57  58 59 5a 5b 5c 5d 5e 5f  PQRSTUVWXYZ[\\]^_');
});

test('hex that was typed', () => {
  assert.deepEqual(format.parseHex('00 fF\n1b'), Uint8Array.of(0, 255, 27));
  assert.deepEqual(format.parseHex(''), new Uint8Array());
  for (const bad of ['0', '0g', '0x00', 'é']) assert.equal(format.parseHex(bad), undefined);
});

test('JSON is indented, and what is none is left', () => {
  assert.equal(format.prettyJson('{"a":[1]}'), '{\n  "a": [\n    1\n  ]\n}');
  for (const text of ['', '12', 'hello', '{"a":', '[1,', '"x"']) assert.equal(format.prettyJson(text), undefined);
});

test('a message on one line', () => {
  assert.equal(format.preview({text: 'a\n  b'}), 'a b');
  assert.equal(format.preview({text: 'x'.repeat(200)}, 3), 'xxx…');
  assert.equal(format.preview({bytes: 'AP8b'}), '00 ff 1b');
});

test('programs by their own words', () => holds(format.agentName, [
  ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', 'Chrome 142'],
  ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0', 'Edge 142'],
  ['Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15', 'Safari 18'],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox 140'],
  ['Python/3.11 websockets/15.0', 'Python/3.11'], ['', ''], [undefined, ''],
]));
