// A table of any number of rows, of which those are elements that are seen: sorted by its headers, walked through
// with the arrow keys, one tab stop in all.

const SPARE = 6; // rows above and below what is seen
const ASSUMED_HEIGHT = 32;

// columns: {name, title, text(row), isNumber, from, sort, className}. `from`: shown from that width on (of the
// style sheet: 'tablet', 'desk', 'wide'). `sort`: false, or the row's member to sort by. `most`: so many rows are elements,
// however high each is, and no more are shown.
export class Table {
  #columns;
  #keyOf;
  #onOpen;
  #describe;
  #scroller;
  #table;
  #body;
  #above;
  #below;
  #shown = new Map(); // key -> row element
  #rows = [];
  #current; // key of the row that can be tabbed to
  #height = ASSUMED_HEIGHT;
  #most;
  sorting = {by: undefined, isDescending: false};
  onSort = () => {};

  constructor(root, {caption, columns, keyOf, onOpen, describe, sortBy, empty, decorate, most}) {
    this.#most = most;
    this.#columns = columns;
    this.#keyOf = keyOf;
    this.#onOpen = onOpen;
    this.#describe = describe;
    this.decorate = decorate ?? (() => {});
    this.sorting.by = sortBy;
    this.#scroller = element('div', {className: 'scroller'});
    this.#table = element('table');
    this.#table.append(element('caption', {textContent: caption, className: 'hidden'}), this.#makeHead());
    this.#body = element('tbody');
    this.#above = this.#makeSpace();
    this.#below = this.#makeSpace();
    this.#body.append(this.#above, this.#below);
    this.#table.append(this.#body);
    this.empty = element('p', {className: 'empty', textContent: empty, hidden: true});
    this.#scroller.append(this.#table, this.empty);
    root.append(this.#scroller);
    this.#scroller.addEventListener('scroll', () => this.#draw(), {passive: true});
    this.#body.addEventListener('keydown', event => this.#walk(event));
    this.#body.addEventListener('click', event => this.#clicked(event));
    new ResizeObserver(() => this.#draw()).observe(this.#scroller);
  }

  show(rows) {
    this.#rows = this.#most ? rows.slice(0, this.#most) : rows;
    this.#table.setAttribute('aria-rowcount', this.#rows.length + 1);
    this.empty.hidden = rows.length > 0;
    this.#draw();
  }

  scrollToTop() {
    this.#scroller.scrollTop = 0;
  }

  #makeHead() {
    const row = element('tr');
    row.setAttribute('aria-rowindex', 1);
    for (const column of this.#columns) {
      const head = element('th', {scope: 'col', className: classOf(column)});
      if (column.sort === false) {
        head.textContent = column.title;
      } else {
        const button = element('button', {type: 'button', textContent: column.title});
        button.addEventListener('click', () => this.#sortBy(column));
        head.append(button);
      }
      column.head = head;
      row.append(head);
    }
    queueMicrotask(() => this.#markSorting());
    const head = element('thead');
    head.append(row);
    return head;
  }

  #makeSpace() {
    const row = element('tr', {className: 'space'});
    row.setAttribute('aria-hidden', 'true');
    row.append(element('td', {colSpan: this.#columns.length}));
    return row;
  }

  // Figures begin with the largest.
  #sortBy(column) {
    const by = column.sort ?? column.name;
    const isSame = this.sorting.by === by;
    this.sorting = {by, isDescending: isSame ? !this.sorting.isDescending : Boolean(column.isNumber)};
    this.#markSorting();
    this.scrollToTop();
    this.onSort();
  }

  #markSorting() {
    const {by, isDescending} = this.sorting;
    for (const column of this.#columns) {
      if (by !== undefined && (column.sort ?? column.name) === by) {
        column.head.setAttribute('aria-sort', isDescending ? 'descending' : 'ascending');
      } else {
        column.head.removeAttribute('aria-sort');
      }
    }
  }

  #draw() {
    const hadFocus = this.#body.contains(document.activeElement);
    const [first, last] = this.#range();
    const seen = this.#rows.slice(first, last);
    const keys = new Set(seen.map(this.#keyOf));
    for (const [key, row] of this.#shown) {
      if (keys.has(key)) continue;
      row.remove();
      this.#shown.delete(key);
    }
    if (!keys.has(this.#current) && !hadFocus) this.#current = seen.length > 0 ? this.#keyOf(seen[0]) : undefined;
    let place = this.#above;
    seen.forEach((data, i) => {
      const row = this.#fill(data, first + i);
      if (place.nextSibling !== row) place.after(row);
      place = row;
    });
    this.#above.firstChild.style.height = `${first * this.#height}px`;
    this.#below.firstChild.style.height = `${(this.#rows.length - last) * this.#height}px`;
    this.#measure();
    if (hadFocus && !this.#body.contains(document.activeElement)) this.#shown.get(this.#current)?.focus({preventScroll: true});
  }

  #range() {
    if (this.#most) return [0, this.#rows.length];
    const count = Math.ceil(this.#scroller.clientHeight / this.#height) + 2 * SPARE;
    const top = Math.floor(this.#scroller.scrollTop / this.#height) - SPARE;
    const first = Math.max(0, Math.min(top, this.#rows.length - count));
    return [first, Math.min(this.#rows.length, first + count)];
  }

  #measure() {
    const row = this.#shown.values().next().value;
    const height = row?.getBoundingClientRect().height;
    if (height > 0 && Math.abs(height - this.#height) > 0.5) this.#height = height;
  }

  #fill(data, index) {
    const key = this.#keyOf(data);
    let row = this.#shown.get(key);
    if (!row) {
      row = element('tr', {tabIndex: -1});
      for (const column of this.#columns) row.append(element('td', {className: classOf(column)}));
      this.#shown.set(key, row);
      row.key = key;
    }
    this.#columns.forEach((column, i) => {
      const text = column.text(data);
      if (row.children[i].textContent !== text) row.children[i].textContent = text;
    });
    row.data = data;
    row.tabIndex = key === this.#current ? 0 : -1;
    row.setAttribute('aria-rowindex', index + 2);
    if (this.#describe) row.setAttribute('aria-label', this.#describe(data));
    this.decorate(row, data);
    return row;
  }

  #clicked(event) {
    const row = event.target.closest('tr');
    if (!row?.data) return;
    this.#setCurrent(row.key);
    this.#onOpen?.(row.data);
  }

  #setCurrent(key) {
    const before = this.#shown.get(this.#current);
    if (before) before.tabIndex = -1;
    this.#current = key;
    const row = this.#shown.get(key);
    if (row) row.tabIndex = 0;
  }

  #walk(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === 'Enter' || event.key === ' ') {
      const row = event.target.closest('tr');
      if (!row?.data || !this.#onOpen) return;
      event.preventDefault();
      return this.#onOpen(row.data);
    }
    const page = Math.max(1, Math.floor(this.#scroller.clientHeight / this.#height) - 2);
    const end = this.#rows.length - 1;
    const at = Math.max(0, this.#rows.findIndex(row => this.#keyOf(row) === this.#current));
    const to = {ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: end}[event.key];
    if (to === undefined || end < 0) return;
    event.preventDefault();
    this.#goTo(Math.max(0, Math.min(end, to)));
  }

  #goTo(index) {
    const {scrollTop, clientHeight} = this.#scroller;
    const head = this.#table.tHead.offsetHeight;
    const top = index * this.#height;
    if (this.#most) this.#shown.get(this.#keyOf(this.#rows[index])).scrollIntoView({block: 'nearest'});
    else if (top < scrollTop) this.#scroller.scrollTop = top;
    else if (top + this.#height + head > scrollTop + clientHeight) this.#scroller.scrollTop = top + this.#height + head - clientHeight;
    this.#draw();
    this.#setCurrent(this.#keyOf(this.#rows[index]));
    this.#shown.get(this.#current)?.focus({preventScroll: true});
  }
}

function classOf({isNumber, from, className}) {
  return [isNumber && 'number', from && `from-${from}`, className].filter(Boolean).join(' ');
}

export function element(name, members = {}) {
  return Object.assign(document.createElement(name), members);
}
