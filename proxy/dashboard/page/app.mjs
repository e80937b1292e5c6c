// The page: what is read in a round, and who draws it.
import { Api, Unauthorized, Unreachable } from './api.mjs';
import { Chart } from './chart.mjs';
import { Filters } from './filters.mjs';
import { timeOfDay } from './format.mjs';
import { History } from './history.mjs';
import { ListPage } from './list_page.mjs';
import { Notices } from './notices.mjs';
import { Poller } from './poller.mjs';
import { drawHealth, drawProviders, drawUnreachable } from './providers.mjs';
import { Story } from './story.mjs';
import { drawTiles } from './tiles.mjs';
import { Unlock } from './unlock.mjs';

const LIVE_SECONDS = 60;
const SLOW_ROUNDS = 12; // what the configuration says is read once in so many rounds

const at = (id) => document.getElementById(id);
const board = at('board');

const unlock = new Unlock(at('unlock'), at('forget'), { onToken: open, onForget: lock });
const api = new Api(() => unlock.token());
const notices = new Notices(at('notice'));
const story = new Story(at('story'));
const filters = new Filters(at('filters'), at('range'), changed);
const chart = new Chart(at('history'), at('readout'), (start, end) => filters.showSpan(start, end));
const history = new History((since, until) => api.get('v1/stats', { since: iso(since), until: iso(until) }));
const list = new ListPage(at('requests'), filters, {
  ask: (parameters, options) => api.get('v1/requests', parameters, options),
  newcomer: () => ({ model: models[0] ?? 'gpt-4o', withToken: unlock.token() !== null }),
  onOpen: (entry) => story.show(entry),
  onTurn: changed,
});
const poller = new Poller(round, report);

let rounds = 0;
let prices = new Map();
let models = [];

const iso = (ms) => new Date(ms).toISOString();

// One round: everything in turn, the quick and important first. `until` of the first answer is the gateway's clock, which
// may differ from the browser's.
async function round() {
  board.setAttribute('aria-busy', 'true');
  const { range } = filters;
  const wanted = () => filters.range === range;
  const health = await api.get('health', {}, { also: [503] });
  drawHealth(at('health'), health);
  if (rounds % SLOW_ROUNDS === 0) await readConfiguration(range);
  const stats = await api.get('v1/stats', { range, group_by: 'provider' });
  const now = Date.parse(stats.until);
  const live = await api.get('v1/stats', { since: iso(now - LIVE_SECONDS * 1000), until: iso(now) });
  if (!wanted()) return;
  at('over-time').hidden = stats.counts.total === 0;
  drawTiles(at('tiles'), range, stats, live, LIVE_SECONDS);
  drawProviders(at('providers'), health, stats, prices);
  show();
  await list.read();
  await history.refresh(range, now - 1, wanted, (columns) => chart.draw(columns));
  at('updated').textContent = `Read at ${timeOfDay(now)} from this gateway's log.`;
  rounds += 1;
}

async function readConfiguration(range) {
  const { providers } = await api.get('providers');
  const { models: asked } = await api.get('v1/stats', { range, group_by: 'model' });
  const { data: served } = await api.get('v1/models');
  prices = new Map(providers.map((provider) => [provider.name, provider]));
  models = [...new Set([...served.map(({ id }) => id), ...asked.map(({ model }) => model)])];
  filters.offer(providers.map(({ name }) => name), models);
}

function show() {
  at('loading').hidden = true;
  board.hidden = unlock.asking;
}

// Another range is a round of its own; other filters are only another list.
let shownRange = filters.range;
async function changed() {
  if (filters.range !== shownRange) {
    shownRange = filters.range;
    chart.choose(null);
    rounds = 0;
    return poller.now();
  }
  if (filters.values().since === '') chart.choose(null);
  // While paused nothing else takes back that something could not be read.
  if (poller.stopped && board.classList.contains('stale')) return poller.now();
  try {
    await list.read();
  } catch (error) {
    report(error, 0);
  }
}

function report(error, delay) {
  board.setAttribute('aria-busy', 'false');
  board.classList.toggle('stale', error !== null);
  if (error instanceof Unauthorized) return lock();
  // A round may have been under way when the token was forgotten.
  if (error === null && !unlock.asking) unlock.hide();
  if (error instanceof Unreachable) drawUnreachable(at('health'));
  notices.show(error, poller.stopped ? 0 : delay);
}

function open() {
  at('controls').hidden = false;
  at('loading').hidden = !board.hidden;
  poller.start();
}

// Nothing that was read stays to be seen by whoever has no token.
function lock() {
  poller.stop();
  tellPaused(false);
  board.hidden = true;
  at('loading').hidden = true;
  at('controls').hidden = true;
  if (at('story').open) at('story').close();
  unlock.ask();
}

function pause() {
  const paused = !poller.stopped;
  if (paused) poller.stop();
  else poller.start();
  tellPaused(paused);
}

function tellPaused(paused) {
  at('pause').setAttribute('aria-pressed', String(paused));
  notices.paused(paused);
}

at('pause').addEventListener('click', pause);
document.querySelector('.skip').addEventListener('click', (event) => { event.preventDefault(); at('requests').focus(); });
poller.start();
