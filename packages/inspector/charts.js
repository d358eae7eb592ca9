// Charts of the last minutes.
import uPlot from './uPlot.esm.js';

import * as format from './format.js';
import {element} from './table.js';

const BINARY_STEPS = Array.from({length: 40}, (_, i) => 2 ** i); // between the lines of an axis of bytes
const WHOLE_STEPS = Array.from({length: 24}, (_, i) => [1, 2, 5][i % 3] * 10 ** Math.floor(i / 3)); // of what is counted
const LEAST_SPAN = 60; // seconds that are seen at least

// series: {title, values(history), color}: `color` is a variable of the style sheet. Of history that hasn't what
// `needs` names there is no chart.
export class Chart {
  #root;
  #series;
  #formatted;
  #plot;
  #needs;
  #steps;
  #latest = [];

  constructor(root, {title, series, formatted, needs, steps}) {
    this.#needs = needs;
    this.#steps = steps;
    this.#series = series;
    this.#formatted = formatted;
    this.#root = element('figure', {className: 'chart'});
    const caption = element('figcaption');
    caption.append(element('span', {className: 'title', textContent: title}));
    for (const {title, color} of series) {
      const value = element('b', {textContent: '–'});
      const item = element('span', {className: 'legend'});
      const mark = element('i');
      mark.style.background = `var(${color})`;
      item.append(mark, series.length > 1 ? `${title} ` : '', value);
      caption.append(item);
      this.#latest.push(value);
    }
    this.#root.append(caption, element('div', {className: 'plot'}));
    this.#root.lastChild.setAttribute('aria-hidden', 'true'); // the legend says what is now
    root.append(this.#root);
    new ResizeObserver(() => this.#resize()).observe(this.#root.lastChild);
  }

  show(history) {
    this.#root.hidden = Boolean(this.#needs && !history.has(this.#needs));
    if (this.#root.hidden) return;
    const data = [history.times(), ...this.#series.map(({values}) => values(history))];
    this.#latest.forEach((value, i) => {
      const text = this.#formatted(data[i + 1].at(-1) ?? undefined);
      if (value.textContent !== text) value.textContent = text;
    });
    if (this.#plot) this.#plot.setData(data);
    else this.#make(data);
  }

  // The colours are read anew.
  restyle() {
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  #resize() {
    const {clientWidth: width, clientHeight: height} = this.#root.lastChild;
    if (this.#plot && width > 0) this.#plot.setSize({width, height});
  }

  #make(data) {
    const {clientWidth: width, clientHeight: height} = this.#root.lastChild;
    if (width === 0) return; // not seen
    const style = getComputedStyle(this.#root);
    const color = name => style.getPropertyValue(name).trim();
    const axis = {
      stroke: color('--faint'), font: `11px ${style.fontFamily}`,
      grid: {stroke: color('--line'), width: 1}, ticks: {show: false},
    };
    const formatted = this.#formatted;
    this.#plot = new uPlot({
      width, height, legend: {show: false}, padding: [8, 28, 0, 0],
      cursor: {drag: {x: false, y: false}, points: {size: 6}},
      scales: {
        x: {range: (_, least, most) => [Math.min(least, most - LEAST_SPAN), most]},
        y: {range: (_, least, most) => [0, Math.max(most * 1.1, 1e-9) || 1]},
      },
      axes: [
        {...axis, size: 22, gap: 4, space: 80, values: timesOfDay},
        {
          ...axis, size: 62, gap: 4, space: 28, values: (_, splits) => splits.map(value => formatted(value)),
          ...this.#steps && {incrs: this.#steps},
        },
      ],
      series: [{}, ...this.#series.map(({color: name}, i) => ({
        stroke: color(name), width: 1.5, points: {show: false}, spanGaps: false,
        fill: i === 0 ? `${color(name)}22` : undefined,
      }))],
    }, data, this.#root.lastChild);
  }
}

// Seconds where less than a minute lies between them.
function timesOfDay(_, splits) {
  const hasSeconds = splits.some(time => time % 60 !== 0);
  return splits.map(time => format.clock(time * 1000, false).slice(0, hasSeconds ? 8 : 5));
}

const rates = name => history => history.rates(name);
const values = name => history => history.values(name);

export const CHARTS = [
  {
    title: 'Messages per second', formatted: format.rate,
    series: [
      {title: 'in', values: rates('messagesIn'), color: '--in'},
      {title: 'out', values: rates('messagesOut'), color: '--out'},
    ],
  },
  {
    title: 'Bytes per second', formatted: format.bytes, steps: BINARY_STEPS,
    series: [
      {title: 'in', values: rates('bytesIn'), color: '--in'},
      {title: 'out', values: rates('bytesOut'), color: '--out'},
    ],
  },
  {
    title: 'Waiting to be sent', formatted: format.bytes, steps: BINARY_STEPS,
    series: [{title: 'waiting', values: values('queuedBytes'), color: '--wait'}],
  },
  {
    title: 'Connections', formatted: format.count, steps: WHOLE_STEPS,
    series: [{title: 'open', values: values('connections'), color: '--in'}],
  },
  {
    title: 'Pass time of the script', formatted: format.duration, needs: 'passP50',
    series: [
      {title: 'median', values: values('passP50'), color: '--in'},
      {title: '99 %', values: values('passP99'), color: '--out'},
    ],
  },
  {
    title: 'Wait for slow readers', formatted: format.duration, needs: 'queueWaitP50',
    series: [
      {title: 'median', values: values('queueWaitP50'), color: '--in'},
      {title: '99 %', values: values('queueWaitP99'), color: '--out'},
    ],
  },
  {
    title: 'Round trip', formatted: format.duration, needs: 'roundTripP50',
    series: [
      {title: 'median', values: values('roundTripP50'), color: '--in'},
      {title: '99 %', values: values('roundTripP99'), color: '--out'},
    ],
  },
];
