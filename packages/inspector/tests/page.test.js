// The page: what it shows of a busy server, what is done with it, by hand and by keyboard.
import assert from 'node:assert/strict';
import {test} from 'node:test';

import {open} from '../../../tests/browser/page_client/browser.js';
import {FakeServer, Scene} from './fake_server.js';
import {chromium, stage, textOf, until, visit} from './page_fixture.js';

const rowsShown = page => page.evaluate(() => document.querySelectorAll('section:not([hidden]) tbody tr:not(.space)').length);

test('the page', async t => {
  const browser = await chromium(t);
  const {server, scene} = await stage(t, {connections: 1000, topics: 200});

  await t.test('shows figures, and charts of ten minutes', async () => {
    const page = await visit(browser, server);
    await until(page, 'charts are drawn', () => document.querySelectorAll('.chart canvas').length === 6);
    assert.equal(await textOf(page, '.figures dd'), '1000');
    assert.equal(await textOf(page, '#state'), 'Live');
    await until(page, 'the latest are told in words', () => !document.querySelector('.legend b').textContent.includes('–'));
    assert.deepEqual(page.complaints, []);
    await page.close();
  });

  await t.test('a thousand connections are a table of a few elements', async () => {
    const page = await visit(browser, server, 'connections');
    await until(page, 'all are known', () => document.querySelector('#connections [data-count]').textContent === '1,000 connections');
    assert(await rowsShown(page) < 60);
    assert.equal(await page.evaluate(() => document.querySelector('#connections table').getAttribute('aria-rowcount')), '1001');
    await page.evaluate(() => document.querySelector('#connections .scroller').scrollTo(0, 1e9));
    await until(page, 'the last is seen', () => [...document.querySelectorAll('#connections td.id')].some(cell => cell.textContent === '1000'));
    await page.type('#connections [name=filter]', '.10:40009');
    await until(page, 'one is left', () => document.querySelector('#connections [data-count]').textContent === '1 of 1,000 connections');
    assert.equal(await textOf(page, '#connections td.main'), '192.168.2.10:40009');
    assert.deepEqual(page.complaints, []);
    await page.close();
  });

  await t.test('they are sorted by what is clicked', async () => {
    const page = await visit(browser, server, 'connections');
    const sortBy = title => page.evaluate(title => {
      [...document.querySelectorAll('#connections th button')].find(button => button.textContent === title).click();
    }, title);
    await until(page, 'all are known', () => document.querySelector('#connections [data-count]').textContent === '1,000 connections');
    await sortBy('#');
    await until(page, 'the last is first', () => document.querySelector('#connections td.id').textContent === '1000');
    await sortBy('Waiting');
    await until(page, 'the largest come first', () => {
      const sizes = [...document.querySelectorAll('#connections tbody tr:not(.space)')].map(row => row.data.queuedBytes);
      return sizes[0] > 390_000 && sizes.every((size, i) => i === 0 || sizes[i - 1] >= size);
    });
    assert.equal(await page.evaluate(() => document.querySelector('#connections [aria-sort]').textContent), 'Waiting');
    await page.close();
  });

  await t.test("how long they are open is told by the server's clock", async () => {
    const page = await visit(browser, server, 'connections', [2560, 1440]);
    await page.evaluate(() => {
      const {now} = Date;
      Date.now = () => now() + 3 * 86_400_000;
    });
    await until(page, 'it is drawn anew', () => /\d/.test(document.querySelector('#connections tbody tr:not(.space) td.from-wide:last-child').textContent));
    await page.evaluate(() => document.querySelector('#connections [name=filter]').dispatchEvent(new Event('input')));
    assert.doesNotMatch(await textOf(page, '#connections tbody tr:not(.space) td.from-wide:last-child'), / d/);
    await page.close();
  });

  await t.test('a connection is closed after a question, and sent to', async () => {
    const page = await visit(browser, server, 'connections');
    await until(page, 'rows are there', () => document.querySelectorAll('#connections td.id').length > 5);
    await page.click('#connections tbody tr:nth-child(4)');
    assert.equal(await textOf(page, 'dialog .facts dd'), '3');
    await page.type('dialog textarea', 'hello');
    await page.click('form[name=send] button');
    await until(page, 'it was sent', () => document.querySelector('dialog .answer').textContent === 'sent');
    await page.evaluate(() => {
      document.querySelector('dialog textarea').value = 'zz';
      document.querySelector('dialog [value=binary]').checked = true;
    });
    await page.click('form[name=send] button');
    await until(page, 'it is no hex', () => document.querySelector('dialog .answer').classList.contains('bad'));
    await page.type('dialog [name=reason]', 'bye');
    await page.click('form[name=close] button');
    assert(!server.asked.some(({what}) => what.startsWith('close')));
    await page.click('dialog [name=yes]');
    await until(page, 'it is closed', () => document.querySelector('dialog .answer').textContent === 'closed with 1000 bye');
    await until(page, 'and gone', () => document.querySelector('dialog').classList.contains('gone'));
    const asked = server.asked.filter(({what}) => what !== 'begin' && what !== 'rows');
    assert.deepEqual(asked, [{what: 'send/3', data: 'hello'}, {what: 'close/3', data: '1000 bye'}]);
    assert(!scene.numbers.includes(3));
    await page.close();
  });

  await t.test('two hundred topics with rates', async () => {
    const page = await visit(browser, server, 'topics');
    await until(page, 'all are known', () => document.querySelector('#topics [data-count]').textContent === '200 topics');
    await until(page, 'rates are there', () => /^[\d.k]+\/s$/.test(document.querySelector('#topics tbody tr:nth-child(2) td:nth-child(3)').textContent));
    await page.click('#topics tbody tr:nth-child(2)');
    assert.equal(await page.evaluate(() => document.querySelector('#messages [name=topic]').value), 'robots/1/battery');
    await page.close();
  });

  await t.test('messages as they pass are filtered, paused, and shown in full', async () => {
    const page = await visit(browser, server, 'messages');
    await until(page, 'messages come', () => document.querySelectorAll('#messages tbody tr').length > 20);
    assert.match(await textOf(page, '#messages [data-count]'), /^a sample: \d+ of [\d.k]+/);
    await page.click('#messages [name=pause]');
    const first = await page.evaluate(() => document.querySelector('#messages tbody tr:nth-child(2)').key);
    const before = server.asked.length;
    server.publish('messages', scene.messages());
    await page.type('#messages [name=topic]', 'camera · front');
    await until(page, 'these only', () => [...document.querySelectorAll('#messages td.topic')].every(cell => cell.textContent === 'camera · front'));
    await page.click('#messages tbody tr:nth-child(2)');
    assert.match(await textOf(page, '#messages pre'), /^000000  00 /);
    await page.evaluate(() => {
      const form = document.querySelector('#messages form');
      form.reset();
      form.dispatchEvent(new Event('input'));
    });
    await until(page, 'nothing has come meanwhile', first => Number(document.querySelector('#messages tbody tr:nth-child(2)').key) === first, first);
    await page.type('#messages [name=text]', 'battery');
    await until(page, 'JSON only', () => document.querySelector('#messages td.data')?.textContent.startsWith('{'));
    await page.click('#messages tbody tr:nth-child(2)');
    assert.match(await textOf(page, '#messages pre'), /^\{\n  "t": /);
    await page.click('[data-form=hex]');
    assert.match(await textOf(page, '#messages pre'), /^000000  7b 22/);
    assert.equal(server.asked.length, before);
    await page.close();
  });

  await t.test('what nobody looks at is not asked for', async () => {
    const page = await visit(browser, server, 'messages');
    await until(page, 'messages come', () => document.querySelectorAll('#messages tbody tr').length > 3);
    assert(server.subscribed.has('messages') && !server.subscribed.has('connections'));
    await page.click('#tab-connections');
    await until(page, 'connections come', () => document.querySelectorAll('#connections tbody tr').length > 3);
    assert(!server.subscribed.has('messages') && server.subscribed.has('connections'));
    await page.close();
  });

  await t.test('log lines are filtered by level and text, and the level of the log is set', async () => {
    const page = await visit(browser, server, 'log');
    await until(page, 'lines are there', () => document.querySelectorAll('#log tbody tr').length > 20);
    assert(await page.evaluate(() => ![...document.querySelectorAll('#log td.level')].some(cell => cell.textContent === 'debug')));
    await page.select('#log [name=least]', 'error');
    await until(page, 'errors only', () => [...document.querySelectorAll('#log td.level')].every(cell => cell.textContent === 'error'));
    await page.select('#log [name=least]', 'debug');
    await page.type('#log [name=filter]', 'CONNECTION:17');
    await until(page, 'these only', () => [...document.querySelectorAll('#log td.level')].every(cell => cell.textContent === 'debug'));
    await page.select('#log [name=level]', 'debug');
    await until(page, 'it was asked for', () => document.querySelector('#log [data-count]').textContent === 'done');
    assert.deepEqual(server.asked.at(-1), {what: 'log-level', data: 'debug'});
    await page.close();
  });

  await t.test('a server that goes and comes is told, and caught up with', async () => {
    const page = await visit(browser, server, 'connections');
    server.drop();
    await until(page, 'it says so', () => document.querySelector('#state').dataset.state === 'away');
    await until(page, 'it is back', () => document.querySelector('#state').dataset.state === 'live');
    await until(page, 'rows are there', () => document.querySelectorAll('#connections tbody tr').length > 3);
    assert.deepEqual(page.complaints, []);
    await page.close();
  });
});

test('a broker has a line', async t => {
  const browser = await chromium(t);
  const {server, scene} = await stage(t, {});
  const page = await visit(browser, server);
  await until(page, 'charts are drawn', () => document.querySelectorAll('.chart canvas').length === 6);
  assert(await page.evaluate(() => document.querySelector('#broker').hidden), 'there is none');
  scene.broker = {};
  await until(page, 'it is told', () => /connected to hall as 'arm' · \S+ sent \(\d+\/s\)/.test(document.querySelector('#broker').textContent));
  scene.broker = {state: 'connecting', error: 'no route'};
  await until(page, 'it is away', () => /connecting: no route/.test(document.querySelector('#broker.bad')?.textContent));
  assert.deepEqual(page.complaints, []);
  await page.close();
});

test('a server that says nothing more is stale', async t => {
  const browser = await chromium(t);
  const {server} = await stage(t, {connections: 3, topics: 1});
  const page = await visit(browser, server);
  server.publish = () => {};
  await until(page, 'it says so', () => document.querySelector('#state').dataset.state === 'stale');
  assert.match(await textOf(page, '#state'), /^Nothing for \d+ s$/);
});

test('a flood is bounded in elements', async t => {
  const browser = await chromium(t);
  const {server, scene} = await stage(t, {connections: 200, topics: 20, faster: 6});
  const page = await visit(browser, server, 'messages');
  for (let i = 0; i < 400; i++) server.publish('messages', scene.messages(50, 1e6));
  await until(page, 'they are there', () => /of \d{3}M/.test(document.querySelector('#messages [data-count]').textContent));
  assert(await rowsShown(page) < 60);
  assert.equal(await page.evaluate(() => document.querySelector('#messages table').getAttribute('aria-rowcount')), '1001');
  assert(await page.evaluate(() => document.querySelectorAll('*').length) < 2000);
  assert.deepEqual(page.complaints, []);
});

test("a chart's last time is whole, though it stands at the edge", async t => {
  const browser = await chromium(t);
  const server = await FakeServer.start();
  t.after(() => server.stop());
  const scene = new Scene();
  const minute = 60_000 * Math.floor(Date.now() / 60_000);
  const {columns, rows} = scene.history(90);
  rows.forEach((row, i) => { row[0] = minute + (i + 1 - rows.length) * 1000; });
  const page = await open(browser, server.url);
  await until(page, 'it is connected', () => document.querySelector('#state').textContent === 'Live');
  server.publish('server', scene.server());
  server.publish('history', {columns, rows});
  await until(page, 'charts are drawn', () => document.querySelectorAll('.chart canvas').length === 6);
  const isDrawnAtEdge = await page.evaluate(() => [...document.querySelectorAll('.chart canvas')].some(canvas => {
    return canvas.getContext('2d').getImageData(canvas.width - 4, 0, 4, canvas.height).data.some(value => value !== 0);
  }));
  assert(!isDrawnAtEdge);
  await page.close();
});
