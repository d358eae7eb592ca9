// Packages of npm, from the folder that SIMWS_NPM names, or as Node finds them.
import {createRequire} from 'node:module';

export const fromNpm = createRequire(process.env.SIMWS_NPM ? `${process.env.SIMWS_NPM}/` : import.meta.url);
