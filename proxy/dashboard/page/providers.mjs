// The table of providers, and the gateway's health.
import { element, svg, table } from './element.mjs';
import { count, duration, percent, sats, UNKNOWN } from './format.mjs';

const BREAKERS = { closed: ['good', 'closed'], half_open: ['warn', 'probing'], open: ['bad', 'open'] };
const HEALTH = { ok: 'good', degraded: 'warn', unhealthy: 'bad', draining: 'warn' };

const COLUMNS = [
  { name: 'Provider' }, { name: 'Breaker' }, { name: 'Requests', number: true }, { name: 'Answered', number: true },
  { name: 'p50', number: true }, { name: 'p95', number: true }, { name: 'Cost', number: true },
  { name: 'Tokens in', number: true }, { name: 'Tokens out', number: true },
];

export function drawHealth(pill, health) {
  const failing = { failing: ', the log cannot be written', full: ', the log is full' }[health.log] ?? '';
  pill.textContent = `${health.status}${failing}`;
  pill.dataset.state = HEALTH[health.status] ?? 'unknown';
}

export function drawUnreachable(pill) {
  pill.textContent = 'unreachable';
  pill.dataset.state = 'bad';
}

// The models whose breaker is not closed; empty: none.
export function affectedText({ models = [], more_models: more = 0 }) {
  const names = models.map(({ model }) => model);
  if (more > 0) names.push(names.length > 0 ? `${more} more` : `${more} unlisted`);
  return names.join(', ');
}

// The configured ones in their order, each with its row of the statistics; then those that have rows only.
export function mergeProviders(health, stats) {
  const rows = new Map(stats.providers.map((row) => [row.provider, row]));
  const configured = health.providers.map(({ name, breaker, ...affected }) => (
    { name, breaker, affected: affectedText(affected), row: rows.get(name) ?? null }));
  const names = new Set(health.providers.map(({ name }) => name));
  const others = stats.providers.filter((row) => !names.has(row.provider));
  return [...configured, ...others.map((row) => ({ name: row.provider, breaker: null, affected: '', row }))];
}

function pill([state, text]) {
  return element('span', { class: 'pill', 'data-state': state, text });
}

// `prices`: /providers' entries by name.
function nameCell(name, price) {
  if (name === null) return { lead: true, nodes: [element('span', {}, 'none', element('small', { text: 'requests that reached no provider' }))] };
  const rates = price ? `${count(price.input_rate)} in, ${count(price.output_rate)} out, ${sats(price.base_fee)} each` : 'no longer configured';
  return { lead: true, nodes: [element('span', {}, element('span', { text: name }), element('small', { text: rates }))] };
}

function breakerCell(breaker, affected) {
  const mark = pill(BREAKERS[breaker] ?? ['unknown', breaker]);
  return { nodes: [affected ? element('span', {}, mark, element('small', { text: affected })) : mark] };
}

function shareCell(part, all) {
  const width = all > 0 ? (100 * part) / all : 0;
  return { nodes: [element('span', {}, count(part), svg('svg', { class: 'share', 'aria-hidden': 'true' },
    svg('rect', { class: 'all', width: '100%', height: '100%', rx: 2 }),
    svg('rect', { class: 'part', width: `${width}%`, height: '100%', rx: 2 })))] };
}

export function drawProviders(place, health, stats, prices) {
  const rows = mergeProviders(health, stats).map(({ name, breaker, affected, row }) => {
    const { counts = { total: 0 }, costs = {}, performance = {} } = row ?? {};
    return {
      properties: { 'data-provider': name ?? '' },
      cells: [
        nameCell(name, prices.get(name)),
        breaker ? breakerCell(breaker, affected) : UNKNOWN,
        shareCell(counts.total, stats.counts.total),
        percent(counts.success, counts.total),
        duration(performance.p50_latency_ms),
        duration(performance.p95_latency_ms),
        row ? `${sats(costs.total_cost_sats)} sats` : UNKNOWN,
        count(costs.total_input_tokens),
        count(costs.total_output_tokens),
      ],
    };
  });
  place.replaceChildren(table('Providers', COLUMNS, rows));
}
