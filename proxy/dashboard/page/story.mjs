// The sheet that tells one request.
import { element, svg } from './element.mjs';
import { count, duration, fullTime, sats, UNKNOWN } from './format.mjs';
import { ticksOf, timelineOf, verdictOf } from './timeline.mjs';

const percent = (part, total) => `${(100 * Math.min(part, total)) / total}%`;

// The hatching of waits; lanes refer to it by its id.
function hatching() {
  return svg('defs', {}, svg('pattern', { id: 'waiting', width: 6, height: 6, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
    svg('rect', { width: 6, height: 6 }), svg('path', { d: 'M0 0V6' })));
}

function span(className, from, to, total, fill) {
  return svg('rect', { class: className, x: percent(from, total), width: percent(to - from, total), y: '15%', height: '70%', rx: 3, fill });
}

// Every span is at least this wide, so that one of a millisecond shows.
const LEAST_PERCENT = 0.6;

function drawLane(lane, { total, end }, ticks) {
  const least = (total * LEAST_PERCENT) / 100;
  const from = Math.min(lane.from, total - least);
  const to = Math.max(lane.to, from + least);
  return svg('svg', { 'aria-hidden': 'true' },
    svg('rect', { class: 'track', width: '100%', height: '100%', rx: 4 }),
    ...ticks.map((tick) => svg('line', { class: 'tick', x1: percent(tick, total), x2: percent(tick, total), y1: 0, y2: '100%' })),
    lane.waited > 0 ? span('wait', lane.waitFrom, lane.from, total, 'url(#waiting)') : null,
    span(lane.kind === 'stream' ? `stream ${lane.outcome}` : lane.outcome, from, to, total),
    svg('line', { class: 'end', x1: percent(end, total), x2: percent(end, total), y1: '-10%', y2: '110%' }));
}

function drawScale(total, ticks) {
  return svg('svg', { class: 'scale', 'aria-hidden': 'true' }, hatching(),
    ...ticks.map((tick) => svg('text', {
      x: percent(tick, total), y: '75%', 'text-anchor': tick === 0 ? 'start' : tick > total * 0.93 ? 'end' : 'middle',
      text: tick === 0 ? '0' : duration(tick),
    })));
}

function laneItem(lane, timeline, ticks) {
  const waited = lane.waited > 0 ? `waited ${duration(lane.waited)}, then ` : '';
  const took = timeline.recorded && lane.kind === 'attempt' ? ` in ${duration(lane.to - lane.from)}` : '';
  return element('li', { 'data-outcome': lane.outcome, 'data-kind': lane.kind },
    element('p', {},
      element('span', { class: 'who', text: lane.who || 'no provider' }),
      element('span', { class: 'how' }, waited, element('b', { text: lane.how }), took)),
    drawLane(lane, timeline, ticks),
    lane.why ? element('span', { class: 'why', text: lane.why }) : null);
}

function fact(name, value, wide = false) {
  return element('div', { class: wide ? 'wide' : undefined }, element('dt', { text: name }), element('dd', {}, value));
}

function facts(entry) {
  const { tokens, cost, timing } = entry;
  return element('dl', { class: 'facts' },
    fact('Cost', cost.sats === null ? UNKNOWN : `${sats(cost.sats)} sats`),
    fact('Tokens', tokens.input === null && tokens.output === null ? UNKNOWN : `${count(tokens.input)} in · ${count(tokens.output)} out`),
    fact('Kind', entry.streaming ? 'stream' : 'plain'),
    fact(entry.streaming ? 'First event' : 'Latency', duration(timing.latency_ms)),
    entry.streaming ? fact('Stream', timing.stream_duration_ms === null ? UNKNOWN : duration(timing.stream_duration_ms)) : null,
    fact('Arrived', fullTime(Date.parse(entry.timestamp))),
    fact('Request id', element('code', { text: entry.request_id }), true));
}

function picture(entry) {
  const timeline = timelineOf(entry);
  if (timeline.lanes.length === 0) return [];
  const ticks = ticksOf(timeline.total);
  return [
    element('h3', { text: 'Attempts' }),
    element('ol', { class: 'lanes' },
      ...timeline.lanes.map((lane) => laneItem(lane, timeline, ticks)),
      element('li', { 'data-kind': 'scale' }, drawScale(timeline.total, ticks))),
    timeline.recorded ? null : element('p', { class: 'quiet', text: 'Nothing failed here, so the log kept no times of the attempt; it fills the latency.' }),
  ];
}

export class Story {
  constructor(dialog) {
    this.dialog = dialog;
    this.title = dialog.querySelector('#story-title');
    this.body = dialog.querySelector('#story-body');
    dialog.querySelector('#close-story').addEventListener('click', () => dialog.close());
    dialog.addEventListener('click', (event) => { if (event.target === dialog) dialog.close(); });
  }

  show(entry) {
    this.title.textContent = entry.model;
    const told = entry.error?.message;
    this.body.replaceChildren(...[
      element('p', { class: 'verdict' },
        element('span', { class: 'pill', 'data-state': entry.success ? 'good' : 'bad', text: entry.success ? 'answered' : String(entry.error?.status ?? 'failed') }),
        ' ', verdictOf(entry)),
      told ? element('p', { class: 'told', text: told }) : null,
      ...picture(entry),
      element('h3', { text: 'The request' }),
      facts(entry),
    ].filter(Boolean));
    if (!this.dialog.open) this.dialog.showModal();
    this.dialog.scrollTop = 0;
  }
}
