// The pad, the keys and the buttons that drive the robot.

const REPEAT = 100; // milliseconds between two commands while something is held
const DEAD_ZONE = 0.08;
const KEY_REACH = 0.75; // how far a key pushes the stick

const directions = {
  ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0],
  KeyW: [0, 1], KeyS: [0, -1], KeyA: [-1, 0], KeyD: [1, 0],
};

// Events: "drive" (the stick's place in detail, x to the right and y forward, both from -1 to 1),
// "stop", "reset", "take". While the stick is out of its middle, drive comes again and again.
export class Controls extends EventTarget {
  #pad;
  #knob;
  #held = new Set();
  #pointer = null;
  #stick = {x: 0, y: 0};
  #timer = 0;

  constructor({pad, knob, stop, reset, take}) {
    super();
    this.#pad = pad;
    this.#knob = knob;
    pad.addEventListener('pointerdown', event => this.#grab(event));
    pad.addEventListener('pointermove', event => this.#drag(event));
    for (const type of ['pointerup', 'pointercancel', 'lostpointercapture']) {
      pad.addEventListener(type, event => this.#drop(event));
    }
    addEventListener('keydown', event => this.#keyDown(event));
    addEventListener('keyup', event => this.#keyUp(event));
    addEventListener('blur', () => this.release());
    document.addEventListener('visibilitychange', () => document.hidden && this.release());
    stop.addEventListener('click', () => this.#stop());
    reset.addEventListener('click', () => this.#tell('reset'));
    take.addEventListener('click', () => this.#tell('take'));
  }

  // Lets go of everything: the stick is in its middle until something is pressed anew.
  release() {
    this.#held.clear();
    this.#pointer = null;
    this.#pad.classList.remove('dragged');
    this.#move(0, 0);
  }

  #grab(event) {
    if (this.#pointer !== null || event.button !== 0) return;
    this.#pointer = event.pointerId;
    this.#pad.setPointerCapture(event.pointerId);
    this.#pad.classList.add('dragged');
    this.#drag(event);
  }

  #drag(event) {
    if (event.pointerId !== this.#pointer) return;
    const {left, top, width, height} = this.#pad.getBoundingClientRect();
    const reach = width * 0.34;
    const x = (event.clientX - left - width / 2) / reach;
    const y = (top + height / 2 - event.clientY) / reach;
    const length = Math.hypot(x, y);
    if (length < DEAD_ZONE) this.#move(0, 0);
    else this.#move(x / Math.max(1, length), y / Math.max(1, length));
  }

  #drop(event) {
    if (event.pointerId !== this.#pointer) return;
    this.#pointer = null;
    this.#pad.classList.remove('dragged');
    this.#move(0, 0);
  }

  #keyDown(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.code === 'Space') {
      event.preventDefault();
      if (!event.repeat) this.#stop();
    } else if (directions[event.code]) {
      event.preventDefault();
      if (event.repeat) return;
      this.#held.add(event.code);
      this.#moveByKeys();
    }
  }

  // Space stops wherever the focus is: it mustn't press a button, which some browsers do at its end.
  #keyUp(event) {
    if (event.code === 'Space') event.preventDefault();
    if (this.#held.delete(event.code)) this.#moveByKeys();
  }

  #moveByKeys() {
    let x = 0;
    let y = 0;
    for (const code of this.#held) {
      x += directions[code][0];
      y += directions[code][1];
    }
    this.#move(KEY_REACH * Math.sign(x), KEY_REACH * Math.sign(y));
  }

  #stop() {
    this.release();
    this.#tell('stop');
  }

  #move(x, y) {
    const {x: oldX, y: oldY} = this.#stick;
    if (x === oldX && y === oldY) return;
    this.#stick = {x, y};
    this.#knob.style.setProperty('--x', x);
    this.#knob.style.setProperty('--y', y);
    const centred = x === 0 && y === 0;
    this.#pad.classList.toggle('active', !centred);
    clearInterval(this.#timer);
    this.#tell('drive', this.#stick);
    if (!centred) this.#timer = setInterval(() => this.#tell('drive', this.#stick), REPEAT);
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, {detail}));
  }
}
