// One Chromium for a test file, and pages of the dashboard in it that keep a record of whatever went wrong.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';

import { chromium } from 'playwright-core';

import { eventually } from '../client_tests/waiting.mjs';

const PATIENCE_MS = 20_000;

// Debian's: playwright's own browsers are not in a package registry.
const EXECUTABLE = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);

export function launch() {
  return chromium.launch({ executablePath: EXECUTABLE, timeout: 60_000 });
}

export class Dashboard {
  #mishaps = [];

  // `expected`: what the console may say of answers that a test provokes.
  static async open(browser, gateway, { width = 1280, height = 900, dark = false, hash = '', clock = false, expected = [] } = {}) {
    const dashboard = new Dashboard();
    dashboard.expected = expected;
    dashboard.context = await browser.newContext({
      viewport: { width, height }, colorScheme: dark ? 'dark' : 'light', locale: 'en', timezoneId: 'UTC', reducedMotion: 'reduce',
    });
    dashboard.context.setDefaultTimeout(PATIENCE_MS);
    const page = await dashboard.context.newPage();
    dashboard.page = page;
    dashboard.#watch(gateway);
    if (clock) await page.clock.install();
    await page.goto(`${gateway.url}/dashboard${hash}`);
    return dashboard;
  }

  #watch(gateway) {
    const { page } = this;
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.#mishaps.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => this.#mishaps.push(`exception: ${error.stack}`));
    page.on('dialog', (dialog) => { this.#mishaps.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
    page.on('request', (request) => {
      if (!request.url().startsWith(`${gateway.url}/`)) this.#mishaps.push(`loaded from elsewhere: ${request.url()}`);
    });
  }

  // The board, once a round has been read.
  async ready() {
    await this.page.locator('#board').waitFor();
    await eventually(async () => assert.match(await this.text('#updated'), /^Read at /));
  }

  text(selector) {
    return this.page.locator(selector).innerText();
  }

  // Between two rounds.
  settled() {
    return eventually(async () => assert.equal(await this.page.locator('#board').getAttribute('aria-busy'), 'false'));
  }

  // With a page clock: `ms` later, from between two rounds. Without it a test would wait as long as people do.
  async later(ms) {
    await this.settled();
    await this.page.clock.fastForward(ms);
  }

  // Stops the page's clock between two rounds: from here on only `later` moves it, however slow this machine is.
  async freeze() {
    await this.settled();
    await this.page.clock.pauseAt(await this.page.evaluate(() => Date.now() + 1_000));
    await this.settled();
  }

  // The next round, however long the page means to wait for it.
  nextRound() {
    return this.later(61_000);
  }

  // [{…}] of the list: the text of each cell by its column, and the request's id.
  rows() {
    return this.page.locator('#list tbody tr').evaluateAll((rows) => rows.map((row) => ({
      id: row.dataset.id,
      ...Object.fromEntries([...row.cells].map((cell, i) => [
        row.closest('table').tHead.rows[0].cells[i].textContent, cell.innerText.replace(/\s+/g, ' ').trim(),
      ])),
    })));
  }

  // Fails where anything went wrong in the page that was not expected: an exception, a violation of the policy, …
  async close() {
    await this.context.close();
    const unexpected = this.#mishaps.filter((mishap) => !this.expected.some((pattern) => pattern.test(mishap)));
    assert.deepEqual(unexpected, []);
  }
}
