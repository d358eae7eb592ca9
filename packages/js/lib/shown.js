const MOST_KEYS = 10_000;
const MOST_EPOCHS = 64;

// What came last of each topic and key, from whichever server: nothing older comes after it. An epoch is a
// start of the simulation; a new one ends those before, whose messages may still be under way.
export class Shown {
  #epoch; // undefined: none has come
  #past = new Set(); // the latest are last
  #sequences = new Map(); // by topic and key, those that came last are last

  // False: it's older. What has no origin is never.
  takes(topic, key, epoch, sequence) {
    if (epoch === undefined) return true;
    if (this.#past.has(epoch)) return false;
    if (epoch !== this.#epoch) this.#begin(epoch);
    const name = `${topic}\n${key}`;
    if (sequence < this.#sequences.get(name)) return false;
    this.#sequences.delete(name);
    this.#sequences.set(name, sequence);
    keepLast(this.#sequences, MOST_KEYS);
    return true;
  }

  #begin(epoch) {
    if (this.#epoch !== undefined) this.#past.add(this.#epoch);
    keepLast(this.#past, MOST_EPOCHS);
    this.#epoch = epoch;
    this.#sequences.clear();
  }
}

function keepLast(items, most) {
  if (items.size > most) items.delete(items.keys().next().value);
}
