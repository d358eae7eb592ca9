const LATELY = 120_000; // milliseconds; twice as long at most a measured clock difference holds

// How the server's clock differs from ours: the least that a message of late took by both clocks, less the
// half of a round trip. In milliseconds.
export class Clock {
  roundTrip; // undefined: not known
  #least = Infinity;
  #leastBefore = Infinity;
  #since = now();

  roundTripWas(time) {
    this.roundTrip = Math.min(this.roundTrip ?? Infinity, time);
  }

  arrived(time) {
    const at = now();
    if (at - this.#since > LATELY) {
      this.#leastBefore = this.#least;
      this.#least = Infinity;
      this.#since = at;
    }
    this.#least = Math.min(this.#least, at - time);
  }

  // Seconds
  age(time) {
    const difference = Math.min(this.#least, this.#leastBefore) - (this.roundTrip ?? 0) / 2;
    return Math.max(0, now() - time - difference) / 1000;
  }
}

// Never set back, and finer than a millisecond.
export function now() {
  return performance.timeOrigin + performance.now();
}
