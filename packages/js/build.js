// Makes simws.min.js, one file of simws.js and what it imports: node build.js
//
// What it needs of npm lies beside this file, or in the folder that the environment variable SIMWS_NPM names.
import {readFile, writeFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';

import {fromNpm} from './tests/npm.js';

const SOURCE = fileURLToPath(new URL('simws.js', import.meta.url));
const TARGET = fileURLToPath(new URL('simws.min.js', import.meta.url));
const BANNER = '// simWS, the client of pages. MIT License. Generated from packages/js: npm run build';

export async function minified() {
  const {outputFiles} = await fromNpm('esbuild').build({
    entryPoints: [SOURCE], bundle: true, minify: true, format: 'esm', target: 'es2022', charset: 'utf8',
    banner: {js: BANNER}, write: false,
  });
  return outputFiles[0].text;
}

export async function committed() {
  return readFile(TARGET, 'utf8');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeFile(TARGET, await minified());
