// The gateway gone, the log busy, nobody looking: what the page says then, and how often it asks.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';

import { eventually } from '../client_tests/waiting.mjs';
import { Dashboard, launch } from './browser.mjs';
import { Gateway } from './gateway.mjs';

const BUSY = { error: { message: 'Too many questions wait for the log already: ask again.', type: 'arbstr_error', param: null, code: 'log_busy' } };

describe('the page', () => {
  let browser;
  let gateway;
  let dashboard;
  let asked; // paths, in order
  let flying;
  let most; // questions at once
  before(async () => {
    browser = await launch();
    gateway = await Gateway.start();
    await gateway.chat('gpt-4o');
    await gateway.entries(1);
  });
  beforeEach(async () => {
    dashboard = await Dashboard.open(browser, gateway, { clock: true });
    await dashboard.ready();
    await dashboard.freeze();
    asked = [];
    flying = 0;
    most = 0;
    dashboard.page.on('request', (request) => {
      asked.push(new URL(request.url()).pathname);
      most = Math.max(most, ++flying);
    });
    for (const end of ['requestfinished', 'requestfailed']) dashboard.page.on(end, () => { flying -= 1; });
  });
  afterEach(() => dashboard.close());
  after(async () => {
    await browser?.close();
    await gateway?.stop();
  });

  const notice = () => dashboard.text('#notice');
  const rounds = () => asked.filter((path) => path === '/health').length;
  // Whether the page is seen, as the browser would tell it.
  const beSeen = (seen) => dashboard.page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event('visibilitychange'));
  }, !seen);

  it('says when the gateway is gone, asks less and less often, and recovers', async () => {
    dashboard.expected = [/ERR_CONNECTION/];
    await gateway.stopServing();
    await dashboard.nextRound();
    await eventually(async () => assert.match(await notice(), /^The gateway cannot be reached\. .* Next try in 5\.00 s\.$/));
    assert.equal(await dashboard.text('#health'), 'unreachable');
    assert.ok(await dashboard.page.locator('#tile-rate').isVisible(), 'what was read stays');
    for (const next of ['10.0 s', '20.0 s', '40.0 s', '60.0 s', '60.0 s']) {
      await dashboard.nextRound();
      await eventually(async () => assert.ok((await notice()).endsWith(`Next try in ${next}.`), await notice()));
    }
    await gateway.serve();
    await dashboard.nextRound();
    await eventually(async () => assert.ok(await dashboard.page.locator('#notice').isHidden()));
    assert.equal(await dashboard.text('#health'), 'ok');
  });

  it('says when the log is busy, and waits as long as the gateway asks', async () => {
    dashboard.expected = [/503 \(Service Unavailable\)/];
    const busy = (route) => route.fulfill({ status: 503, headers: { 'retry-after': '30' }, json: BUSY });
    await dashboard.page.route('**/v1/stats?*', busy);
    await dashboard.nextRound();
    await eventually(async () => assert.match(await notice(), /^The log has more questions than it can answer: Too many .* Next try in 30\.0 s\.$/));
    assert.equal(await dashboard.text('#health'), 'ok');
    await dashboard.page.unroute('**/v1/stats?*', busy);
    await dashboard.settled();
    const before = rounds();
    await dashboard.later(25_000);
    assert.equal(rounds(), before);
    await dashboard.nextRound();
    await eventually(async () => assert.ok(await dashboard.page.locator('#notice').isHidden()));
  });

  it('says when something that is no gateway answers', async () => {
    dashboard.expected = [/502 \(Bad Gateway\)/];
    await dashboard.page.route('**/health', (route) => route.fulfill({ status: 502, body: '<html>Bad gateway</html>', contentType: 'text/html' }));
    await dashboard.nextRound();
    await eventually(async () => assert.match(await notice(), /^The gateway answered with 502: /));
  });

  it('asks one thing after the other, and never begins a round before the last has ended', async () => {
    let release;
    const held = new Promise((resolve) => { release = resolve; });
    await dashboard.page.route('**/health', async (route) => { await held; await route.continue(); });
    await dashboard.nextRound();
    await eventually(async () => assert.equal(rounds(), 1));
    await dashboard.page.clock.fastForward(15_000);
    assert.equal(rounds(), 1);
    release();
    await eventually(async () => assert.ok(asked.includes('/v1/requests')));
    await dashboard.settled();
    for (let i = 0; i < 5; ++i) {
      await dashboard.nextRound();
      await dashboard.settled();
    }
    assert.equal(most, 1);
  });

  it('asks nothing while nobody sees it, and at once when somebody does again', async () => {
    await dashboard.settled();
    await beSeen(false);
    await dashboard.later(600_000);
    assert.equal(asked.length, 0);
    await beSeen(true);
    await eventually(async () => assert.equal(rounds(), 1));
  });

  it('asks nothing while it is paused, but for what is chosen', async () => {
    await dashboard.settled();
    await dashboard.page.getByRole('button', { name: 'Pause' }).click();
    await dashboard.later(600_000);
    assert.equal(asked.length, 0);
    await dashboard.page.getByText('24 hours').click();
    await eventually(async () => assert.match(await dashboard.text('#tile-rate .more'), /last 24 hours/));
    await dashboard.settled();
    const before = asked.length;
    await dashboard.later(600_000);
    assert.equal(asked.length, before);
    assert.match(await notice(), /^Paused/);
  });

  it('says so while paused when a choice could not be read, until one can', async () => {
    dashboard.expected = [/ERR_FAILED/];
    await dashboard.page.getByRole('button', { name: 'Pause' }).click();
    await dashboard.page.route('**/v1/requests?*', (route) => route.abort());
    const byLatency = dashboard.page.getByRole('button', { name: 'Latency' });
    await byLatency.click();
    await eventually(async () => assert.match(await notice(), /^The gateway cannot be reached\./));
    await dashboard.page.unrouteAll({ behavior: 'wait' });
    await byLatency.click();
    await eventually(async () => assert.match(await notice(), /^Paused/));
    assert.ok(await dashboard.page.locator('#board:not(.stale)').isVisible());
  });
});
