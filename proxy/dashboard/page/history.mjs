// The range's statistics, column by column: /v1/stats knows one span at a time, so that each column is a question. What
// has been answered is kept; a round asks for the newest column, for those not known yet, and once more for one of the
// others, since a long stream's row comes after its column has passed.
const MINUTE = 60_000;
const SHAPES = {
  last_1h: { step: 2 * MINUTE, columns: 30 },
  last_24h: { step: 60 * MINUTE, columns: 24 },
  last_7d: { step: 360 * MINUTE, columns: 28 },
  last_30d: { step: 1440 * MINUTE, columns: 30 },
};

export const shapeOf = (range) => SHAPES[range];

// The columns' beginnings, oldest first; `now` is in the last one.
export function columnStarts(range, now) {
  const { step, columns } = SHAPES[range];
  const last = Math.floor(now / step) * step;
  return Array.from({ length: columns }, (_, i) => last - (columns - 1 - i) * step);
}

export class History {
  #known = new Map();
  #range = null;
  #turn = 0;

  // `ask(since, until)`: the statistics of a span of time, in ms.
  constructor(ask) {
    this.ask = ask;
  }

  // Asks what a round asks, one after the other, and calls `onColumn(columns)` after each; stops where `wanted()` is false.
  async refresh(range, now, wanted, onColumn) {
    if (range !== this.#range) {
      this.#range = range;
      this.#known.clear();
    }
    const { step } = SHAPES[range];
    const starts = columnStarts(range, now);
    for (const start of [...this.#known.keys()]) if (!starts.includes(start)) this.#known.delete(start);
    for (const start of this.#due(starts)) {
      const stats = await this.ask(start, start + step);
      if (!wanted()) return;
      this.#known.set(start, stats);
      onColumn(starts.map((time) => ({ start: time, step, stats: this.#known.get(time) ?? null })));
    }
  }

  // A column that has just ended is asked once more: its last seconds came after it was asked before.
  #due(starts) {
    const [previous, last] = starts.slice(-2);
    const fresh = !this.#known.has(last);
    const missing = starts.slice(0, -1).filter((start) => !this.#known.has(start) || (fresh && start === previous));
    if (missing.length === 0) missing.push(starts[this.#turn++ % (starts.length - 1)]);
    return [last, ...missing.reverse()];
  }
}
