// The server's figures and charts.
import {describe} from './broker.js';
import {CHARTS, Chart} from './charts.js';
import * as format from './format.js';
import {element} from './table.js';

// What stands below the title, whatever is looked at.
const TILES = [
  ['Connections', ({connections}) => format.count(connections)],
  ['Received', ({messagesInRate}) => [format.rate(messagesInRate), '/s']],
  ['Sent', ({messagesOutRate}) => [format.rate(messagesOutRate), '/s']],
  ['Bytes in', ({bytesInRate}) => [format.bytes(bytesInRate), '/s']],
  ['Bytes out', ({bytesOutRate}) => [format.bytes(bytesOutRate), '/s']],
  ['Waiting', ({queuedBytes}) => format.bytes(queuedBytes)],
  ['Lost', ({dropped}) => format.count(dropped), ({dropped}) => dropped > 0],
  ['Refused', ({refused}) => format.count(refused)],
];

export class Figures {
  #tiles;
  #where;

  constructor(root, where) {
    this.#where = where;
    this.#tiles = TILES.map(([title, text, isBad]) => {
      const tile = element('div');
      const value = element('dd', {textContent: '–'});
      tile.append(element('dt', {textContent: title}), value);
      root.append(tile);
      return {tile, value, text, isBad};
    });
  }

  show(server) {
    if (!server) return;
    for (const {tile, value, text, isBad} of this.#tiles) {
      const [shown, unit = ''] = [text(server)].flat();
      const whole = unit && shown !== '–' ? `${shown}${unit}` : shown;
      if (value.textContent !== whole) value.textContent = whole;
      tile.classList.toggle('bad', Boolean(isBad?.(server)));
    }
    const pages = server.viewers > 1 ? ` · ${server.viewers} inspectors` : '';
    const words = `${location.host} · up ${format.duration(Math.floor(server.uptime))}${pages}`;
    if (this.#where.textContent !== words) this.#where.textContent = words;
  }
}

export class Overview {
  topics = [];
  #store;
  #charts;
  #broker;
  #version = -1;

  constructor(root, {store}) {
    this.#store = store;
    this.#broker = root.querySelector('.broker');
    this.#charts = CHARTS.map(chart => new Chart(root.querySelector('.charts'), chart));
    for (const query of ['(prefers-color-scheme: dark)', '(prefers-contrast: more)']) {
      matchMedia(query).addEventListener('change', () => this.#restyle());
    }
  }

  show() {
    this.#showBroker();
    const {history} = this.#store;
    if (history.size === 0 || history.version === this.#version) return;
    this.#version = history.version;
    for (const chart of this.#charts) chart.show(history);
  }

  #showBroker() {
    const line = describe(this.#store.server ?? {});
    this.#broker.hidden = !line;
    this.#broker.classList.toggle('bad', Boolean(line?.isBad));
    const words = line?.words ?? '';
    if (this.#broker.textContent !== words) this.#broker.textContent = words;
  }

  #restyle() {
    for (const chart of this.#charts) chart.restyle();
    this.#version = -1;
    this.show();
  }
}
