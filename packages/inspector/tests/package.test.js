// What lies in the repository is what npm has, and what the page loads is what is served.
import assert from 'node:assert/strict';
import {readFileSync, readdirSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname} from 'node:path';
import {test} from 'node:test';

import {servedFiles} from './fake_server.js';

const FOLDER = new URL('../', import.meta.url);
const fromNpm = createRequire(process.env.SIMWS_INSPECTOR_NPM ? `${process.env.SIMWS_INSPECTOR_NPM}/` : import.meta.url);
const read = url => readFileSync(url, 'utf8');

test('uPlot is the one of npm, byte for byte, with its licence', () => {
  const package_ = dirname(dirname(fromNpm.resolve('uplot')));
  assert.equal(JSON.parse(read(`${package_}/package.json`)).version, JSON.parse(read(new URL('package.json', FOLDER))).devDependencies.uplot);
  for (const [ours, theirs] of [['uPlot.esm.js', 'dist/uPlot.esm.js'], ['uPlot.min.css', 'dist/uPlot.min.css'], ['uPlot-license.txt', 'LICENSE']]) {
    assert.equal(read(new URL(`vendor/${ours}`, FOLDER)), read(`${package_}/${theirs}`), ours);
  }
});

test('whatever the page loads is served, and all that is served is loaded', () => {
  const files = servedFiles();
  const loaded = new Set(['index.html']);
  for (const [name, url] of files) {
    const text = read(url);
    for (const [, found] of text.matchAll(/(?:^import .*?from |^import |^\} from |\b(?:src|href)=)['"](?:\.\/)?([\w.-]+\.(?:js|css|txt))['"]/gm)) {
      assert(files.has(found), `${name} loads ${found}`);
      loaded.add(found);
    }
  }
  assert.deepEqual([...files.keys()].sort(), [...loaded].sort());
});

test('nothing is inline, which the server forbids', () => {
  const page = read(new URL('index.html', FOLDER));
  assert.doesNotMatch(page, /<script(?![^>]*\bsrc=)|<style|\bstyle=|\son\w+=/i);
  for (const name of readdirSync(FOLDER).filter(name => name.endsWith('.js'))) {
    assert.doesNotMatch(read(new URL(name, FOLDER)), /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/, name);
  }
});
