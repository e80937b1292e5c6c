// The story of one request, and that no name or message of anybody becomes more than text.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';

import { Stage } from './stage.mjs';

const HOSTILE = '<img src=x onerror=alert(1)>"\'&<script>alert(2)</script>';

describe('a request\'s story', () => {
  let stage;
  let dashboard;
  let entries;
  before(async () => {
    stage = await Stage.set([
      ['calm'], ['flaky'], ['down'], ['all-down'], [`${HOSTILE}refused`], ['gpt-4o', { stream: true }], ['cut', { stream: true }],
    ]);
    ({ dashboard, entries } = stage);
  });
  after(() => stage?.clear());
  afterEach(() => dashboard.page.keyboard.press('Escape'));

  const entryOf = (model, streaming = false) => entries.find((entry) => entry.model === model && entry.streaming === streaming);
  async function open(entry) {
    await dashboard.page.locator(`#list tr[data-id="${entry.request_id}"]`).click();
    await dashboard.page.locator('#story').waitFor();
    return dashboard.page.locator('#story .lanes li:not([data-kind="scale"])').evaluateAll((lanes) => lanes.map((lane) => ({
      outcome: lane.dataset.outcome,
      kind: lane.dataset.kind,
      who: lane.querySelector('.who').textContent,
      how: lane.querySelector('.how').textContent,
      why: lane.querySelector('.why')?.textContent ?? null,
      spans: [...lane.querySelectorAll('rect:not(.track)')].map((rect) => [rect.className.baseVal, rect.getAttribute('x'), rect.getAttribute('width')]),
    })));
  }
  const verdict = () => dashboard.text('.verdict').then((text) => text.replace(/\s+/g, ' ').trim());

  it('of one that was retried shows each attempt, the waits and who answered', async () => {
    const entry = entryOf('flaky');
    const lanes = await open(entry);
    assert.equal(entry.attempts.length, 3);
    assert.deepEqual(lanes.map(({ who, outcome }) => [who, outcome]), [['alpha', 'failed'], ['alpha', 'failed'], ['alpha', 'answered']]);
    lanes.forEach(({ why, how, spans }, i) => {
      const { status, error, at_ms: at, waited_ms: waited } = entry.attempts[i];
      assert.equal(why, error);
      assert.ok(how.includes(String(status)), how);
      assert.equal(how.includes('waited'), waited > 0);
      assert.deepEqual(spans.map(([name]) => name), i === 0 ? ['failed'] : ['wait', i === 2 ? 'answered' : 'failed']);
      const [, x, width] = spans[0];
      const left = 100 * Math.max(0, at - waited) / Math.max(entry.timing.latency_ms, 1);
      if (i > 0) assert.ok(Math.abs(Number.parseFloat(x) - left) < 3, `${x} is at ${left}%`);
      assert.ok(Number.parseFloat(width) > 0);
    });
    assert.match(await verdict(), /^answered alpha answered after .* at attempt 3\.$/);
    assert.ok((await dashboard.text('.facts')).includes(entry.request_id));
  });

  it('of one that fell back names both providers', async () => {
    const lanes = await open(entryOf('down'));
    assert.deepEqual(lanes.map(({ who, outcome }) => `${who} ${outcome}`), ['alpha failed', 'alpha failed', 'alpha failed', 'beta answered']);
    assert.match(await verdict(), /beta answered/);
  });

  it('of one that failed altogether says with what', async () => {
    const entry = entryOf('all-down');
    const lanes = await open(entry);
    assert.ok(lanes.every(({ outcome }) => outcome === 'failed'));
    assert.match(await verdict(), /^503 Failed with 503, after .* and 4 attempts\.$/);
    assert.equal(await dashboard.text('.told'), entry.error.message);
  });

  it('of one that nothing happened to is one span over its latency', async () => {
    const lanes = await open(entryOf('calm'));
    assert.equal(lanes.length, 1);
    assert.deepEqual(lanes[0].spans.map(([name, x, width]) => [name, x, width]), [['answered', '0%', '100%']]);
    assert.match(await dashboard.text('#story-body'), /the log kept no times/);
  });

  it('of a stream goes on to its end, and of a broken one says so', async () => {
    const whole = await open(entryOf('gpt-4o', true));
    assert.equal(whole.at(-1).kind, 'stream');
    assert.equal(whole.at(-1).outcome, 'answered');
    await dashboard.page.keyboard.press('Escape');
    const entry = entryOf('cut', true);
    const broken = await open(entry);
    assert.equal(entry.success, false);
    assert.deepEqual([broken.at(-1).kind, broken.at(-1).outcome], ['stream', 'failed']);
    assert.match(await verdict(), /^502 Failed with 502/);
  });

  it('shows a hostile name, and a message that quotes it, as the text it is', async () => {
    const entry = entryOf(`${HOSTILE}refused`);
    assert.ok(entry.error.message.includes('<img src=x'), 'the provider quotes the name');
    await open(entry);
    assert.equal(await dashboard.text('#story-title'), entry.model);
    assert.ok((await dashboard.text('.told')).includes(entry.error.message));
    const [row] = (await dashboard.rows()).filter(({ id }) => id === entry.request_id);
    assert.equal(row.Model, entry.model);
    assert.equal(await dashboard.page.locator('#board img, #story img, body script').count(), 0);
    assert.ok(await dashboard.page.locator('#models option').evaluateAll((options, name) => options.some(({ value }) => value === name), entry.model));
  });
});
