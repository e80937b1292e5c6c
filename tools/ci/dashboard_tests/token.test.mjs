// With server.auth_token the page asks for it, keeps it in this tab, and shows nothing without it.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { eventually, within } from '../client_tests/waiting.mjs';
import { Dashboard, launch } from './browser.mjs';
import { Gateway } from './gateway.mjs';

const TOKEN = 'gateway-tökén ~1';
const COLUMN_MS = 120_000; // of the hour

describe('a gateway with a token', () => {
  let browser;
  let gateway;
  let dashboard;
  const sent = [];
  before(async () => {
    browser = await launch();
    gateway = await Gateway.start({ token: TOKEN });
    dashboard = await Dashboard.open(browser, gateway, { clock: true, expected: [/401 \(Unauthorized\)/] });
    dashboard.page.on('request', (request) => sent.push(request));
  });
  after(async () => {
    await dashboard?.close();
    await browser?.close();
    await gateway?.stop();
  });

  const give = async (token) => {
    await dashboard.page.getByRole('textbox', { name: 'Token' }).fill(token);
    await dashboard.page.getByRole('button', { name: 'Open' }).click();
  };
  const asks = () => dashboard.page.getByRole('textbox', { name: 'Token' }).waitFor();
  // Holds the n-th question for a column of the chart, of which a round asks the last two or one of the others.
  async function heldColumn(n) {
    let release;
    const released = new Promise((resolve) => { release = resolve; });
    const arrived = new Promise((resolve) => {
      dashboard.page.route('**/v1/stats?*', async (route) => {
        const asked = new URL(route.request().url()).searchParams;
        if (Date.parse(asked.get('until')) - Date.parse(asked.get('since')) === COLUMN_MS && --n === 0) {
          resolve();
          await released;
        }
        await route.continue();
      });
    });
    return {
      arrived: within(30_000, 'the question', arrived),
      release: () => { release(); return dashboard.page.unrouteAll({ behavior: 'wait' }); },
    };
  }
  const stored = () => dashboard.page.evaluate(() => ({
    session: Object.values(sessionStorage), local: localStorage.length, cookie: document.cookie, address: location.href,
  }));

  it('is asked for it, with the cursor in the field, and shows no board', async () => {
    await asks();
    assert.equal(await dashboard.page.evaluate(() => document.activeElement.id), 'token');
    assert.ok(await dashboard.page.locator('#board').isHidden());
    assert.ok(await dashboard.page.locator('#controls').isHidden());
    assert.equal(await dashboard.text('#token-mistake'), '');
  });

  it('does not take a wrong one, and forgets it', async () => {
    await give('wrong');
    await eventually(async () => assert.equal(await dashboard.text('#token-mistake'), 'The gateway did not take that token.'));
    assert.ok(await dashboard.page.locator('#board').isHidden());
    assert.deepEqual((await stored()).session, []);
  });

  it('opens with the right one, which is in the tab\'s storage and nowhere else', async () => {
    await give(TOKEN);
    await dashboard.ready();
    assert.ok(await dashboard.page.locator('#unlock').isHidden());
    assert.match(await dashboard.text('#list pre'), /Authorization: Bearer \$ARBSTR_TOKEN/);
    const { session, local, cookie, address } = await stored();
    assert.deepEqual([session, local, cookie], [[TOKEN], 0, '']);
    assert.equal(address, `${gateway.url}/dashboard`);
    assert.ok(sent.length > 3);
    for (const request of sent) assert.ok(!decodeURIComponent(request.url()).includes('tök'), request.url());
  });

  it('does not ask again after a reload', async () => {
    await dashboard.page.reload();
    await dashboard.ready();
    assert.ok(await dashboard.page.locator('#unlock').isHidden());
  });

  it('asks again when the token is no longer the right one', async () => {
    await gateway.stopServing();
    gateway.token = 'another';
    await gateway.serve();
    dashboard.expected.push(/ERR_CONNECTION/);
    await dashboard.nextRound();
    await asks();
    assert.equal(await dashboard.text('#token-mistake'), 'The gateway did not take that token.');
    assert.ok(await dashboard.page.locator('#board').isHidden());
    await give('another');
    await dashboard.ready();
  });

  const pause = () => dashboard.page.getByRole('button', { name: 'Pause' });

  it('goes on reading with a token that is given after a pause and a forgotten one', async () => {
    await dashboard.settled();
    await pause().click();
    await dashboard.page.getByRole('button', { name: 'Forget token' }).click();
    await asks();
    assert.ok(await dashboard.page.locator('#notice').isHidden());
    await give('another');
    await dashboard.ready();
    assert.equal(await pause().getAttribute('aria-pressed'), 'false');
    assert.ok(await dashboard.page.locator('#notice').isHidden());
  });

  it('asks on when the token is forgotten while a round\'s last question is under way', async () => {
    const { arrived, release } = await heldColumn(2);
    await dashboard.nextRound();
    await arrived;
    await dashboard.page.getByRole('button', { name: 'Forget token' }).click();
    await asks();
    await release();
    await dashboard.settled();
    await asks();
    assert.ok(await dashboard.page.locator('#board').isHidden());
    await give('another');
    await dashboard.ready();
  });

  it('forgets the token and hides what was read when it is told to', async () => {
    await dashboard.page.getByRole('button', { name: 'Forget token' }).click();
    await asks();
    assert.ok(await dashboard.page.locator('#board').isHidden());
    assert.deepEqual((await stored()).session, []);
    assert.equal(await dashboard.text('#token-mistake'), '');
    await dashboard.page.reload();
    await asks();
  });
});
