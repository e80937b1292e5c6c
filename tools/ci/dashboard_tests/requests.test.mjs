// The list of requests: filters, order, pages, and the address that keeps them.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { eventually } from '../client_tests/waiting.mjs';
import { Stage } from './stage.mjs';

describe('the list of requests', () => {
  let stage;
  let dashboard;
  let entries;
  before(async () => {
    stage = await Stage.set([
      ...Array(9).fill(['gpt-4o']), ['flaky'], ['down'], ['refused'], ['gpt-4o', { stream: true }],
    ]);
    ({ dashboard, entries } = stage);
  });
  after(() => stage?.clear());

  const choose = (name, value) => dashboard.page.locator(`#filters [name="${name}"]`).selectOption(value);
  const shows = (wanted) => eventually(async () => {
    const rows = await dashboard.rows();
    assert.deepEqual(rows.map(({ id }) => id), wanted.map(({ request_id }) => request_id));
  });
  const clear = () => dashboard.page.getByRole('button', { name: 'Clear' }).click();

  it('has a row each, the newest first', async () => {
    await shows(entries);
    assert.equal(await dashboard.text('#found'), '13 requests');
    const [flaky] = (await dashboard.rows()).filter((row) => row.Model === 'flaky');
    assert.deepEqual([flaky.Provider, flaky.Outcome], ['alpha', 'answered']);
    const dots = await dashboard.page.locator(`#list tr[data-id="${flaky.id}"] svg`).getAttribute('aria-label');
    assert.equal(dots, '3: failed, failed, answered');
  });

  it('is narrowed by outcome, kind, provider and model', async () => {
    await choose('success', 'false');
    await shows(entries.filter(({ success }) => !success));
    await clear();
    await choose('streaming', 'true');
    await shows(entries.filter(({ streaming }) => streaming));
    await clear();
    await choose('provider', 'beta');
    await shows(entries.filter(({ provider }) => provider === 'beta'));
    await clear();
    await dashboard.page.getByLabel('Model').fill('gpt-4o');
    await dashboard.page.getByLabel('Model').press('Enter');
    await shows(entries.filter(({ model }) => model === 'gpt-4o'));
    await choose('streaming', 'false');
    await shows(entries.filter(({ model, streaming }) => model === 'gpt-4o' && !streaming));
    await clear();
    await shows(entries);
  });

  it('says so where nothing fits, and what is wrong where a filter cannot be', async () => {
    await dashboard.page.getByLabel('Model').fill('no-such-model');
    await dashboard.page.getByLabel('Model').press('Enter');
    await eventually(async () => assert.equal(await dashboard.text('#list .empty'), 'No request fits these filters'));
    await clear();
    await dashboard.page.getByLabel('From').fill('2026-01-02T00:00:01');
    await dashboard.page.getByLabel('Until').fill('2026-01-01T00:00:01');
    await dashboard.page.getByLabel('Until').press('Enter');
    await eventually(async () => assert.match(await dashboard.text('#requests-mistake'), /"since" must be before "until"/));
    dashboard.expected.push(/400 \(Bad Request\)/);
    await clear();
    // The rows stay while there is a mistake: they say nothing of whether it has been taken back.
    await eventually(async () => assert.equal(await dashboard.text('#requests-mistake'), ''));
    await shows(entries);
  });

  it('is sorted by the head of a column, and the other way by the same again', async () => {
    const latencies = async () => (await dashboard.rows()).map(({ id }) => entries.find(({ request_id }) => request_id === id).timing.latency_ms);
    await dashboard.page.getByRole('button', { name: 'Latency' }).click();
    const slowest = entries.map(({ timing }) => timing.latency_ms).sort((a, b) => b - a);
    await eventually(async () => assert.deepEqual(await latencies(), slowest));
    assert.equal(await dashboard.page.getByRole('columnheader', { name: 'Latency' }).getAttribute('aria-sort'), 'descending');
    await dashboard.page.getByRole('button', { name: 'Latency' }).click();
    await eventually(async () => assert.deepEqual(await latencies(), [...slowest].reverse()));
    await choose('order', 'timestamp asc');
    await shows([...entries].reverse());
    await clear();
    await shows(entries);
  });

  it('is turned page by page', async () => {
    await choose('per_page', '10');
    await shows(entries.slice(0, 10));
    assert.equal(await dashboard.text('#page'), 'Page 1 of 2');
    assert.ok(await dashboard.page.locator('#previous').isDisabled());
    await dashboard.page.locator('#next').click();
    await shows(entries.slice(10));
    assert.equal(await dashboard.text('#page'), 'Page 2 of 2');
    assert.ok(await dashboard.page.locator('#next').isDisabled());
    await dashboard.page.locator('#previous').click();
    await shows(entries.slice(0, 10));
  });

  it('is the same after a reload: the address keeps it', async () => {
    await choose('success', 'true');
    await choose('provider', 'alpha');
    await dashboard.page.locator('#next').waitFor();
    const wanted = entries.filter(({ success, provider }) => success && provider === 'alpha').slice(0, 10);
    await shows(wanted);
    assert.equal(new URL(dashboard.page.url()).hash, '#provider=alpha&success=true&per_page=10');
    await dashboard.page.reload();
    await shows(wanted);
    assert.equal(await dashboard.page.locator('[name="provider"]').inputValue(), 'alpha');
    await clear();
    await shows(entries);
  });

  it('shows a column of the chart when that is pressed, and all again when it is pressed again', async () => {
    await dashboard.settled();
    await dashboard.page.getByRole('button', { name: 'Pause' }).click(); // else a column may end meanwhile
    const column = dashboard.page.locator('.columns button').nth(3);
    await column.click();
    await eventually(async () => assert.equal(await dashboard.text('#list .empty'), 'No request fits these filters'));
    assert.equal(await column.getAttribute('aria-pressed'), 'true');
    assert.notEqual(await dashboard.page.getByLabel('From').inputValue(), '');
    await column.click();
    await shows(entries);
    assert.equal(await column.getAttribute('aria-pressed'), 'false');
  });
});
