// The table of requests: a row each, which opens its story.
import { element, svg, table } from './element.mjs';
import { briefTime, count, duration, fullTime, sats, UNKNOWN } from './format.mjs';
import { timelineOf } from './timeline.mjs';

const MOST_DOTS = 5;

const SORTABLE = { When: 'timestamp', Latency: 'latency_ms', Cost: 'cost_sats' };
const NAMES = ['When', 'Model', 'Provider', 'Outcome', 'Attempts', 'Latency', 'Cost', 'Tokens'];
const NUMBERS = ['Latency', 'Cost', 'Tokens'];

// A dot an attempt, in order.
function dots(entry) {
  const lanes = timelineOf(entry).lanes.filter(({ kind }) => kind === 'attempt');
  if (lanes.length === 0) return element('span', { text: 'none' });
  const more = lanes.length - MOST_DOTS;
  return element('span', {},
    svg('svg', { class: 'dots', role: 'img', 'aria-label': `${lanes.length}: ${lanes.map(({ outcome }) => outcome).join(', ')}` },
      ...lanes.slice(0, MOST_DOTS).map(({ outcome }, i) => svg('circle', { class: outcome, cx: 5 + 12 * i, cy: '50%', r: 4 })),
      more > 0 ? svg('text', { x: 12 * MOST_DOTS, y: '50%', dy: '0.35em', text: `+${more}` }) : null));
}

function outcome({ success, error, streaming }) {
  const state = success ? 'good' : 'bad';
  const text = success ? 'answered' : String(error?.status ?? 'failed');
  return element('span', {}, element('span', { class: 'pill', 'data-state': state, text }), streaming ? element('small', { text: 'stream' }) : null);
}

function rowOf(entry, now, onOpen) {
  const arrived = Date.parse(entry.timestamp);
  const { tokens, cost, timing } = entry;
  return {
    properties: { 'data-id': entry.request_id, onclick: () => onOpen(entry) },
    cells: [
      { lead: true, nodes: [element('button', { type: 'button', title: fullTime(arrived), 'aria-haspopup': 'dialog', text: briefTime(arrived, now) })] },
      { name: true, nodes: [element('span', { text: entry.model })] },
      { name: true, nodes: [element('span', { text: entry.provider ?? UNKNOWN })] },
      { nodes: [outcome(entry)] },
      { nodes: [dots(entry)] },
      duration(timing.latency_ms),
      cost.sats === null ? UNKNOWN : `${sats(cost.sats)} sats`,
      tokens.input === null && tokens.output === null ? UNKNOWN : `${count(tokens.input)} / ${count(tokens.output)}`,
    ],
  };
}

// The button that has the focus is made anew with its row: the new one gets the focus back.
function keepingFocus(place, draw) {
  const key = (button) => button?.closest('tr')?.dataset.id ?? button?.dataset.sort;
  const focused = place.contains(document.activeElement) ? key(document.activeElement) : undefined;
  draw();
  if (focused === undefined) return;
  [...place.querySelectorAll('button')].find((button) => key(button) === focused)?.focus({ preventScroll: true });
}

export class RequestList {
  #shown = '';

  // `onOpen(entry)`, `onSort(column of /v1/requests)`.
  constructor(place, { onOpen, onSort }) {
    this.place = place;
    this.onOpen = onOpen;
    this.onSort = onSort;
  }

  // `page`: what /v1/requests answered. Draws only what is another than before.
  draw(page, [sort, order], now) {
    const shown = JSON.stringify([page.data, sort, order]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const columns = NAMES.map((name) => this.#column(name, sort, order));
    const rows = page.data.map((entry) => rowOf(entry, now, this.onOpen));
    keepingFocus(this.place, () => this.place.replaceChildren(table('Requests', columns, rows)));
  }

  // `why` is another text where the nodes are other ones.
  drawEmpty(why, nodes) {
    if (this.#shown === why) return;
    this.#shown = why;
    this.place.replaceChildren(element('div', { class: 'empty' }, ...nodes));
  }

  #column(name, sort, order) {
    const key = SORTABLE[name];
    const number = NUMBERS.includes(name);
    if (!key) return { name, number };
    return {
      name, number,
      sort: key === sort ? `${order}ending` : 'none',
      node: element('button', { type: 'button', 'data-sort': key, text: name, onclick: () => this.onSort(key) }),
    };
  }
}
