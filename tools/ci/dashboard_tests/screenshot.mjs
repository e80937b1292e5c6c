// Takes the pictures of the documents: the board, and the story of a request, of real requests to providers that fail now
// and then. Only their times are spread, over an hour.
//
// usage: screenshot.mjs BOARD.png STORY.png
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { Dashboard, launch } from './browser.mjs';
import { Gateway } from './gateway.mjs';

const REQUESTS = 420;
const AT_ONCE = 24;
const MODELS = ['gpt-4o', 'gpt-4o', 'gpt-4o-mini', 'claude-sonnet-4', 'gpt-4o-mini', 'gpt-4o', 'o3'];

const usage = { prompt_tokens: 412, completion_tokens: 187 };
const SCENARIO = {
  version: 1,
  seed: 7,
  providers: [
    {
      name: 'alpha',
      rules: [
        { name: 'outage', match: { model: 'claude-*' }, probability: 0.5, script: [{ error: 503 }], then: 'repeat' },
        { name: 'flaky', probability: 0.1, script: [{ error: 503 }, { error: 'bad_gateway_html' }], then: 'repeat' },
        { name: 'limited', match: { model: 'o3' }, probability: 0.2, script: [{ error: 'rate_limit' }], then: 'repeat' },
        { name: 'usual', script: [{ delay_ms: 180, reply: { usage } }, { delay_ms: 240, reply: { usage } }, { delay_ms: 420, reply: { usage } }, { delay_ms: 90, reply: { usage } }], then: 'repeat' },
      ],
    },
    { name: 'beta', rules: [{ name: 'usual', script: [{ delay_ms: 310, reply: { usage } }], then: 'repeat' }] },
  ],
};

async function drive(gateway) {
  let next = 0;
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (next < REQUESTS) {
      const i = next++;
      await gateway.chat(MODELS[i % MODELS.length], { stream: i % 11 === 3 });
    }
  }));
  await gateway.entries(REQUESTS);
}

function optimise(path) {
  execFileSync('pngquant', ['--force', '--skip-if-larger', '--speed', '1', '--strip', '--output', path, '64', path]);
}

// The page asks for the system's font, and the system of a container has none to show.
function useInter() {
  process.env.FONTCONFIG_FILE = fileURLToPath(new URL('fonts.conf', import.meta.url));
}

const [board, story] = process.argv.slice(2);
useInter();
const gateway = await Gateway.start({ scenario: SCENARIO, backoffMs: [400, 900] });
await drive(gateway);
await gateway.stopServing();
execFileSync('python3', [fileURLToPath(new URL('spread_rows.py', import.meta.url)), gateway.database]);
await gateway.serve();
const browser = await launch();

const light = await Dashboard.open(browser, gateway, { height: 1000 });
await light.settled();
await light.page.screenshot({ path: board });
await light.close();

const entries = await gateway.entries(REQUESTS);
const told = entries.find(({ attempts, success }) => success && attempts.length === 4) ?? entries.find(({ attempts }) => attempts.length > 2);
const dark = await Dashboard.open(browser, gateway, { height: 800, dark: true, hash: `#model=${told.model}&per_page=100` });
await dark.settled();
await dark.page.locator(`#list tr[data-id="${told.request_id}"]`).getByRole('button').click();
await dark.page.locator('#story').waitFor();
await dark.page.screenshot({ path: story });
await dark.close();

await browser.close();
await gateway.stop();
[board, story].forEach(optimise);
