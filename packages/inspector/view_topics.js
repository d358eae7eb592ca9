// The table of topics.
import * as format from './format.js';
import {arranged} from './store.js';
import {Table} from './table.js';

const COLUMNS = [
  {name: 'name', title: 'Topic', text: topic => topic.name, className: 'main'},
  {name: 'subscribers', title: 'Subscribers', text: topic => format.count(topic.subscribers), isNumber: true, from: 'tablet'},
  {name: 'publishedRate', title: 'Published', text: topic => perSecond(topic.publishedRate), isNumber: true},
  {name: 'deliveredRate', title: 'Delivered', text: topic => perSecond(topic.deliveredRate), isNumber: true},
  {name: 'conflated', title: 'Replaced', text: topic => format.count(topic.conflated), isNumber: true, from: 'tablet'},
  {name: 'dropped', title: 'Lost', text: topic => format.count(topic.dropped), isNumber: true, from: 'tablet'},
  {name: 'queuedBytes', title: 'Waiting', text: topic => format.bytes(topic.queuedBytes), isNumber: true, from: 'tablet'},
  {name: 'retainedKeys', title: 'Retained', text: topic => format.count(topic.retainedKeys), isNumber: true, from: 'desk'},
  {name: 'retainedBytes', title: 'Retained size', text: topic => format.bytes(topic.retainedBytes), isNumber: true, from: 'desk'},
  {name: 'published', title: 'Published in all', text: topic => format.count(topic.published), isNumber: true, from: 'desk'},
];

function perSecond(rate) {
  return rate === undefined ? '–' : `${format.rate(rate)}/s`;
}

export class Topics {
  topics = ['topics'];
  #store;
  #table;
  #filter;
  #note;

  constructor(root, page) {
    this.#store = page.store;
    this.#filter = root.querySelector('[name=filter]');
    this.#note = root.querySelector('[data-count]');
    this.#table = new Table(root, {
      caption: 'Topics', columns: COLUMNS, keyOf: topic => topic.name, sortBy: 'name',
      empty: 'No topic has been published or subscribed to.',
      onOpen: topic => {
        page.open('messages');
        page.views.messages.filter({topic: topic.name});
      },
    });
    this.#table.onSort = () => this.show();
    this.#filter.addEventListener('input', () => this.show());
    root.querySelector('form').addEventListener('submit', event => event.preventDefault());
  }

  show() {
    const {topics} = this.#store;
    const rows = arranged(topics.all(), {filter: this.#filter.value, texts: ['name'], ...this.#table.sorting});
    this.#table.show(rows);
    const all = topics.total ?? topics.size;
    const left = all > topics.size ? `, the first ${topics.size} of them` : '';
    this.#note.textContent = rows.length === topics.size ? `${format.counted(all, 'topic')}${left}` : `${rows.length} of ${format.counted(all, 'topic')}`;
  }
}
