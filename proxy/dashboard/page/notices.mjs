// The line above the board: what is wrong, and when it is tried again.
import { Refused, Unreachable } from './api.mjs';
import { duration } from './format.mjs';

const TITLES = { log_busy: 'The log has more questions than it can answer', log_unavailable: 'The log cannot be read' };

function told(error) {
  if (error instanceof Unreachable) return `${error.message} What you see is what it said last.`;
  if (error instanceof Refused) return `${TITLES[error.code] ?? `The gateway answered with ${error.status}`}: ${error.message}`;
  return `This page failed: ${error.message}`;
}

export class Notices {
  #paused = false;

  constructor(place) {
    this.place = place;
  }

  // null: all is well. `delay`: ms until the next try; 0: there is none.
  show(error, delay = 0) {
    if (error === null) return this.#say(this.#paused ? 'Paused. What you see does not change.' : '', 'warn');
    const next = delay > 0 ? ` Next try in ${duration(delay)}.` : '';
    this.#say(`${told(error)}${next}`, error instanceof Refused && error.status === 503 ? 'warn' : 'bad');
  }

  paused(paused) {
    this.#paused = paused;
    this.show(null);
  }

  // Said again only where it is another text: it is a live region.
  #say(text, state) {
    if (this.place.textContent !== text) this.place.textContent = text;
    this.place.dataset.state = state;
    this.place.hidden = text === '';
  }
}
