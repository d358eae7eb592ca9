const LATELY = 120_000; // milliseconds; twice as long at most a measured clock difference holds

// How the server's clock differs from ours: the least that a message of late took by both clocks, less the
// half of a round trip. In milliseconds. Until something has arrived what was known before holds.
export class Clock {
  roundTrip; // undefined: not known
  #before; // another one, of the connection before
  #least = Infinity;
  #leastBefore = Infinity;
  #since = now();

  constructor(before) {
    this.#before = before?.#before ?? before;
  }

  roundTripWas(time) {
    this.roundTrip = Math.min(this.roundTrip ?? Infinity, time);
  }

  arrived(time) {
    const at = now();
    this.#before = undefined;
    if (at - this.#since > LATELY) {
      this.#leastBefore = this.#least;
      this.#least = Infinity;
      this.#since = at;
    }
    this.#least = Math.min(this.#least, at - time);
  }

  // Seconds
  age(time) {
    if (this.#before) return this.#before.age(time);
    const difference = Math.min(this.#least, this.#leastBefore) - (this.roundTrip ?? 0) / 2;
    return Math.max(0, now() - time - difference) / 1000;
  }
}

// Never set back, and finer than a millisecond.
export function now() {
  return performance.timeOrigin + performance.now();
}
