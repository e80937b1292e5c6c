// When to ask again. One round at a time; none while paused or while nobody sees the page.
export const EVERY_MS = 5_000;
const LONGEST_MS = 60_000;

// A round that took long is repeated less often, so that this page takes at most a tenth of the log's time; failures
// double the wait, and the gateway's Retry-After is kept.
export function nextDelay({ tookMs, failures, retryAfterMs = 0 }) {
  const wanted = failures > 0 ? EVERY_MS * 2 ** Math.min(failures - 1, 10) : Math.max(EVERY_MS, 10 * tookMs);
  return Math.max(Math.min(wanted, LONGEST_MS), Math.min(retryAfterMs, LONGEST_MS));
}

export class Poller {
  #work;
  #onOutcome;
  #timer = null;
  #running = false;
  #again = false;
  #failures = 0;
  #stopped = true;

  // `work`: a round, async. `onOutcome(error or null, ms until the next)` after each.
  constructor(work, onOutcome) {
    this.#work = work;
    this.#onOutcome = onOutcome;
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) this.#cancel();
      else if (!this.#stopped) this.now();
    });
  }

  get stopped() {
    return this.#stopped;
  }

  start() {
    this.#stopped = false;
    if (!document.hidden) this.now();
  }

  stop() {
    this.#stopped = true;
    this.#again = false;
    this.#cancel();
  }

  // A round now, stopped or not, or one more right after the one that is under way.
  now() {
    this.#again = this.#running;
    if (!this.#running) this.#round();
  }

  #cancel() {
    clearTimeout(this.#timer);
  }

  async #round() {
    this.#cancel();
    this.#running = true;
    const began = performance.now();
    let failure = null;
    try {
      await this.#work();
      this.#failures = 0;
    } catch (error) {
      failure = error;
      this.#failures += 1;
    }
    this.#running = false;
    const delay = nextDelay({
      tookMs: performance.now() - began, failures: this.#failures, retryAfterMs: failure?.retryAfterMs,
    });
    this.#onOutcome(failure, delay);
    if (this.#again) return this.now();
    if (!this.#stopped && !document.hidden) this.#timer = setTimeout(() => this.now(), delay);
  }
}
