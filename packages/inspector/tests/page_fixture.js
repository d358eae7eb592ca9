// The page in Chromium, with a fake server behind it.
import {launch, open, until} from '../../../tests/browser/page_client/browser.js';
import {FakeServer} from './fake_server.js';
import {play} from './scenes.js';

export {until};

// A server that plays a scene (see there), ended with the test.
export async function stage(test, options) {
  const server = await FakeServer.start();
  const played = play(server, options);
  test.after(() => {
    played.stop();
    server.stop();
  });
  return {server, scene: played.scene};
}

export async function visit(browser, server, view = 'overview', [width, height] = [1280, 800]) {
  const page = await open(browser, `${server.url}#${view}`);
  await page.setViewport({width, height});
  await until(page, 'figures are there', () => document.querySelector('.figures dd').textContent !== '–');
  return page;
}

export const chromium = test => launch(test, 'chromium');

export function textOf(page, selector) {
  return page.evaluate(selector => document.querySelector(selector).textContent, selector);
}
