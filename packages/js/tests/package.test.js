import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync, mkdirSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
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

// A project that has the package as npm unpacks it.
function projectWithPackage(t) {
  const project = mkdtempSync(join(tmpdir(), 'simws-'));
  t.after(() => rmSync(project, {recursive: true}));
  const told = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', project],
    {cwd: FOLDER, encoding: 'utf8'});
  const there = join(project, 'node_modules', 'simws');
  mkdirSync(there, {recursive: true});
  execFileSync('tar', ['-xzf', join(project, JSON.parse(told)[0].filename), '-C', there, '--strip-components=1']);
  writeFileSync(join(project, 'package.json'), '{"type": "module"}');
  return project;
}

function runNode(project, script) {
  writeFileSync(join(project, 'main.js'), script);
  return execFileSync(process.execPath, ['--no-warnings', 'main.js'], {cwd: project, encoding: 'utf8', stdio: 'pipe'}).trim();
}

test('a project imports what the package exports', t => {
  const project = projectWithPackage(t);
  assert.equal(runNode(project, `
    import {createRequire} from 'node:module';
    import {connect} from 'simws';
    import * as minified from 'simws/simws.min.js';
    console.log(typeof connect, typeof minified.connect, createRequire(import.meta.url)('simws/package.json').name,
      import.meta.resolve?.('simws/package.json').endsWith('/simws/package.json') ?? true);`), 'function function simws true');
  assert.throws(() => runNode(project, `import 'simws/lib/clock.js';`), /ERR_PACKAGE_PATH_NOT_EXPORTED/);
});

test('so does one in TypeScript', t => {
  const project = projectWithPackage(t);
  writeFileSync(join(project, 'main.ts'), `
    import {connect, type Client} from 'simws';
    import {connect as minified} from 'simws/simws.min.js';
    import about from 'simws/package.json' with {type: 'json'};
    const clients: Client[] = [connect('ws://a'), minified('ws://b')];
    clients[0].subscribe(about.name, (data, {age}) => [data, age.toFixed()]);`);
  const compile = (...options) => execFileSync(process.execPath, [fromNpm.resolve('typescript/bin/tsc'), '--noEmit',
    '--strict', '--target', 'es2022', '--lib', 'es2022,dom', '--resolveJsonModule', ...options, 'main.ts'],
  {cwd: project, encoding: 'utf8', stdio: 'pipe'});
  compile('--module', 'nodenext');
  compile('--module', 'esnext', '--moduleResolution', 'bundler');
});
