// A plot that runs with the time: values of the last seconds, the newest on the right.

import {Surface} from './surface.js';

const LEFT = 34; // pixels for the numbers
const RIGHT = 6;
const TOP = 8;
const BOTTOM = 18;

// A round number of that size or the next larger one: 1, 2 or 5 times a power of ten.
function roundStep(size) {
  const power = 10 ** Math.floor(Math.log10(size));
  return power * [1, 2, 5, 10].find(factor => factor * power >= size * 0.999);
}

export class Plot {
  #surface;
  #points = []; // [time in ms, value of series 0, value of series 1, …]

  // series: {colour: a name of the style sheet, fill, dotted, dots}; least: the smallest range shown
  constructor(canvas, {seconds, least, unit, series}) {
    this.#surface = new Surface(canvas);
    Object.assign(this, {seconds, least, unit, series});
  }

  push(...values) {
    this.#points.push([performance.now(), ...values]);
  }

  // Breaks the lines: what follows has no connection to what was.
  pause() {
    this.push(...this.series.map(() => NaN));
  }

  values(series) {
    return this.#points.map(point => point[series + 1]).filter(Number.isFinite);
  }

  draw(now) {
    const start = now - 1000 * this.seconds;
    while (this.#points.length > 1 && this.#points[1][0] < start) this.#points.shift();
    const context = this.#surface.begin();
    const axis = this.#axis();
    const {width, height} = this.#surface;
    const place = {
      x: time => LEFT + (time - start) / (now - start) * (width - LEFT - RIGHT),
      y: value => height - BOTTOM - (value - axis.low) / (axis.high - axis.low) * (height - TOP - BOTTOM),
    };
    this.#drawAxes(context, axis, place);
    context.save();
    context.beginPath();
    context.rect(LEFT, 0, width - LEFT, height);
    context.clip();
    this.series.forEach((series, i) => this.#drawSeries(context, series, i, place, axis));
    context.restore();
  }

  #axis() {
    const all = this.series.flatMap((_, i) => this.values(i));
    const [least, most] = this.least;
    const low = Math.min(least, ...all);
    const high = Math.max(most, ...all);
    const step = roundStep((high - low) / 4);
    return {low: Math.floor(low / step + 1e-9) * step, high: Math.ceil(high / step - 1e-9) * step, step};
  }

  #drawAxes(context, {low, high, step}, place) {
    const {width, height} = this.#surface;
    context.font = `500 10.5px ${this.#surface.font}`;
    context.fillStyle = this.#surface.colour('muted');
    context.lineWidth = 1;
    context.textAlign = 'right';
    context.textBaseline = 'middle';
    const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    for (let i = 0; low + i * step <= high + step / 2; i++) {
      const value = low + i * step;
      const y = Math.round(place.y(value)) + 0.5;
      context.strokeStyle = this.#surface.colour(Math.abs(value) < step / 2 ? 'grid-strong' : 'grid');
      context.beginPath();
      context.moveTo(LEFT, y);
      context.lineTo(width - RIGHT, y);
      context.stroke();
      context.fillText((Math.abs(value) < step / 2 ? 0 : value).toFixed(digits), LEFT - 7, y);
    }
    context.textBaseline = 'alphabetic';
    context.fillText('now', width - RIGHT, height - 3);
    context.textAlign = 'left';
    context.fillText(`${this.seconds} s ago`, LEFT, height - 3);
    context.textAlign = 'center';
    context.fillText(this.unit, (LEFT + width - RIGHT) / 2, height - 3);
  }

  #drawSeries(context, {colour, fill, dotted, dots}, index, place, axis) {
    const stroke = this.#surface.colour(colour);
    const points = this.#points.map(point => [place.x(point[0]), place.y(point[index + 1])]);
    for (const run of this.#runs(points)) {
      if (fill) this.#fillBelow(context, run, stroke, place.y(Math.max(0, axis.low)));
      context.strokeStyle = stroke;
      context.lineWidth = dotted ? 1.75 : 2;
      context.lineJoin = 'round';
      context.setLineDash(dotted ? [2, 3] : []);
      context.beginPath();
      for (const [x, y] of run) context.lineTo(x, y);
      context.stroke();
      context.setLineDash([]);
      if (dots) this.#drawDots(context, run, stroke);
    }
  }

  // The stretches without a gap.
  #runs(points) {
    const runs = [[]];
    for (const point of points) {
      if (Number.isFinite(point[1])) runs.at(-1).push(point);
      else runs.push([]);
    }
    return runs.filter(run => run.length > 0);
  }

  #fillBelow(context, run, colour, base) {
    const shade = context.createLinearGradient(0, TOP, 0, base);
    shade.addColorStop(0, `color-mix(in srgb, ${colour} 26%, transparent)`);
    shade.addColorStop(1, `color-mix(in srgb, ${colour} 4%, transparent)`);
    context.fillStyle = shade;
    context.beginPath();
    context.moveTo(run[0][0], base);
    for (const [x, y] of run) context.lineTo(x, y);
    context.lineTo(run.at(-1)[0], base);
    context.fill();
  }

  #drawDots(context, run, colour) {
    context.fillStyle = colour;
    for (const [x, y] of run) {
      context.beginPath();
      context.arc(x, y, 2, 0, 2 * Math.PI);
      context.fill();
    }
  }
}
