// The numbers at the top.
import { element } from './element.mjs';
import { count, durationParts, percent, rateParts, sats } from './format.mjs';

const RANGE_NAMES = { last_1h: 'last hour', last_24h: 'last 24 hours', last_7d: 'last 7 days', last_30d: 'last 30 days' };

function tile(id, name, [figure, unit], more, state) {
  return element('div', { class: 'tile', id: `tile-${id}`, 'data-state': state },
    element('dt', { text: name }),
    element('dd', { class: 'figure' }, figure, unit ? ' ' : null, unit ? element('small', { text: unit }) : null),
    element('dd', { class: 'more', text: more }));
}

// `stats`: of the range; `live`: of the last `liveSeconds`.
export function drawTiles(place, range, stats, live, liveSeconds) {
  const { counts, costs, performance } = stats;
  const each = counts.success > 0 ? `${sats(costs.total_cost_sats / counts.success)} an answer` : 'nothing answered';
  const failing = counts.total > 0 && counts.success < counts.total * 0.95;
  place.replaceChildren(
    tile('rate', 'Now', rateParts(live.counts.total, liveSeconds), `${count(counts.total)} in the ${RANGE_NAMES[range]}`),
    tile('success', 'Answered', [percent(counts.success, counts.total), ''], `${count(counts.error)} failed`, failing ? 'bad' : null),
    tile('p50', 'Latency p50', durationParts(performance.p50_latency_ms), 'half were faster'),
    tile('p95', 'Latency p95', durationParts(performance.p95_latency_ms), `p99 ${durationParts(performance.p99_latency_ms).join(' ').trim()}`),
    tile('cost', 'Cost', [sats(costs.total_cost_sats), 'sats'], each),
    tile('tokens', 'Tokens', [count(costs.total_input_tokens + costs.total_output_tokens), ''],
      `${count(costs.total_input_tokens)} in · ${count(costs.total_output_tokens)} out`));
}
