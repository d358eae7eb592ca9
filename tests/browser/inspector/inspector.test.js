// The inspector's page with a server of ours, in Chromium.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';

import {fromNpm} from '../../../packages/js/tests/npm.js';
import {launch, open, until} from '../page_client/browser.js';
import {Host} from '../page_client/host.js';

const {WebSocket} = fromNpm('ws');
const SCRIPT = fileURLToPath(new URL('robot.lua', import.meta.url));

// A client that notes what comes.
async function connect(port, path = '/', options = {}) {
  const client = new WebSocket(`ws://localhost:${port}${path}`, options);
  client.heard = [];
  client.on('message', data => client.heard.push(data.toString()));
  client.closed = new Promise(resolve => client.on('close', (code, reason) => resolve(`${code} ${reason}`)));
  await new Promise((resolve, reject) => client.on('open', resolve).on('error', reject));
  return client;
}

const hasRow = (view, text) => [...document.querySelectorAll(`#${view} tbody tr`)].some(row => row.textContent.includes(text));

test('the inspector of a server', async t => {
  const browser = await launch(t, 'chromium');
  const host = await Host.start(t, '--inspector', SCRIPT, '0');
  const client = await connect(host.port, '/arm?token=secret', {headers: {'User-Agent': 'robot/2.0'}});
  const page = await open(browser, `${host.url}_simws/#connections`);
  let talk;
  t.after(() => clearInterval(talk));

  await t.test('shows who is connected', async () => {
    await until(page, 'it is there', hasRow, 'connections', '/arm?token=***');
    await until(page, 'and alone', () => document.querySelector('#connections [data-count]').textContent === '1 connection');
    assert(await page.evaluate(hasRow, 'connections', 'robot/2.0'));
    await until(page, 'it is counted', () => document.querySelector('.figures dd').textContent === '1');
  });

  await t.test('shows topics, and what is published', async () => {
    await page.click('#tab-topics');
    await until(page, 'with a rate', () => [...document.querySelectorAll('#topics tbody tr')].some(row => /^pose0[\d.]+\/s/.test(row.textContent)));
    await page.click('#tab-messages');
    talk = setInterval(() => client.send('hello'), 50); // what was said before somebody looked isn't shown
    await until(page, 'what it said', hasRow, 'messages', 'hello');
    await until(page, 'and what was answered', hasRow, 'messages', 'heard hello');
  });

  await t.test('draws charts of the passes', async () => {
    await page.click('#tab-overview');
    await until(page, 'there they are', () => {
      const chart = [...document.querySelectorAll('.chart')].find(each => each.textContent.startsWith('Pass time'));
      return !chart.hidden && chart.querySelector('canvas') !== null;
    });
    clearInterval(talk);
  });

  await t.test('shows the log, and sets its level', async () => {
    await page.click('#tab-log');
    await until(page, 'the first line', hasRow, 'log', 'listening on');
    await page.select('#log [name=level]', 'debug');
    await until(page, 'it is set', () => document.querySelector('#log [data-count]').textContent.includes('debug on'));
    await page.select('#log [name=least]', 'debug');
    const other = await connect(host.port);
    await until(page, 'what was left out before', hasRow, 'log', 'open');
    other.close();
    await other.closed;
  });

  await t.test('sends to a connection and closes it, and the script hears of that alone', async () => {
    await page.click('#tab-connections');
    await until(page, 'it is there', hasRow, 'connections', '/arm');
    await page.evaluate(() => [...document.querySelectorAll('#connections tbody tr')].find(row => row.textContent.includes('/arm')).click());
    await page.type('dialog textarea', 'from the inspector');
    await page.click('form[name=send] button');
    await until(page, 'it was sent', () => document.querySelector('dialog .answer').textContent === 'sent');
    await page.evaluate(() => { document.querySelector('dialog [name=code]').value = 4001; });
    await page.type('dialog [name=reason]', 'enough');
    await page.click('form[name=close] button');
    await page.click('dialog [name=yes]');
    assert.equal(await client.closed, '4001 enough');
    assert(client.heard.includes('from the inspector'));
    const reader = new WebSocket(`ws://localhost:${host.port}/`, 'simws.topics.1');
    const closed = new Promise(resolve => reader.on('message', data => /\n4001 enough$/.test(data) && resolve()));
    const count = new Promise(resolve => reader.on('message', data => /"count".*\n1$/s.test(data) && resolve()));
    reader.on('open', () => reader.send('["subscribe","#"]'));
    await closed;
    await count; // the page isn't one of the script's
    reader.close();
  });

  assert.deepEqual(page.complaints, []);
});

test('a server that starts anew is caught up with', async t => {
  const browser = await launch(t, 'chromium');
  let host = await Host.start(t, '--inspector', SCRIPT, '0');
  const {port, url} = host;
  const page = await open(browser, `${url}_simws/#topics`);
  await until(page, 'topics are there', hasRow, 'topics', 'pose');
  await host.kill();
  await until(page, 'it says so', () => document.querySelector('#state').dataset.state === 'away');
  host = await Host.start(t, '--inspector', SCRIPT, String(port));
  await until(page, 'it is back', () => document.querySelector('#state').dataset.state === 'live');
  await until(page, 'topics are there', hasRow, 'topics', 'pose');
  assert.deepEqual(page.complaints, []);
});

test('with a token', async t => {
  const browser = await launch(t, 'chromium');
  const host = await Host.start(t, '--inspector', SCRIPT, '0', 'swordfish');
  const page = await open(browser, `${host.url}_simws/`);
  await until(page, 'it asks', () => document.querySelector('input[name=token]') !== null);
  await page.goto(`${host.url}_simws/?token=swordfish#connections`);
  const client = await connect(host.port, '/?token=swordfish');
  await until(page, 'its row', hasRow, 'connections', '/?token=***');
  await page.click('#tab-messages');
  await until(page, 'it is asked for', () => document.querySelector('#state').dataset.state === 'live');
  const said = setInterval(() => client.send('my swordfish'), 50);
  await until(page, 'it is hidden', hasRow, 'messages', 'my ***');
  clearInterval(said);
  assert(!await page.evaluate(() => document.body.textContent.includes('swordfish')));
});
