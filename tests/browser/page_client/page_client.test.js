// simws.js in a browser with a server of ours. The environment variable BROWSER says in which one.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';

import {launch, open, until} from './browser.js';
import {Host} from './host.js';

const SCRIPT = fileURLToPath(new URL('robot.lua', import.meta.url));
const BROWSER = process.env.BROWSER ?? 'chromium';

// A page of the host with a client, which notes what it gets and sends.
async function visit(browser, url, options = {}) {
  const page = await open(browser, url);
  await until(page, 'the module is there', () => window.isReady);
  await page.evaluate(options => {
    Object.assign(window, {states: [], errors: [], closes: [], messages: [], asked: [], heard: {}});
    class Noting extends WebSocket {
      send(data) {
        if (typeof data === 'string' && data.startsWith('["subscribe"')) asked.push(data);
        super.send(data);
      }
    }
    const {address, ...others} = options;
    window.client = connect(address, {WebSocket: Noting, reconnect: {initial: 0.05, max: 0.2}, ...others});
    client.on('state', state => states.push(state));
    client.on('error', error => errors.push(error.message));
    client.on('close', closed => closes.push(closed));
    client.on('message', data => messages.push(typeof data === 'string' ? data : [...new Uint8Array(data)]));
    window.gaps = ticks => ticks.slice(1).map(({data}, i) => data - ticks[i].data);
    window.hear = (topic, options) => client.subscribe(topic, (data, message) => {
      (heard[topic] ??= []).push({data, ...message});
    }, options);
  }, options);
  return page;
}

async function isOpen(page) {
  await until(page, 'it is connected', () => client.state === 'open');
}

