// Puts the page together: what arrives goes into the picture, what is held goes to the robot.

import {ArenaView} from './arena.js';
import {openArm} from './arm.js';
import {Controls} from './controls.js';
import {Link} from './link.js';
import {Motion} from './motion.js';
import {Plot} from './plot.js';
import {Viewer} from './viewer.js';

const TURN = 2.4; // rad/s at the stick's end: the robot could turn faster, people can't steer it then
const READOUT_INTERVAL = 100; // milliseconds
const EVENTS_SHOWN = 20;

const element = id => document.getElementById(id);
const fields = Object.fromEntries(
    [...document.querySelectorAll('[data-field]')].map(node => [node.dataset.field, node]));

const link = new Link();
const motion = new Motion();
const arena = new ArenaView(element('arena'));
const controls = new Controls(
    Object.fromEntries(['pad', 'knob', 'stop', 'reset', 'take'].map(id => [id, element(id)])));
const viewer = new Viewer({
  slow: element('slow'), slowValue: element('slow-value'), crowd: element('crowd'), crowdValue: element('crowd-value'),
});
const speedPlot = new Plot(element('speed'), {
  seconds: 15, least: [0, 0.8], unit: 'm/s',
  series: [{colour: 'measured', fill: true}, {colour: 'commanded', dotted: true}],
});
const roundTripPlot = new Plot(element('rtt'), {
  seconds: 30, least: [0, 2], unit: 'ms', series: [{colour: 'rtt', fill: true, dots: true}],
});
let maxSpeed = 0;
let radius = 0;
let me = 0; // this page's number among the viewers
let driver; // that of the page which drives; undefined: none does
let arm; // the view of it, once it's open

// ---- from the simulation ----

const receivers = {
  snapshot(message) {
    arena.scene = message;
    ({maxSpeed, radius} = message.robot);
    me = message.you ?? me;
    showDriver(message.state);
    motion.reset(message.state, message.trail);
    element('veil').classList.remove('shown');
    if (message.hasArm) showArm();
  },
  error(message) {
    if (!othersDrive()) notice(message.message); // else what was under way was refused: it's said already
  },
};

link.subscribe('pose', (data, {age}) => {
  const state = JSON.parse(data);
  showDriver(state);
  motion.push(state);
  speedPlot.push(state.v, state.command.v);
  viewer.take(age);
}, {policy: 'latest'});
link.subscribe('map', (data, {key}) => arena.setTile(key, JSON.parse(data)));
link.subscribe('log', (data, {key}) => showEvent(key, data), {policy: 'all'});

link.addEventListener('message', ({detail}) => receivers[detail.type]?.(detail));
link.addEventListener('roundtrip', ({detail}) => {
  roundTripPlot.push(detail);
  const times = roundTripPlot.values(0).sort((a, b) => a - b);
  const [median, longest] = [times[times.length >> 1], times.at(-1)];
  show('rtt', median, median < 100 ? 1 : 0);
  show('rtt-max', longest, longest < 100 ? 1 : 0);
});

link.addEventListener('state', ({detail: state}) => {
  element('link').dataset.state = state;
  element('link-state').textContent = state;
  element('link-wait').textContent = state === 'connecting' ? '…' : '';
  element('retry').hidden = state !== 'reconnecting';
  if (state === 'connecting') element('veil-text').textContent = 'Connecting to the simulation…';
  if (state === 'reconnecting') {
    element('veil').classList.add('shown');
    showDriver({mode: 'unknown'});
    speedPlot.pause();
    roundTripPlot.pause();
  }
});
link.addEventListener('wait', ({detail: seconds}) => {
  element('link-wait').textContent = ` in ${seconds} s…`;
  element('veil-text').textContent = `Connection lost. Reconnecting in\u00a0${seconds}\u00a0s…`;
});

// ---- to the simulation ----

controls.addEventListener('drive', ({detail: {x, y}}) => {
  const centred = x === 0 && y === 0;
  if (!othersDrive()) link.send({type: 'drive', v: y * maxSpeed, omega: -x * TURN});
  else if (!centred) notice(`Viewer ${driver} drives. Take over first.`);
});
controls.addEventListener('stop', () => link.send({type: 'stop'}));
controls.addEventListener('reset', () => link.send({type: 'reset'}));
controls.addEventListener('take', () => link.send({type: 'take'}));
element('retry').addEventListener('click', () => link.retry());

// ---- who drives ----

function othersDrive() {
  return driver !== undefined && driver !== me;
}

// Says who drives, and offers to take over from somebody else.
function showDriver(state) {
  const before = driver;
  driver = state.driver;
  if (before === me && othersDrive()) {
    controls.release();
    notice(`Viewer ${driver} has taken over.`);
  }
  const nobody = {auto: 'The autopilot drives', manual: 'Nobody drives', unknown: ''}[state.mode];
  const text = driver === me ? 'You drive' : othersDrive() ? `Viewer ${driver} drives` : nobody;
  if (element('driver').textContent !== text) element('driver').textContent = text;
  element('pad').setAttribute('aria-disabled', othersDrive());
  element('reset').hidden = othersDrive();
  element('take').hidden = !othersDrive();
}

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

// Each key has one line, and what came last is on top.
function showEvent(key, text) {
  const list = element('log');
  list.querySelector(`[data-key="${key}"]`)?.remove();
  const item = Object.assign(document.createElement('li'), {textContent: text});
  item.dataset.key = key;
  list.prepend(item);
  while (list.childElementCount > EVENTS_SHOWN) list.lastElementChild.remove();
}

async function showArm() {
  if (arm !== undefined) return;
  arm = null; // until it's there
  element('arm-card').hidden = false;
  arm = await openArm(element('arm')) ?? null;
  element('arm-card').hidden = !arm;
  if (arm) link.subscribe('arm', data => (arm.angles = new Float32Array(data)), {policy: 'latest'});
}

function showNumbers() {
  const state = motion.latest;
  if (!state) return;
  show('age', 1000 * viewer.age, 0);
  show('rate', viewer.rate, 0);
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
  arm?.draw();
  requestAnimationFrame(draw);
}

element('veil').classList.add('shown');
setInterval(showNumbers, READOUT_INTERVAL);
setInterval(describe, 2000);
requestAnimationFrame(draw);
