// The inspector's page: a server's connections, topics, messages, figures and log, live. It has no build step: the
// server has these modules as they are.
//
//   link.js    the connection to the server, what it's asked for
//   store.js   what is known
//   format.js, broker.js  how it's shown
//   table.js, charts.js, view_*.js   the page
import {Link} from './link.js';
import {Store} from './store.js';
import {Connections} from './view_connections.js';
import {Log} from './view_log.js';
import {Messages} from './view_messages.js';
import {Figures, Overview} from './view_overview.js';
import {Topics} from './view_topics.js';

const DRAW_EVERY = 250; // milliseconds

const store = new Store();
const link = new Link(new URL('live', location), {onOpen: begin, onMessage: receive, onState: showState});
const figures = new Figures(document.querySelector('#figures'), document.querySelector('#where'));
const page = {store, link, open: name => tabs.choose(name, true)};
const views = {
  overview: new Overview(document.querySelector('#overview'), page),
  connections: new Connections(document.querySelector('#connections'), page),
  topics: new Topics(document.querySelector('#topics'), page),
  messages: new Messages(document.querySelector('#messages'), page),
  log: new Log(document.querySelector('#log'), page),
};
page.views = views;
const tabs = makeTabs(document.querySelectorAll('[role=tab]'));

let isDrawing = false;

// A connection is there, maybe to a server that has started anew.
function begin() {
  store.connections.clear();
  store.topics.clear();
  store.lines.clear();
  draw();
}

function receive(topic, key, time, text) {
  store.apply(topic, key, time, text);
  draw();
}

// What has come since is drawn at once.
function draw() {
  if (isDrawing) return;
  isDrawing = true;
  setTimeout(() => requestAnimationFrame(() => {
    isDrawing = false;
    figures.show(store.server, link.roundTrip);
    views[tabs?.chosen ?? 'overview'].show();
  }), DRAW_EVERY);
}

function showState({name, words}) {
  const state = document.querySelector('#state');
  state.dataset.state = name;
  document.body.dataset.state = name;
  if (state.textContent !== words) state.textContent = words;
  // Seconds that count up aren't read out.
  state.setAttribute('aria-live', name === 'stale' ? 'off' : 'polite');
}

// Tabs by the pattern of the ARIA practices: arrows, Home and End choose. The address has the chosen one.
function makeTabs(buttons) {
  const all = [...buttons];
  const nameOf = tab => tab.getAttribute('aria-controls');
  const tabs = {
    chosen: undefined,
    choose(name, hasFocus = false) {
      const chosen = all.find(tab => nameOf(tab) === name) ?? all[0];
      for (const tab of all) {
        const isChosen = tab === chosen;
        tab.setAttribute('aria-selected', isChosen);
        tab.tabIndex = isChosen ? 0 : -1;
        document.getElementById(nameOf(tab)).hidden = !isChosen;
      }
      if (hasFocus) chosen.focus();
      chosen.scrollIntoView({block: 'nearest', inline: 'nearest'});
      if (tabs.chosen === nameOf(chosen)) return;
      tabs.chosen = nameOf(chosen);
      history.replaceState(null, '', `#${tabs.chosen}`);
      document.title = `${chosen.textContent} · simWS inspector`;
      link.want(views[tabs.chosen].topics);
      views[tabs.chosen].show();
    },
  };
  all.forEach((tab, at) => {
    tab.addEventListener('click', () => tabs.choose(nameOf(tab)));
    tab.addEventListener('keydown', event => {
      const last = all.length - 1;
      const to = {ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last}[event.key];
      if (to === undefined) return;
      event.preventDefault();
      tabs.choose(nameOf(all[to]), true);
    });
  });
  addEventListener('hashchange', () => tabs.choose(location.hash.slice(1)));
  queueMicrotask(() => tabs.choose(location.hash.slice(1)));
  return tabs;
}
