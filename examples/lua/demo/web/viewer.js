// How this page looks on: as slow as one likes, and in what company.

const CROWD = 20;
const RATE_TIME = 1000; // milliseconds over which messages are counted

// How old the state is that is drawn, and how often a new one comes.
export class Viewer {
  #slider;
  #button;
  #crowd = null;
  #wanted = 0;
  #arrivals = [];
  age = NaN; // seconds; of the last state when it was handled

  constructor({slow, slowValue, crowd, crowdValue}) {
    this.#slider = slow;
    this.#button = crowd;
    const show = () => (slowValue.textContent = `${slow.value} ms`);
    slow.addEventListener('input', show);
    crowd.addEventListener('click', () => this.#toggleCrowd(count => (crowdValue.textContent = count)));
    show();
  }

  // Does what a slow page does for each state: nothing else, for as long as the slider says.
  take(age) {
    const now = performance.now();
    this.age = age;
    this.#arrivals.push(now);
    const end = now + Number(this.#slider.value);
    while (performance.now() < end);
  }

  // States in a second.
  get rate() {
    const start = performance.now() - RATE_TIME;
    while (this.#arrivals[0] < start) this.#arrivals.shift();
    return this.#arrivals.length * 1000 / RATE_TIME;
  }

  #toggleCrowd(show) {
    this.#wanted = this.#wanted ? 0 : CROWD;
    this.#crowd ??= new Worker('/crowd.js', {type: 'module'});
    this.#crowd.onmessage = ({data: count}) => show(count ? `${count} more` : '');
    this.#crowd.postMessage(this.#wanted);
    this.#button.textContent = this.#wanted ? 'Send them away' : `Bring ${CROWD} viewers`;
    this.#button.setAttribute('aria-pressed', this.#wanted > 0);
  }
}