test(`simws.js in ${BROWSER}`, async t => {
  const browser = await launch(t, BROWSER);
  let host = await Host.start(t, SCRIPT, '0', 'first');
  const {port, url} = host;
  const page = await visit(browser, url);

  await t.test('connects to where the page came from', async () => {
    await isOpen(page);
    assert.deepEqual(await page.evaluate(() => states), ['open']);
  });

  await t.test('gets what is retained, and what comes', async () => {
    await page.evaluate(() => (hear('map'), hear('tick', {policy: 'latest'})));
    await until(page, 'there are map and ticks', () => heard.map && heard.tick?.length > 3);
    const {data, topic, key, age} = await page.evaluate(() => heard.map[0]);
    assert.deepEqual([data, topic, key], ['map of first', 'map', 'hall']);
    assert(age >= 0);
    const [ageOfMap, ageOfTick] = await page.evaluate(() => [client.age('map'), client.age('tick')]);
    assert(ageOfMap > ageOfTick);
  });

  await t.test('a hundred topics, each to its own', async () => {
    await page.evaluate(() => {
      for (let i = 1; i <= 100; i++) hear(`robot/${i}`, {policy: 'latest'});
    });
    await until(page, 'all have come thrice', () => {
      return Array.from({length: 100}, (_, i) => heard[`robot/${i + 1}`]).every(list => list?.length >= 3);
    });
    assert(await page.evaluate(() => {
      return Object.entries(heard).every(([topic, list]) => list.every(message => message.topic === topic));
    }));
  });

  await t.test('what the page sends and publishes comes to the script', async () => {
    await page.evaluate(() => {
      hear('driven');
      client.publish('drive', 'fast');
      client.send('grüße');
      client.send(new Uint8Array([0, 10, 255]));
    });
    await until(page, 'the script has heard of all', () => heard.driven && messages.length === 2);
    assert.equal(await page.evaluate(() => heard.driven[0].data), 'drive fast');
    assert.deepEqual(await page.evaluate(() => messages), ['grüße', [0, 10, 255]]);
  });

  await t.test('messages of many parts come whole', async () => {
    await page.evaluate(() => {
      window.big = {};
      client.subscribe('big/#', (data, {topic}) => (big[topic] = data));
      client.send('big');
    });
    await until(page, 'both have come', () => 'big/text' in big && 'big/bytes' in big);
    assert(await page.evaluate(() => big['big/text'] === 'grün '.repeat(100_000)));
    assert(await page.evaluate(() => {
      const bytes = new Uint8Array(big['big/bytes']);
      return bytes.length === 400_000 && bytes.every((byte, i) => byte === [0, 1, 2, 255][i % 4]);
    }));
  });

  await t.test('what it may not is refused, and said why', async () => {
    await page.evaluate(() => (hear('secret'), client.publish('tick', 'x')));
    await until(page, 'both are refused', () => errors.length === 2);
    const errors = await page.evaluate(() => window.errors);
    assert.match(errors[0], /^subscribe of 'secret' is refused: ./);
    assert.match(errors[1], /^publish of 'tick' is refused: ./);
  });

  await t.test('in the background it asks for less, and catches up', async () => {
    await page.evaluate(() => (asked.length = 0));
    const other = await open(browser, 'about:blank');
    await other.bringToFront();
    const hasAsked = (...lines) => lines.every(line => asked.includes(line));
    const less = '{"policy":"latest","rate":1}';
    await until(page, 'it has asked for less', hasAsked, `["subscribe","tick",${less}]`, `["subscribe","map",${less}]`);
    await until(page, 'ticks are left out', () => gaps(heard.tick).some(gap => gap > 10));
    await page.evaluate(() => (asked.length = heard.tick.length = 0));
    await page.bringToFront();
    await other.close();
    await until(page, 'it has asked for everything', hasAsked, '["subscribe","tick",{"policy":"latest"}]', '["subscribe","map",{}]');
    await until(page, 'none are left out', () => heard.tick.length > 9 && gaps(heard.tick).slice(-9).every(gap => gap < 10));
  });

  await t.test('a page that is slow gets less', async () => {
    const slow = await visit(browser, url);
    await slow.evaluate(() => {
      hear('scan', {policy: 'latest'});
      client.subscribe('scan', () => {
        for (const end = performance.now() + 300; performance.now() < end;);
      });
    });
    await until(slow, 'most scans are left out', () => {
      const last = heard.scan?.slice(-10).map(({data}) => Number(data)) ?? [];
      return last.length === 10 && last[9] - last[0] > 27;
    });
    await slow.close();
  });

  for (const kind of ['Worker', 'SharedWorker']) {
    await t.test(`works in a ${kind}`, async () => {
      await page.evaluate(kind => {
        window.fromWorker = [];
        const worker = new globalThis[kind]('/worker.js', {type: 'module'});
        (worker.port ?? worker).onmessage = ({data}) => fromWorker.push(data);
      }, kind);
      await until(page, 'it has map and ticks', kind => {
        return fromWorker.includes('tick') && (kind === 'SharedWorker' || fromWorker.includes('map of first'));
      }, kind);
    });
  }

  await t.test('a network that is gone is noticed, and found again', async () => {
    const other = await visit(browser, url, {heartbeat: 0.1, timeout: 0.5});
    await isOpen(other);
    await until(other, 'signs of life are answered', () => client.roundTrip !== undefined);
    host.pause();
    await until(other, 'it has noticed', () => closes.some(({reason}) => reason === 'the network is gone'));
    host.resume();
    await isOpen(other);
    await other.close();
  });

  await t.test('a server that was killed and started again is found, with its retained state', async () => {
    await host.kill();
    await until(page, 'it has noticed', () => client.state !== 'open');
    host = await Host.start(t, SCRIPT, String(port), 'second');
    await isOpen(page);
    await until(page, 'it has the new map', () => heard.map.some(({data}) => data === 'map of second'));
    const ticks = await page.evaluate(() => heard.tick.length);
    await until(page, 'ticks come', ticks => heard.tick.length > ticks, ticks);
  });

  await t.test('a page that leaves a topic hears no more of it', async () => {
    await page.evaluate(() => {
      window.count = 0;
      const leave = client.subscribe('robot/#', () => ++count === 5 && leave());
    });
    await until(page, 'it has left', () => count >= 5);
    const ticks = await page.evaluate(() => heard.tick.length);
    await until(page, 'more would have come', ticks => heard.tick.length > ticks + 5, ticks);
    assert.equal(await page.evaluate(() => count), 5);
  });

  await t.test('it stays away when the script says so', async () => {
    await page.evaluate(() => client.send('leave'));
    await until(page, 'it is closed', () => client.state === 'closed');
    assert.deepEqual(await page.evaluate(() => closes.at(-1)), {code: 4001, reason: 'enough'});
  });

  await t.test('a page that was opened with the token needs none', async t => {
    const guarded = await Host.start(t, SCRIPT, '0', 'guarded', 's3cret');
    const inside = await visit(browser, `${guarded.url}?token=s3cret`);
    await isOpen(inside);
    await inside.evaluate(() => hear('map'));
    await until(inside, 'the map has come', () => heard.map?.[0].data === 'map of guarded');

    const address = guarded.url.replace('localhost', '127.0.0.1'); // where the page has no cookie of
    const outside = await visit(browser, url.replace('localhost', '127.0.0.1'), {address, reconnect: false});
    await until(outside, 'it is not let in', () => client.state === 'closed');
    assert.match((await outside.evaluate(() => errors))[0], /^no connection to ws:/);
    const letIn = await visit(browser, url.replace('localhost', '127.0.0.1'), {address, token: 's3cret'});
    await isOpen(letIn);
    assert.deepEqual([...inside.complaints, ...letIn.complaints], []);
    assert.equal(await guarded.terminate(), 0);
  });

  await t.test('no page has complained', () => assert.deepEqual(page.complaints, []));
  await t.test('the server ends in order', async () => assert.equal(await host.terminate(), 0));
});
