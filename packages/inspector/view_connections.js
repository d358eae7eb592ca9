// The table of connections, and a window for one of them.
import * as format from './format.js';
import {arranged} from './store.js';
import {Table, element} from './table.js';

const perSecond = (rate, text) => (rate === undefined ? '–' : `${text(rate)}/s`);

const columnsOf = store => [
  {name: 'number', title: '#', text: row => String(row.number), className: 'id', from: 'tablet'},
  {name: 'address', title: 'Address', text: row => row.address, className: 'main'},
  {name: 'resource', title: 'Path', text: row => row.resource, from: 'tablet', className: 'path'},
  {name: 'agent', title: 'Program', text: row => format.agentName(row.agent), from: 'desk'},
  {name: 'subprotocol', title: 'Subprotocol', text: row => row.subprotocol, from: 'wide'},
  {name: 'messagesInRate', title: 'In', text: row => perSecond(row.messagesInRate, format.rate), isNumber: true},
  {name: 'messagesOutRate', title: 'Out', text: row => perSecond(row.messagesOutRate, format.rate), isNumber: true},
  {name: 'bytesInRate', title: 'Bytes in', text: row => perSecond(row.bytesInRate, format.bytes), isNumber: true, from: 'wide'},
  {name: 'bytesOutRate', title: 'Bytes out', text: row => perSecond(row.bytesOutRate, format.bytes), isNumber: true, from: 'tablet'},
  {name: 'queuedBytes', title: 'Waiting', text: row => format.bytes(row.queuedBytes), isNumber: true},
  {name: 'queueAge', title: 'For', text: row => (row.queueAge > 0 ? format.duration(row.queueAge) : '–'), isNumber: true, from: 'desk'},
  {name: 'roundTrip', title: 'Round trip', text: row => format.duration(row.roundTrip ?? NaN), isNumber: true, from: 'tablet'},
  {name: 'dropped', title: 'Lost', text: row => format.count(row.dropped), isNumber: true, from: 'tablet'},
  {name: 'since', title: 'Open for', text: row => format.duration(Math.floor((store.now - row.since) / 1000)), isNumber: true, from: 'wide'},
];

const FACTS = [
  ['Number', row => String(row.number)],
  ['Address', row => row.address],
  ['State', row => row.state],
  ['Path', row => row.resource],
  ['Program', row => row.agent || '–'],
  ['Subprotocol', row => row.subprotocol || 'none'],
  ['Open since', row => format.clock(row.since, false)],
  ['Messages in, out', row => `${format.count(row.messagesIn)}, ${format.count(row.messagesOut)}`],
  ['Bytes in, out', row => `${format.bytes(row.bytesIn)}, ${format.bytes(row.bytesOut)}`],
  ['Waiting', row => `${format.bytes(row.queuedBytes)}${row.queueAge > 0 ? ` for ${format.duration(row.queueAge)}` : ''}`],
  ['Round trip', row => format.duration(row.roundTrip ?? NaN)],
  ['Lost', row => format.count(row.dropped)],
];

export class Connections {
  topics = ['connections'];
  #store;
  #table;
  #filter;
  #note;
  #window;

  constructor(root, page) {
    this.#store = page.store;
    this.#filter = root.querySelector('[name=filter]');
    this.#note = root.querySelector('[data-count]');
    this.#window = new ConnectionWindow(document.querySelector('dialog#connection'), page);
    this.#table = new Table(root, {
      caption: 'Connections', columns: columnsOf(page.store), keyOf: row => row.number, sortBy: 'number',
      empty: 'Nobody is connected.', onOpen: row => this.#window.open(row.number),
      decorate: (element, row) => element.classList.toggle('quiet', row.state !== 'open'),
    });
    this.#table.onSort = () => this.show();
    this.#filter.addEventListener('input', () => this.show());
    root.querySelector('form').addEventListener('submit', event => event.preventDefault());
  }

  show() {
    const {connections} = this.#store;
    const rows = arranged(connections.all(), {
      filter: this.#filter.value, texts: ['number', 'address', 'resource', 'agent', 'subprotocol'], ...this.#table.sorting,
    });
    this.#table.show(rows);
    this.#note.textContent = rows.length === connections.size
      ? format.counted(connections.size, 'connection') : `${rows.length} of ${format.counted(connections.size, 'connection')}`;
    this.#window.show();
  }
}

// Shows one connection; sends to it and closes it.
class ConnectionWindow {
  #dialog;
  #page;
  #number;
  #values = [];
  #answer;

  constructor(dialog, page) {
    this.#dialog = dialog;
    this.#page = page;
    this.#answer = dialog.querySelector('.answer');
    for (const [title] of FACTS) {
      const value = element('dd');
      dialog.querySelector('.facts').append(element('dt', {textContent: title}), value);
      this.#values.push(value);
    }
    const {send, close} = formsOf(dialog);
    dialog.querySelector('[name=dismiss]').addEventListener('click', () => dialog.close());
    dialog.querySelector('[name=messages]').addEventListener('click', () => this.#showMessages());
    send.addEventListener('submit', event => this.#send(event, send));
    close.addEventListener('submit', event => {
      event.preventDefault();
      this.#confirm(close, true);
    });
    close.elements.yes.addEventListener('click', () => this.#close(close));
    close.elements.no.addEventListener('click', () => this.#confirm(close, false));
  }

  open(number) {
    this.#number = number;
    this.#answer.textContent = '';
    const {close} = formsOf(this.#dialog);
    close.querySelector('.confirm').hidden = true;
    this.#dialog.showModal();
    this.show();
  }

  show() {
    if (!this.#dialog.open) return;
    const row = this.#page.store.connections.get(this.#number);
    this.#dialog.classList.toggle('gone', !row);
    if (!row) {
      this.#values[2].textContent = 'closed';
      return;
    }
    FACTS.forEach(([, text], i) => {
      const value = this.#values[i];
      if (value.textContent !== text(row)) value.textContent = text(row);
    });
  }

  #confirm(form, isAsked) {
    form.querySelector('.confirm').hidden = !isAsked;
    (isAsked ? form.elements.yes : form.elements.code).focus();
  }

  async #close(form) {
    this.#confirm(form, false);
    const {code, reason} = form.elements;
    this.#tell(await this.#page.link.ask(`close/${this.#number}`, `${code.value} ${reason.value}`.trim()));
  }

  async #send(event, form) {
    event.preventDefault();
    const {data, kind} = form.elements;
    const content = kind.value === 'text' ? data.value : format.parseHex(data.value);
    if (content === undefined) return this.#tell({done: false, words: 'These are no bytes in hex: 00 ff 1b.'});
    this.#tell(await this.#page.link.ask(`send/${this.#number}`, content));
  }

  #tell({done, words}) {
    this.#answer.textContent = words;
    this.#answer.classList.toggle('bad', !done);
  }

  #showMessages() {
    this.#dialog.close();
    this.#page.open('messages');
    this.#page.views.messages.filter({connection: String(this.#number)});
  }
}

function formsOf(dialog) {
  return {send: dialog.querySelector('form[name=send]'), close: dialog.querySelector('form[name=close]')};
}
