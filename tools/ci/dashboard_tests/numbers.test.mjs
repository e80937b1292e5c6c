// What the board says is what /v1/stats says.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe, it } from 'node:test';

import { count, duration, durationParts, percent, rateParts, sats } from '../../../proxy/dashboard/page/format.mjs';
import { eventually } from '../client_tests/waiting.mjs';
import { Dashboard, launch } from './browser.mjs';
import { Gateway } from './gateway.mjs';

function isOfTheLastMinute(response) {
  const asked = new URL(response.url()).searchParams;
  return Date.parse(asked.get('until')) - Date.parse(asked.get('since')) === 60_000;
}

describe('the board', () => {
  let browser;
  let gateway;
  let dashboard;
  before(async () => {
    browser = await launch();
    gateway = await Gateway.start();
  });
  after(async () => {
    await dashboard?.close();
    await browser?.close();
    await gateway?.stop();
  });

  const figure = (id) => dashboard.text(`#tile-${id} .figure`).then((text) => text.replace(/\s+/g, ' ').trim());
  const more = (id) => dashboard.text(`#tile-${id} .more`);

  it('of a gateway that nobody has asked shows a command that works', async () => {
    dashboard = await Dashboard.open(browser, gateway, { clock: true });
    await dashboard.ready();
    assert.equal(await figure('rate'), '0 /min');
    assert.equal(await figure('success'), '–');
    assert.equal(await figure('p50'), '–');
    const command = await dashboard.text('#list pre');
    assert.ok(command.includes(`${gateway.url}/v1/chat/completions`), command);
    const answer = execFileSync('sh', ['-c', `${command} --silent --show-error --max-time 20`], { encoding: 'utf8' });
    assert.equal(JSON.parse(answer).object, 'chat.completion');
    await gateway.entries(1);
    await dashboard.nextRound();
    await eventually(async () => assert.equal((await dashboard.rows()).length, 1));
    assert.equal(await dashboard.page.locator('#list .empty').count(), 0);
  });

  it('shows the numbers of /v1/stats once there are requests', async () => {
    for (let i = 0; i < 8; ++i) await gateway.chat('gpt-4o');
    await gateway.chat('flaky');
    await gateway.chat('down');
    await gateway.chat('refused');
    await gateway.chat('gpt-4o', { stream: true });
    await gateway.entries(13);
    const [answer] = await Promise.all([dashboard.page.waitForResponse(isOfTheLastMinute), dashboard.nextRound()]);
    const live = await answer.json();
    assert.ok(live.counts.total > 0);
    const { counts, costs, performance, providers } = await gateway.read('v1/stats?range=last_1h&group_by=provider');
    assert.deepEqual(counts, { total: 13, success: 12, error: 1, streaming: 1 });
    await eventually(async () => assert.equal(await more('rate'), '13 in the last hour'));
    assert.equal(await figure('rate'), rateParts(live.counts.total, 60).join(' '));
    assert.equal(await figure('success'), percent(12, 13));
    assert.equal(await more('success'), '1 failed');
    assert.equal(await figure('p50'), durationParts(performance.p50_latency_ms).join(' '));
    assert.equal(await figure('p95'), durationParts(performance.p95_latency_ms).join(' '));
    assert.equal(await more('p95'), `p99 ${duration(performance.p99_latency_ms)}`);
    assert.equal(await figure('cost'), `${sats(costs.total_cost_sats)} sats`);
    assert.equal(await figure('tokens'), count(costs.total_input_tokens + costs.total_output_tokens));
    assert.equal(await more('tokens'), `${count(costs.total_input_tokens)} in · ${count(costs.total_output_tokens)} out`);
    assert.equal(providers.length, 2);
    for (const { provider, counts: own, costs: paid, performance: took } of providers) {
      const cells = await dashboard.page.locator(`#providers tr[data-provider="${provider}"] td`).allInnerTexts();
      assert.deepEqual(cells.slice(1).map((cell) => cell.trim()), ['closed', count(own.total), percent(own.success, own.total),
        duration(took.p50_latency_ms), duration(took.p95_latency_ms), `${sats(paid.total_cost_sats)} sats`,
        count(paid.total_input_tokens), count(paid.total_output_tokens)]);
    }
    assert.equal(await dashboard.text('#health'), 'ok');
  });

  it('draws each column of the hour, and together they are all requests', async () => {
    const labels = () => dashboard.page.locator('.columns button').evaluateAll((buttons) => buttons.map((button) => button.ariaLabel));
    await eventually(async () => {
      const said = await labels();
      assert.equal(said.length, 30);
      const totals = said.map((label) => Number(label.match(/: (\d+) requests/)?.[1] ?? 0));
      assert.equal(totals.reduce((sum, total) => sum + total), 13);
      assert.ok(said.every((label) => !label.includes('not read yet')));
    });
    assert.equal(await dashboard.page.locator('.columns path.p95[d^="M0"]').count() >= 1, true);
  });

  it('counts another range when it is chosen', async () => {
    await dashboard.page.getByText('24 hours').click();
    await eventually(async () => assert.equal(await more('rate'), '13 in the last 24 hours'));
    await eventually(async () => assert.equal(await dashboard.page.locator('.columns button').count(), 24));
    assert.match(dashboard.page.url(), /#range=last_24h$/);
    await dashboard.page.getByText('1 hour').click();
    await eventually(async () => assert.equal(await dashboard.page.locator('.columns button').count(), 30));
  });

  it('shows a breaker that opened', async () => {
    for (let i = 0; i < 5; ++i) await gateway.chat('all-down');
    const { providers } = await gateway.read('health', 503);
    assert.ok(providers.some(({ breaker }) => breaker === 'open'), 'a breaker has opened');
    await dashboard.nextRound();
    await eventually(async () => assert.equal(await dashboard.text('#providers tr[data-provider="alpha"] .pill'), 'open'));
    assert.match(await dashboard.text('#health'), /degraded|unhealthy/);
    dashboard.expected.push(/503 \(Service Unavailable\)/); // /health while unhealthy
  });
});
