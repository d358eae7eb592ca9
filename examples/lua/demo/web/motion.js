// Smooth motion from the states that arrive every 50 ms: the picture runs a little behind the
// simulation, so that there is always a state before and one after the moment to show.

const DELAY = 0.1; // seconds
const LARGEST_LAG = 0.5;
const TRAIL_TIME = 12;
const JUMP = 0.4; // metres; more between two states is no motion

const mix = (a, b, part) => a + (b - a) * part;

function mixAngle(a, b, part) {
  const turn = Math.atan2(Math.sin(b - a), Math.cos(b - a));
  return a + turn * part;
}

export class Motion {
  #states = [];
  #arrived = 0;
  #playhead = 0;
  #sampled = 0;
  #wheels = {left: 0, right: 0};
  trail = []; // [time, x, y]

  // Starts again from a snapshot.
  reset(state, trail) {
    this.#states = [];
    this.trail = trail;
    this.#playhead = state.time;
    this.push(state);
  }

  push(state) {
    this.#states.push(state);
    if (this.#states.length > 40) this.#states.shift();
    this.#arrived = performance.now();
    this.trail.push([state.time, state.x, state.y]);
    while (state.time - this.trail[0][0] > TRAIL_TIME) this.trail.shift();
  }

  get latest() {
    return this.#states.at(-1);
  }

  // What to show now, or undefined as long as nothing has arrived.
  sample(now) {
    if (!this.latest) return undefined;
    this.#movePlayhead(now);
    let next = this.#states.findIndex(state => state.time > this.#playhead);
    if (next < 0) next = this.#states.length - 1;
    return this.#between(this.#states[Math.max(0, next - 1)], this.#states[next]);
  }

  // The playhead goes with the clock, and is drawn gently to its place behind the newest state.
  #movePlayhead(now) {
    const elapsed = (now - this.#sampled) / 1000;
    this.#sampled = now;
    const sinceArrival = Math.min(DELAY, (now - this.#arrived) / 1000);
    const target = this.latest.time + sinceArrival - DELAY;
    const before = this.#playhead;
    this.#playhead += elapsed;
    this.#playhead += (target - this.#playhead) * Math.min(1, 3 * elapsed);
    if (Math.abs(target - this.#playhead) > LARGEST_LAG) this.#playhead = target;
    this.#roll(Math.max(0, this.#playhead - before));
  }

  #roll(time) {
    this.#wheels.left += this.latest.left * time;
    this.#wheels.right += this.latest.right * time;
  }

  #between(a, b) {
    const span = b.time - a.time;
    const jumped = Math.hypot(b.x - a.x, b.y - a.y) > JUMP;
    const part = span > 0 && !jumped ? Math.min(1, Math.max(0, (this.#playhead - a.time) / span)) : 1;
    return {
      ...b,
      time: mix(a.time, b.time, part),
      x: mix(a.x, b.x, part),
      y: mix(a.y, b.y, part),
      heading: mixAngle(a.heading, b.heading, part),
      scan: b.scan.map((distance, i) => mix(a.scan[i], distance, part)),
      wheels: this.#wheels,
    };
  }
}
