// The lines of the server's log.
import * as format from './format.js';
import {Table} from './table.js';

const COLUMNS = [
  {name: 'time', title: 'Time', text: line => format.clock(line.time, false), sort: false, className: 'time'},
  {name: 'level', title: 'Level', text: line => line.level, sort: false, className: 'level'},
  {
    name: 'text', title: 'Line', sort: false, className: 'main wrap',
    text: line => (line.missing > 0 ? `(${format.counted(line.missing, 'line')} before missing here) ${line.text}` : line.text),
  },
];

export class Log {
  topics = [];
  #store;
  #link;
  #table;
  #form;
  #note;
  #answer; // to what was asked for, while it's shown

  constructor(root, {store, link}) {
    this.#store = store;
    this.#link = link;
    this.#form = root.querySelector('form');
    this.#note = root.querySelector('[data-count]');
    this.#table = new Table(root, {
      caption: 'Log lines, the newest first', columns: COLUMNS, keyOf: line => line.number,
      empty: 'No line of this kind has come.', most: 500,
      decorate: (row, line) => void (row.dataset.level = line.level),
    });
    this.#form.addEventListener('input', event => event.target.name === 'level' || this.show());
    this.#form.addEventListener('submit', event => event.preventDefault());
    this.#form.elements.level.addEventListener('change', event => this.#setLevel(event.target.value));
  }

  show() {
    const {least, filter, level} = this.#form.elements;
    const lines = this.#store.lines.matching({least: least.value, text: filter.value});
    this.#table.show(lines);
    const now = this.#store.server?.logLevel;
    if (now && !this.#answer) level.value = now;
    if (!this.#answer) this.#note.textContent = `${lines.length} of ${format.counted(this.#store.lines.size, 'line')}`;
  }

  async #setLevel(level) {
    clearTimeout(this.#answer);
    this.#answer = true; // awaited
    const {words} = await this.#link.ask('log-level', level);
    this.#note.textContent = words;
    this.#answer = setTimeout(() => {
      this.#answer = undefined;
      this.show();
    }, 5000);
  }
}
