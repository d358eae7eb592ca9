#!/usr/bin/env node
// simws-to-mcap FILE.jsonl[.gz|.zst] OUT.mcap
import {convert, counted} from './convert.js';

const USAGE = 'usage: simws-to-mcap FILE.jsonl[.gz|.zst] OUT.mcap';

// What it needs of npm lies where Node finds it, or in the folder that the environment variable SIMWS_NPM names.
async function load() {
  const {createRequire} = await import('node:module');
  const folder = process.env.SIMWS_NPM;
  try {
    return createRequire(folder ? `${folder}/` : import.meta.url)('@mcap/core');
  } catch {
    throw new Error('the package @mcap/core is missing: npm install @mcap/core');
  }
}

async function main([source, target, ...more]) {
  if (source === '--help' || source === '-h') return console.log(USAGE);
  if (!target || more.length > 0) {
    console.error(USAGE);
    process.exitCode = 2;
    return;
  }
  const {messages, isCutOff} = await convert(source, target, await load());
  console.error(`${target} has ${counted(messages)}${isCutOff ? '; the end of the recording is missing' : ''}`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(`simws-to-mcap: ${error.message}`);
  process.exitCode = 1;
}
