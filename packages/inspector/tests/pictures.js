// Pictures of the page, light and dark, on a phone, a desk and a large screen: node tests/pictures.js FOLDER [URL]
//
// Without an address they're of a scene of a thousand connections. The folder gets a PNG file for each.
import {mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {tmpdir} from 'node:os';

import {fromNpm} from '../../js/tests/npm.js';
import {FakeServer} from './fake_server.js';
import {play} from './scenes.js';

const SIZES = {phone: [390, 844], desk: [1280, 800], large: [2560, 1440]};
const VIEWS = ['overview', 'connections', 'topics', 'messages', 'log'];

const [folder, url, only] = process.argv.slice(2);
mkdirSync(folder, {recursive: true});
const server = url ? undefined : await FakeServer.start();
const played = server && play(server);
const profile = mkdtempSync(join(tmpdir(), 'pictures-'));
const browser = await fromNpm('puppeteer-core').launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', userDataDir: profile,
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
});
const page = await browser.newPage();
page.on('pageerror', error => console.error(error));
page.on('console', message => console.error(message.text()));
for (const [name, [width, height]] of Object.entries(SIZES)) {
  for (const scheme of ['light', 'dark']) {
    await page.setViewport({width, height, deviceScaleFactor: name === 'phone' ? 2 : 1, isMobile: name === 'phone', hasTouch: name === 'phone'});
    await page.emulateMediaFeatures([{name: 'prefers-color-scheme', value: scheme}]);
    for (const view of VIEWS) {
      if (only && `${name}-${scheme}-${view}`.search(only) < 0) continue;
      await page.goto(`${url || server.url}#${view}`);
      await page.reload();
      await page.waitForFunction(() => document.querySelector('.figures dd')?.textContent !== '–');
      await new Promise(resolve => setTimeout(resolve, 2500));
      if (view === 'messages') {
        await page.click('#messages button[name=pause]');
        await page.evaluate(() => document.querySelectorAll('#messages tbody tr')[3]?.click());
      }
      await page.screenshot({path: join(folder, `${name}-${scheme}-${view}.png`)});
      if (view !== 'connections') continue;
      await page.evaluate(() => document.querySelectorAll('#connections tbody tr')[3]?.click());
      await new Promise(resolve => setTimeout(resolve, 500));
      await page.screenshot({path: join(folder, `${name}-${scheme}-connection.png`)});
    }
  }
}
await browser.close();
rmSync(profile, {recursive: true, force: true});
played?.stop();
server?.stop();
