// The page by keyboard, to axe-core, and at each width.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {test} from 'node:test';

import {chromium, stage, until, visit} from './page_fixture.js';

const fromNpm = createRequire(process.env.SIMWS_INSPECTOR_NPM ? `${process.env.SIMWS_INSPECTOR_NPM}/` : import.meta.url);
const AXE = readFileSync(fromNpm.resolve('axe-core/axe.min.js'), 'utf8');
const VIEWS = ['overview', 'connections', 'topics', 'messages', 'log'];

const hasRows = view => document.querySelectorAll(`#${view} tbody tr`).length > 4;

async function complaintsOf(page) {
  const found = await page.evaluate(() => axe.run(document, {resultTypes: ['violations']}));
  return found.violations.map(({id, nodes}) => `${id}: ${nodes.map(node => node.html).slice(0, 3).join(' ')}`);
}

test('the page is for everybody', async t => {
  const browser = await chromium(t);
  const {server} = await stage(t, {connections: 100, topics: 30});

  for (const scheme of ['light', 'dark']) {
    await t.test(`axe-core has nothing to say, ${scheme}`, async () => {
      for (const view of VIEWS) {
        const page = await visit(browser, server, view);
        await page.emulateMediaFeatures([{name: 'prefers-color-scheme', value: scheme}]);
        if (view !== 'overview') await until(page, 'rows are there', hasRows, view);
        await page.evaluate(AXE);
        if (view === 'messages') {
          await page.click('#messages [name=pause]');
          await page.click('#messages tbody tr:nth-child(2)');
        }
        assert.deepEqual(await complaintsOf(page), [], view);
        if (view === 'connections') {
          await page.click('#connections tbody tr:nth-child(2)');
          assert.deepEqual(await complaintsOf(page), [], 'the window of a connection');
        }
        await page.close();
      }
    });
  }

  await t.test('all of it is done by keyboard', async () => {
    const page = await visit(browser, server, 'overview');
    const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.name || document.activeElement.tagName);
    await page.focus('#tab-overview');
    await page.keyboard.press('ArrowRight');
    assert.equal(await focused(), 'tab-connections');
    await page.keyboard.press('End');
    assert.equal(await focused(), 'tab-log');
    await page.keyboard.press('ArrowRight');
    assert.equal(await focused(), 'tab-overview');
    await page.keyboard.press('ArrowRight');
    await until(page, 'rows are there', hasRows, 'connections');
    await page.keyboard.press('Tab');
    assert.equal(await focused(), 'filter');
    while (await focused() !== 'TR') await page.keyboard.press('Tab');
    const current = () => page.evaluate(() => document.activeElement.getAttribute('aria-rowindex'));
    assert.equal(await current(), '2');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    assert.equal(await current(), '4');
    await page.keyboard.press('End');
    assert.equal(await current(), '101');
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await until(page, 'its window is open', () => document.querySelector('dialog').open);
    await page.keyboard.press('Escape');
    await until(page, 'and closed', () => !document.querySelector('dialog').open);
    assert.equal(await focused(), 'TR');
    await page.close();
  });

  await t.test('nothing is wider than the screen', async () => {
    for (const size of [[360, 640], [390, 844], [768, 1024], [1280, 800], [2560, 1440]]) {
      for (const view of VIEWS) {
        const page = await visit(browser, server, view, size);
        const [wide, inner] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
        assert(wide <= inner, `${view} at ${size}: ${wide}`);
        await page.close();
      }
    }
  });
});
