// The picture of the range: above, how many requests, answered and failed; below, p50 and p95 on a logarithmic scale.
// A column is one button over both: it says its numbers when it has the pointer or the focus, and shows its requests
// when it is pressed. Arrow keys go from one to the next, so that Tab passes all of them at once.
import { element, svg } from './element.mjs';
import { columnTime, count, duration, sats } from './format.mjs';

// The smallest of 1, 2, 5, 10, 20, … that is not below `value`.
export function niceCeiling(value) {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return [1, 2, 5, 10].map((factor) => factor * power).find((ceiling) => ceiling >= value);
}

// The powers of ten around all latencies: at least one decade.
export function decades(latencies) {
  const known = latencies.filter((ms) => ms !== null).map((ms) => Math.max(ms, 1));
  if (known.length === 0) return null;
  const low = Math.floor(Math.log10(Math.min(...known)));
  return { low, high: Math.max(Math.ceil(Math.log10(Math.max(...known))), low + 1) };
}

// From 100, the bottom, to 0.
function height(ms, { low, high }) {
  return 100 - (100 * (Math.log10(Math.max(ms, 1)) - low)) / (high - low);
}

function said({ start, step, stats }) {
  const span = `${columnTime(start, step)} to ${columnTime(start + step, step)}`;
  if (stats === null) return `${span}: not read yet`;
  const { total, error } = stats.counts;
  if (total === 0) return `${span}: no requests`;
  const { p50_latency_ms: p50, p95_latency_ms: p95 } = stats.performance;
  return `${span}: ${count(total)} requests, ${count(error)} failed, p50 ${duration(p50)}, p95 ${duration(p95)}, ` +
    `${sats(stats.costs.total_cost_sats)} sats`;
}

export class Chart {
  #columns = [];
  #chosen = null;
  #current = 0;

  // `onChoose(start, end)` in ms; both null where the choice was taken back.
  constructor(place, readout, onChoose) {
    this.readout = readout;
    this.onChoose = onChoose;
    this.buttons = element('div', { class: 'columns', role: 'toolbar', 'aria-label': 'Requests over time, column by column' });
    this.counts = svg('svg', { class: 'counts', 'aria-hidden': 'true' });
    this.times = svg('svg', { class: 'times', 'aria-hidden': 'true' });
    this.when = element('div', { class: 'when', 'aria-hidden': 'true' });
    place.replaceChildren(element('div', { class: 'chart' }, this.counts, this.times, this.buttons, this.when));
    this.buttons.addEventListener('keydown', (event) => this.#step(event));
    this.buttons.addEventListener('pointerleave', () => this.#say(null));
    this.buttons.addEventListener('focusout', () => this.#say(null));
  }

  // The column that begins then is shown as chosen; null: none.
  choose(start) {
    this.#chosen = start;
    this.#columns.forEach(({ start: own }, i) => this.buttons.children[i]?.setAttribute('aria-pressed', String(own === start)));
  }

  draw(columns) {
    this.#columns = columns;
    this.#keepButtons(columns.length);
    const top = niceCeiling(Math.max(...columns.map(({ stats }) => stats?.counts.total ?? 0)));
    const scale = decades(columns.flatMap(({ stats }) =>
      (stats ? [stats.performance.p50_latency_ms, stats.performance.p95_latency_ms] : [])));
    this.#drawGrid(top, scale);
    columns.forEach((column, i) => {
      const button = this.buttons.children[i];
      button.setAttribute('aria-label', said(column));
      button.replaceChildren(bar(column.stats, top), spans(column.stats, columns[i - 1]?.stats, scale));
    });
    this.choose(this.#chosen);
    const { start, step } = columns[0];
    const middle = columns[Math.floor(columns.length / 2)].start;
    this.when.replaceChildren(...[start, middle].map((time) => element('span', { text: columnTime(time, step) })),
      element('span', { text: 'now' }));
    this.#say(this.buttons.contains(document.activeElement) ? this.#current : null);
  }

  #keepButtons(wanted) {
    while (this.buttons.children.length > wanted) this.buttons.lastChild.remove();
    while (this.buttons.children.length < wanted) {
      const i = this.buttons.children.length;
      this.buttons.append(element('button', {
        type: 'button', onclick: () => this.#press(i), onpointerenter: () => this.#say(i), onfocus: () => this.#say(i),
      }));
    }
    this.#current = Math.min(this.#current || wanted - 1, wanted - 1);
    [...this.buttons.children].forEach((button, i) => { button.tabIndex = i === this.#current ? 0 : -1; });
  }

  #drawGrid(top, scale) {
    this.counts.replaceChildren(...gridLine(0, count(top)), ...gridLine(100, '0'));
    const powers = scale ? Array.from({ length: scale.high - scale.low + 1 }, (_, i) => scale.low + i) : [];
    const every = Math.ceil(powers.length / 4);
    this.times.replaceChildren(...powers.flatMap((power, i) =>
      gridLine(height(10 ** power, scale), i % every === 0 ? duration(10 ** power) : '')));
  }

  #press(i) {
    this.#move(i);
    const { start, step } = this.#columns[i];
    const taken = start !== this.#chosen;
    this.choose(taken ? start : null);
    this.onChoose(taken ? start : null, taken ? start + step : null);
  }

  #step(event) {
    const last = this.buttons.children.length - 1;
    const targets = { ArrowLeft: this.#current - 1, ArrowRight: this.#current + 1, Home: 0, End: last };
    if (!(event.key in targets)) return;
    event.preventDefault();
    this.#move(Math.max(0, Math.min(last, targets[event.key])));
    this.buttons.children[this.#current].focus();
  }

  #move(i) {
    this.buttons.children[this.#current].tabIndex = -1;
    this.#current = i;
    this.buttons.children[i].tabIndex = 0;
  }

  #say(i) {
    this.readout.textContent = i === null ? 'Choose a column to see its requests.' : said(this.#columns[i]);
  }
}

function gridLine(percent, label) {
  return [
    svg('line', { x1: '3.25rem', x2: '100%', y1: `${percent}%`, y2: `${percent}%` }),
    svg('text', { x: '2.75rem', y: `${percent}%`, dy: '0.35em', 'text-anchor': 'end', text: label }),
  ];
}

function bar(stats, top) {
  const { success = 0, error = 0 } = stats?.counts ?? {};
  const part = (requests) => (requests === 0 ? 0 : Math.max((100 * requests) / top, 1.5));
  const failed = part(error);
  const answered = part(success);
  return svg('svg', { viewBox: '0 0 10 100', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    svg('rect', { class: 'answered', x: 1.25, width: 7.5, y: 100 - answered, height: answered }),
    svg('rect', { class: 'failed', x: 1.25, width: 7.5, y: 100 - answered - failed, height: failed }));
}

// A level a column, joined to the one before.
function spans(stats, before, scale) {
  const level = (which) => {
    const ms = stats?.performance[which] ?? null;
    if (ms === null || scale === null) return '';
    const from = before?.performance[which] ?? null;
    return `${from === null ? `M0 ${height(ms, scale)}` : `M0 ${height(from, scale)}V${height(ms, scale)}`}H10`;
  };
  return svg('svg', { class: 'spans', viewBox: '0 0 10 100', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    svg('path', { class: 'p95', d: level('p95_latency_ms') }), svg('path', { class: 'p50', d: level('p50_latency_ms') }));
}
