// The memory of the inspector's page: node bench/inspector_page.js [--minutes 10] [--faster 6]
//
// A server that tells six times as much as is usual, with 1,000 connections and 200 topics, is looked at in Chromium, every view
// for a while. Each ten seconds a line says what the page holds after its garbage is collected; the exit code is 1 when it was over the
// goal. Packages of npm are those of packages/js (SIMWS_NPM, or build/npm).
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';

process.env.SIMWS_NPM ??= fileURLToPath(new URL('../build/npm', import.meta.url));
const {fromNpm} = await import('../packages/js/tests/npm.js');
const {FakeServer} = await import('../packages/inspector/tests/fake_server.js');
const {play} = await import('../packages/inspector/tests/scenes.js');

const GOAL = 100; // MB
const VIEWS = ['messages', 'overview', 'connections', 'topics', 'log'];
const STEP = 10_000; // milliseconds
const MB = 1e6;

const {values} = parseArgs({options: {minutes: {type: 'string', default: '10'}, faster: {type: 'string', default: '6'}}});
const server = await FakeServer.start();
const played = play(server, {faster: Number(values.faster)});
const profile = mkdtempSync(join(tmpdir(), 'inspector-'));
const browser = await fromNpm('puppeteer-core').launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', userDataDir: profile,
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
});

// What the process of the page has of its own, in bytes: of Linux.
function ownMemory(pid) {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return ['Private_Clean', 'Private_Dirty'].reduce((sum, name) => {
    return sum + 1024 * Number(new RegExp(`${name}:\\s+(\\d+)`).exec(rollup)[1]);
  }, 0);
}

async function measure(page, session, pid) {
  await session.send('HeapProfiler.collectGarbage');
  const {JSHeapUsedSize, Nodes} = await page.metrics();
  return {heap: JSHeapUsedSize / MB, nodes: Nodes, own: ownMemory(pid) / MB};
}

async function rendererOf(session) {
  const {processInfo} = await session.send('SystemInfo.getProcessInfo');
  return processInfo.filter(({type}) => type === 'renderer').sort((a, b) => b.cpuTime - a.cpuTime)[0].id;
}

try {
  const page = await browser.newPage();
  await page.setViewport({width: 1600, height: 1000});
  await page.goto(server.url);
  const session = await page.createCDPSession();
  const whole = await browser.target().createCDPSession();
  await new Promise(resolve => setTimeout(resolve, 2000));
  const pid = await rendererOf(whole);
  let most = 0;
  const begun = Date.now();
  const end = begun + 60_000 * Number(values.minutes);
  for (let step = 0; Date.now() < end; step++) {
    const view = VIEWS[step % VIEWS.length];
    await page.click(`#tab-${view}`);
    await new Promise(resolve => setTimeout(resolve, STEP));
    const {heap, nodes, own} = await measure(page, session, pid);
    most = Math.max(most, heap, own);
    console.log(`${Math.round((Date.now() - begun) / 1000)} s, ${view}: ${heap.toFixed(1)} MB of JavaScript, ${own.toFixed(0)} MB of the process's own, ${nodes} nodes`);
  }
  console.log(`at most ${most.toFixed(1)} MB of the process's own; the goal is ${GOAL} MB`);
  process.exitCode = most > GOAL ? 1 : 0;
} finally {
  await browser.close();
  played.stop();
  server.stop();
  rmSync(profile, {recursive: true, force: true});
}
