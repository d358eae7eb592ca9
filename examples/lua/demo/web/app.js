// Puts the page together: what arrives goes into the picture, what is held goes to the robot.

import {ArenaView} from './arena.js';
import {Controls} from './controls.js';
import {Link} from './link.js';
import {Motion} from './motion.js';
import {Plot} from './plot.js';

const TURN = 2.4; // rad/s at the stick's end: the robot could turn faster, people can't steer it then
const READOUT_INTERVAL = 100; // milliseconds

const element = id => document.getElementById(id);
const fields = Object.fromEntries(
    [...document.querySelectorAll('[data-field]')].map(node => [node.dataset.field, node]));

const link = new Link(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/`);
const motion = new Motion();
const arena = new ArenaView(element('arena'));
const controls = new Controls(
    {pad: element('pad'), knob: element('knob'), stop: element('stop'), reset: element('reset')});
const speedPlot = new Plot(element('speed'), {
  seconds: 15, least: [0, 0.8], unit: 'm/s',
  series: [{colour: 'measured', fill: true}, {colour: 'commanded', dotted: true}],
});
const roundTripPlot = new Plot(element('rtt'), {
  seconds: 30, least: [0, 2], unit: 'ms', series: [{colour: 'rtt', fill: true, dots: true}],
});
let maxSpeed = 0;
let radius = 0;

// ---- from the simulation ----

const receivers = {
  snapshot(message) {
    arena.scene = message;
    ({maxSpeed, radius} = message.robot);
    motion.reset(message.state, message.trail);
    element('veil').classList.remove('shown');
  },
  state(message) {
    motion.push(message);
    speedPlot.push(message.v, message.command.v);
  },
  error(message) {
    notice(message.message);
  },
};

link.addEventListener('message', ({detail}) => receivers[detail.type]?.(detail));
link.addEventListener('roundtrip', ({detail}) => {
  roundTripPlot.push(detail);
  const times = roundTripPlot.values(0).sort((a, b) => a - b);
  show('rtt', times[times.length >> 1], 1);
  show('rtt-max', times.at(-1), 1);
});

link.addEventListener('state', ({detail: state}) => {
  element('link').dataset.state = state;
  element('link-state').textContent = state;
  element('link-wait').textContent = state === 'connecting' ? '…' : '';
  element('retry').hidden = state !== 'reconnecting';
  if (state === 'connecting') element('veil-text').textContent = 'Connecting to the simulation…';
  if (state === 'reconnecting') {
    element('veil').classList.add('shown');
    speedPlot.pause();
    roundTripPlot.pause();
  }
});
link.addEventListener('wait', ({detail: seconds}) => {
  element('link-wait').textContent = ` in ${seconds} s…`;
  element('veil-text').textContent = `Connection lost. Reconnecting in ${seconds} s…`;
});

// ---- to the simulation ----

controls.addEventListener('drive', ({detail: {x, y}}) => {
  link.send({type: 'drive', v: y * maxSpeed, omega: -x * TURN});
});
controls.addEventListener('stop', () => link.send({type: 'stop'}));
controls.addEventListener('reset', () => link.send({type: 'reset'}));
element('retry').addEventListener('click', () => link.retry());

// ---- picture and numbers ----

function show(field, value, digits) {
  const text = value.toFixed(digits).replace(/^-(0\.?0*)$/, '$1').replace('-', '−');
  if (fields[field].textContent !== text) fields[field].textContent = text;
  fields[field].value = value;
}

let noticeTimer = 0;
function notice(text) {
  element('notice').textContent = text;
  element('notice').hidden = false;
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => element('notice').hidden = true, 6000);
}

function showNumbers() {
  const state = motion.latest;
  if (!state) return;
  show('time', state.time, 1);
  for (const name of ['x', 'y', 'v', 'omega']) show(name, state[name], 2);
  show('heading', state.heading * 180 / Math.PI, 0);
  show('left', state.left, 1);
  show('right', state.right, 1);
  show('clearance', Math.min(...state.scan) - radius, 2);
  show('viewers', state.viewers, 0);
  element('viewers-word').textContent = state.viewers === 1 ? 'viewer' : 'viewers';
  fields.mode.value = element('mode').dataset.mode = state.mode;
  fields.mode.textContent = state.mode === 'auto' ? 'Autopilot' : 'Manual';
}

function describe() {
  const state = motion.latest;
  if (!state) return;
  element('arena').setAttribute('aria-label', `The robot in its arena, at x ${state.x.toFixed(1)} and ` +
      `y ${state.y.toFixed(1)} metres, heading ${(state.heading * 180 / Math.PI).toFixed(0)} degrees`);
}

function draw(now) {
  arena.draw(motion.sample(now), motion.trail);
  speedPlot.draw(now);
  roundTripPlot.draw(now);
  requestAnimationFrame(draw);
}

element('veil').classList.add('shown');
setInterval(showNumbers, READOUT_INTERVAL);
setInterval(describe, 2000);
requestAnimationFrame(draw);
link.open();
