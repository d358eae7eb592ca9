// Messages as they pass, and one of them in full.
import * as format from './format.js';
import {topicOf} from './store.js';
import {Table, element} from './table.js';

const COLUMNS = [
  {name: 'time', title: 'Time', text: message => format.clock(message.time), sort: false, className: 'time', from: 'tablet'},
  {name: 'in', title: 'Way', text: message => (message.in ? '→ in' : '← out'), sort: false, className: 'way'},
  {name: 'connection', title: '#', text: message => String(message.connection || '–'), sort: false, className: 'id', from: 'tablet'},
  {name: 'topic', title: 'Topic · key', text: topicOf, sort: false, from: 'tablet', className: 'topic'},
  {name: 'size', title: 'Size', text: message => format.bytes(message.size), sort: false, isNumber: true},
  {name: 'content', title: 'Content', text: message => format.preview(message), sort: false, className: 'main data'},
];

const FACTS = [
  ['Time', message => format.clock(message.time)],
  ['Connection', message => `${message.connection || '–'}, ${message.in ? 'from the client' : 'to the client'}`],
  ['Topic', message => topicOf(message) || 'none'],
  ['Kind', message => `${message.opcode}, ${format.counted(message.size, 'byte')}${message.cut ? ', of which the first are shown' : ''}`],
];

export class Messages {
  topics = ['messages'];
  #messages;
  #table;
  #form;
  #note;
  #content;

  constructor(root, {store}) {
    this.#messages = store.messages;
    this.#form = root.querySelector('form');
    this.#note = root.querySelector('[data-count]');
    this.#content = new Content(root.querySelector('aside'));
    this.#table = new Table(root.querySelector('.list'), {
      caption: 'Messages, the newest first', columns: COLUMNS, keyOf: message => message.id,
      empty: 'No such message has passed since this view was opened.',
      onOpen: message => this.#content.show(message),
      decorate: (row, message) => void (row.dataset.way = message.in ? 'in' : 'out'),
    });
    this.#form.addEventListener('input', () => this.show());
    this.#form.addEventListener('submit', event => event.preventDefault());
    this.#form.elements.pause.addEventListener('click', () => this.#pause());
    this.#form.elements.clear.addEventListener('click', () => this.#clear());
  }

  // Shows only these: {connection, topic, text}.
  filter(wanted) {
    for (const name of ['connection', 'topic', 'text']) this.#form.elements[name].value = wanted[name] ?? '';
    this.show();
  }

  show() {
    const {connection, topic, text} = this.#form.elements;
    const found = this.#messages.matching({connection: connection.value.trim(), topic: topic.value.trim(), text: text.value});
    this.#table.show(found);
    const {passed, shown, size, isPaused} = this.#messages;
    const sample = passed > shown ? `a sample: ${format.count(shown)} of ${format.count(passed)}` : `${format.count(shown)}`;
    const kept = found.length < shown ? `, ${found.length} listed` : '';
    this.#note.textContent = `${isPaused ? 'paused · ' : ''}${size > 0 ? sample + kept : ''}`;
  }

  #pause() {
    this.#messages.isPaused = !this.#messages.isPaused;
    this.#form.elements.pause.setAttribute('aria-pressed', this.#messages.isPaused);
    this.show();
  }

  #clear() {
    this.#messages.clear();
    this.show();
  }
}

// One message in full, as text, as indented JSON, or as bytes.
class Content {
  #root;
  #text;
  #values = [];
  #message;
  #form = 'pretty';

  constructor(root) {
    this.#root = root;
    this.#text = root.querySelector('pre');
    for (const [title] of FACTS) {
      const value = element('dd');
      root.querySelector('.facts').append(element('dt', {textContent: title}), value);
      this.#values.push(value);
    }
    root.querySelector('[name=close]').addEventListener('click', () => this.#hide());
    for (const button of root.querySelectorAll('[data-form]')) {
      button.addEventListener('click', () => this.#choose(button.dataset.form));
    }
  }

  show(message) {
    this.#message = message;
    this.#root.hidden = false;
    FACTS.forEach(([, text], i) => void (this.#values[i].textContent = text(message)));
    const text = contentOf(message, this.#form);
    this.#text.textContent = message.cut ? `${text}\n…` : text;
    if (matchMedia('(max-width: 60rem)').matches) this.#root.scrollIntoView({block: 'nearest'});
  }

  #choose(form) {
    this.#form = form;
    for (const button of this.#root.querySelectorAll('[data-form]')) {
      button.setAttribute('aria-pressed', button.dataset.form === form);
    }
    this.show(this.#message);
  }

  #hide() {
    this.#root.hidden = true;
    document.querySelector('#messages tbody tr[tabindex="0"]')?.focus();
  }
}

// Bytes are shown as such whatever is wished.
function contentOf(message, form) {
  const isBytes = message.text === undefined;
  if (isBytes || form === 'hex') {
    return format.hexDump(isBytes ? format.fromBase64(message.bytes) : new TextEncoder().encode(message.text));
  }
  return (form === 'pretty' && format.prettyJson(message.text)) || message.text;
}
