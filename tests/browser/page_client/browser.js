// A headless browser, driven by WebDriver BiDi: Chromium or Firefox, each with a profile of its own.
import {accessSync, constants, mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import {delimiter, join} from 'node:path';
import {fileURLToPath} from 'node:url';

import {fromNpm} from '../../../packages/js/tests/npm.js';

const DEADLINE = 60_000; // milliseconds, far beyond what a busy machine needs
const POLL = 20;
const PROFILES = fileURLToPath(new URL('../../../build', import.meta.url)); // a snap sees nothing of /tmp

const KINDS = {
  chromium: {
    browser: 'chrome', variable: 'CHROMIUM', programs: ['chromium', 'chromium-browser', 'google-chrome'],
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  },
  firefox: {browser: 'firefox', variable: 'FIREFOX', programs: ['firefox-esr', 'firefox'], args: []},
};

// The variable's program, or the first that is found on PATH.
function programOf({variable, programs}) {
  if (process.env[variable]) return process.env[variable];
  for (const program of programs) {
    for (const folder of process.env.PATH.split(delimiter)) {
      if (isProgram(join(folder, program))) return join(folder, program);
    }
  }
  throw new Error(`${programs[0]} is needed: install it or set the environment variable ${variable}`);
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

// Ended with the test.
export async function launch(test, name) {
  const {browser, args, ...where} = KINDS[name];
  mkdirSync(PROFILES, {recursive: true});
  const profile = mkdtempSync(join(PROFILES, `${name}-`));
  const launched = await fromNpm('puppeteer-core').launch({
    browser, args, executablePath: programOf(where), protocol: 'webDriverBiDi', userDataDir: profile,
  });
  test.after(async () => {
    await launched.close();
    rmSync(profile, {recursive: true, force: true, maxRetries: 5});
  });
  return launched;
}

// What Firefox itself says when a connection ends while a page is loading, or there's no server to connect to, is no
// fault of the page's.
const WORDS_OF_FIREFOX = /^(The connection to wss?:|Firefox can’t establish a connection to the server at wss?:)/;

// A new tab with that page, and what it complains about.
export async function open(browser, url) {
  const page = await browser.newPage();
  page.complaints = [];
  page.on('pageerror', error => {
    if (!WORDS_OF_FIREFOX.test(error.message)) page.complaints.push(error.message);
  });
  await page.goto(url);
  return page;
}

// Polls until a function of the page gives a true value, which comes back.
export async function until(page, what, condition, ...values) {
  for (const end = Date.now() + DEADLINE; Date.now() < end;) {
    const found = await page.evaluate(condition, ...values);
    if (found) return found;
    await new Promise(resolve => setTimeout(resolve, POLL));
  }
  throw new Error(`not within ${DEADLINE / 1000} s: ${what}`);
}
