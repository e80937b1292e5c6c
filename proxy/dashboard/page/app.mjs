// The page: what is read in a round, and who draws it.
import { Api, Refused, Unauthorized, Unreachable } from './api.mjs';
import { Chart } from './chart.mjs';
import { element } from './element.mjs';
import { Filters } from './filters.mjs';
import { invitation } from './first_request.mjs';
import { count, timeOfDay } from './format.mjs';
import { History } from './history.mjs';
import { Notices } from './notices.mjs';
import { Poller } from './poller.mjs';
import { drawHealth, drawProviders, drawUnreachable } from './providers.mjs';
import { RequestList } from './request_list.mjs';
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
const list = new RequestList(at('list'), { onOpen: (entry) => story.show(entry), onSort: (column) => filters.sortBy(column) });
const poller = new Poller(round, report);

let rounds = 0;
let prices = new Map();
let models = [];
let listing = null; // aborts the question for the list that is under way

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
  await readList();
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

// The list, for the filters as they are now; a question for filters that were is dropped.
async function readList() {
  listing?.abort();
  const mine = new AbortController();
  listing = mine;
  try {
    const page = await api.get('v1/requests', filters.parameters, { signal: mine.signal });
    at('requests-mistake').textContent = '';
    drawList(page);
  } catch (error) {
    if (error.name === 'AbortError') return;
    if (!(error instanceof Refused) || error.status !== 400) throw error;
    at('requests-mistake').textContent = error.message;
  }
}

function drawList(page) {
  at('found').textContent = `${count(page.total)} ${page.total === 1 ? 'request' : 'requests'}`;
  at('pages').hidden = page.total_pages <= 1 && page.page === 1;
  at('page').textContent = `Page ${count(page.page)} of ${count(Math.max(page.total_pages, 1))}`;
  at('previous').disabled = page.page <= 1;
  at('next').disabled = page.page >= page.total_pages;
  if (page.data.length > 0) return list.draw(page, filters.sort, Date.parse(page.until));
  if (page.total > 0) return list.drawEmpty('past', [element('p', { text: 'There is no such page any more.' })]);
  if (filters.narrow) return list.drawEmpty('narrow', [element('h3', { text: 'No request fits these filters' })]);
  const withToken = unlock.token() !== null;
  const model = models[0] ?? 'gpt-4o';
  return list.drawEmpty(`none ${model} ${withToken}`, invitation(model, withToken));
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
  try {
    await readList();
  } catch (error) {
    report(error, 0);
  }
}

function report(error, delay) {
  board.setAttribute('aria-busy', 'false');
  board.classList.toggle('stale', error !== null);
  if (error instanceof Unauthorized) return lock();
  if (error === null) unlock.hide();
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
  notices.show(null);
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
  at('pause').setAttribute('aria-pressed', String(paused));
  notices.paused(paused);
}

async function turn(by) {
  filters.turnTo(filters.page + by);
  await changed();
  at('requests').scrollIntoView({ block: 'start' });
}

at('pause').addEventListener('click', pause);
at('previous').addEventListener('click', () => turn(-1));
at('next').addEventListener('click', () => turn(1));
document.querySelector('.skip').addEventListener('click', (event) => { event.preventDefault(); at('requests').focus(); });
poller.start();
