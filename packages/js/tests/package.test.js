import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {gzipSync} from 'node:zlib';

import {committed, minified} from '../build.js';
import {serve} from './client_fixture.js';
import {WebSocket} from './mock_server.js';
import {fromNpm} from './npm.js';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));

test('simws.min.js is what the sources give: npm run build', async () => {
  assert.equal(await committed(), await minified());
});

test('minified and compressed it is under 8 KB', async () => {
  assert(gzipSync(await committed(), {level: 9}).length < 8000);
});

test('the minified one works', async t => {
  const {connect} = await import('../simws.min.js');
  const server = await serve(t);
  const client = connect(server.url, {WebSocket});
  t.after(() => client.close());
  const connection = await server.connection();
  const heard = new Promise(resolve => client.subscribe('a/#', (data, {topic}) => resolve([data, topic])));
  await connection.gets('subscribe');
  connection.publish('a/b', 'hello');
  assert.deepEqual(await heard, ['hello', 'a/b']);
});

test('the types are what the module has', () => {
  const compiler = fromNpm.resolve('typescript/bin/tsc');
  execFileSync(process.execPath, [compiler, '--noEmit', '--strict', '--target', 'es2022', '--module', 'nodenext',
    '--lib', 'es2022,dom', `${FOLDER}tests/types.ts`], {encoding: 'utf8', stdio: 'pipe'});
});

test('npm packs what is used, and nothing else', () => {
  const told = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {cwd: FOLDER, encoding: 'utf8'});
  const files = JSON.parse(told)[0].files.map(({path}) => path).sort();
  assert.deepEqual(files, [
    'LICENSE', 'README.md', 'lib/clock.js', 'lib/messages.js', 'lib/options.js', 'lib/shown.js',
    'lib/subscriptions.js',
    'mcap/convert.js', 'mcap/recording.js', 'mcap/simws-to-mcap.js', 'package.json', 'simws.d.ts', 'simws.js', 'simws.min.js',
  ]);
});
