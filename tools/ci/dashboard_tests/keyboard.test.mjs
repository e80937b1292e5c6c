// Everything can be done without a pointer, and the focus is always to be seen.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { eventually } from '../client_tests/waiting.mjs';
import { Stage } from './stage.mjs';

// What has the focus: its name, and whether a ring around it, or around the text that stands for it, shows that.
function focused() {
  const node = document.activeElement;
  if (!node || node === document.body) return null;
  const ringed = [node, node.nextElementSibling].filter(Boolean).some((shown) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(shown);
    return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1;
  });
  const name = node.id || node.name || node.dataset.sort || node.closest('tr')?.dataset.id || node.closest('.columns')?.className || node.textContent;
  return { name: node.name === 'range' ? `range ${node.value}` : name, ringed };
}

describe('with the keyboard alone', () => {
  let stage;
  let dashboard;
  let entries;
  let gateway;
  before(async () => {
    stage = await Stage.set([['gpt-4o'], ['flaky']], { clock: true });
    ({ dashboard, entries, gateway } = stage);
  });
  after(() => stage?.clear());

  const press = (key) => dashboard.page.keyboard.press(key);
  const focus = () => dashboard.page.evaluate(focused);
  async function tabTo(name) {
    for (let i = 0; i < 60; ++i) {
      await press('Tab');
      if ((await focus())?.name === name) return;
    }
    assert.fail(`Tab never reached ${name}`);
  }

  it('Tab passes every control in order, each with a ring', async () => {
    const walked = [];
    for (let i = 0; i < 60; ++i) {
      await press('Tab');
      const at = await focus();
      if (at === null || at.name === walked[0]) break;
      assert.ok(at.ringed, `${at.name} shows no ring`);
      if (at.name !== walked.at(-1)) walked.push(at.name); // a datetime-local has a stop for each of its parts
    }
    assert.deepEqual(walked, ['Skip to the requests', 'range last_1h', 'pause', 'columns', 'model', 'provider', 'success',
      'streaming', 'since', 'until', 'order', 'per_page', 'Clear', 'timestamp', 'latency_ms', 'cost_sats',
      ...entries.map(({ request_id }) => request_id)]);
  });

  it('a story opens with Enter, keeps the focus inside, and closes with Escape to where it was', async () => {
    await tabTo(entries[1].request_id);
    await press('Enter');
    await dashboard.page.locator('#story').waitFor();
    for (let i = 0; i < 4; ++i) {
      assert.ok(await dashboard.page.evaluate(() => document.activeElement === document.body || document.activeElement.closest('#story') !== null));
      await press('Tab');
    }
    await press('Escape');
    await dashboard.page.locator('#story').waitFor({ state: 'hidden' });
    assert.equal((await focus()).name, entries[1].request_id);
  });

  it('a row keeps the focus when the list is read anew', async () => {
    await gateway.chat('gpt-4o');
    await gateway.entries(3);
    await dashboard.nextRound();
    await eventually(async () => assert.equal((await dashboard.rows()).length, 3));
    assert.equal((await focus()).name, entries[1].request_id);
  });

  it('arrows walk the chart and Enter shows a column\'s requests', async () => {
    await dashboard.settled();
    await dashboard.page.getByRole('button', { name: 'Pause' }).click(); // else a column may end meanwhile
    await dashboard.page.evaluate(() => document.activeElement.blur());
    await tabTo('columns');
    const last = await dashboard.text('#readout');
    // In which columns they are depends on the time.
    let walked = 0;
    for (let i = 0; i < 30; ++i) {
      const said = await dashboard.text('#readout');
      assert.match(said, /: (no requests|\d requests, 0 failed, .*)$/);
      walked += Number(said.match(/: (\d) requests/)?.[1] ?? 0);
      await press('ArrowLeft');
    }
    assert.equal(walked, 3);
    await press('Home');
    const first = await dashboard.text('#readout');
    assert.notEqual(first, last);
    assert.match(first, /no requests/);
    await press('Enter');
    await eventually(async () => assert.equal((await dashboard.rows()).length, 0));
    await press('Enter');
    await eventually(async () => assert.equal((await dashboard.rows()).length, 3));
    await press('ArrowRight');
    assert.notEqual(await dashboard.text('#readout'), first);
    await press('End');
    assert.equal(await dashboard.text('#readout'), last);
    await dashboard.page.getByRole('button', { name: 'Pause' }).click();
  });

  it('the link at the top goes straight to the requests', async () => {
    await dashboard.page.evaluate(() => document.activeElement.blur());
    await tabTo('Skip to the requests');
    await press('Enter');
    assert.equal(await dashboard.page.evaluate(() => document.activeElement.id), 'requests');
    await press('Tab');
    assert.equal((await focus()).name, 'model');
  });

  it('the range is chosen with arrows, and reading is paused and resumed with Space', async () => {
    await tabTo('range last_1h');
    await press('ArrowRight');
    await eventually(async () => assert.match(await dashboard.text('#tile-rate .more'), /last 24 hours/));
    await press('ArrowLeft');
    await eventually(async () => assert.match(await dashboard.text('#tile-rate .more'), /last hour/));
    await tabTo('pause');
    await press('Space');
    assert.equal(await dashboard.page.locator('#pause').getAttribute('aria-pressed'), 'true');
    assert.match(await dashboard.text('#notice'), /^Paused/);
    await press('Space');
    assert.equal(await dashboard.page.locator('#pause').getAttribute('aria-pressed'), 'false');
    await eventually(async () => assert.ok(await dashboard.page.locator('#notice').isHidden()));
  });
});
