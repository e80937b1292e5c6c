// In the light and in the dark, on a screen and on the smallest phone.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { Dashboard, launch } from './browser.mjs';
import { Gateway } from './gateway.mjs';

const LONG = 'a-provider/with-a-model-whose-name-has-no-space-and-does-not-end-where-a-phone-does-2026-01-31-preview';

// The least contrast between a text and what is behind it, of all texts that can be seen, and which one has it.
function leastContrast() {
  const channels = (color) => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].map((value) => value / 255);
  };
  const luminance = ([red, green, blue]) => {
    const linear = [red, green, blue].map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const behind = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const color = channels(getComputedStyle(at).backgroundColor);
      if (color[3] === 1) return color;
    }
    return [1, 1, 1, 1];
  };
  let least = { ratio: 21, text: '' };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const node = text.parentElement;
    if (text.data.trim() === '' || !node.checkVisibility() || node.closest('option, noscript, script, :disabled')) continue;
    const style = getComputedStyle(node);
    const front = channels(node instanceof SVGElement ? style.fill : style.color);
    const [low, high] = [luminance(front), luminance(behind(node))].sort((a, b) => a - b);
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < least.ratio) least = { ratio, text: text.data.trim() };
  }
  return least;
}

describe('the page', () => {
  let browser;
  let gateway;
  before(async () => {
    browser = await launch();
    gateway = await Gateway.start();
    await gateway.chat('gpt-4o');
    await gateway.chat('flaky');
    await gateway.chat(`${LONG}-all-down`);
    await gateway.chat('refused');
    await gateway.entries(4);
  });
  after(async () => {
    await browser?.close();
    await gateway?.stop();
  });

  const overflow = (page) => page.evaluate(() => {
    const root = document.querySelector('dialog[open]') ?? document.documentElement;
    return root.scrollWidth - root.clientWidth;
  });

  for (const dark of [false, true]) {
    for (const width of [320, 768, 1280]) {
      it(`${dark ? 'in the dark' : 'in the light'} at ${width} px never scrolls sideways and can be read`, async () => {
        const dashboard = await Dashboard.open(browser, gateway, { width, height: 700, dark });
        await dashboard.ready();
        assert.equal(await overflow(dashboard.page), 0);
        const ground = await dashboard.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        const [brightness] = ground.match(/\d+/).map(Number);
        assert.equal(brightness < 64, dark, ground);
        const board = await dashboard.page.evaluate(leastContrast);
        assert.ok(board.ratio >= 4.5, `"${board.text}" has a contrast of ${board.ratio}`);

        await dashboard.page.locator('#list tr', { hasText: LONG }).getByRole('button').click();
        await dashboard.page.locator('#story').waitFor();
        assert.equal(await overflow(dashboard.page), 0);
        const story = await dashboard.page.evaluate(leastContrast);
        assert.ok(story.ratio >= 4.5, `"${story.text}" has a contrast of ${story.ratio}`);
        await dashboard.close();
      });
    }
  }

  it('that asks for a token fits the smallest phone too', async () => {
    const locked = await Gateway.start({ token: 'gateway-token' });
    try {
      const dashboard = await Dashboard.open(browser, locked, { width: 320, height: 480, expected: [/401 \(Unauthorized\)/] });
      await dashboard.page.getByRole('textbox', { name: 'Token' }).waitFor();
      assert.equal(await overflow(dashboard.page), 0);
      await dashboard.close();
    } finally {
      await locked.stop();
    }
  });
});
