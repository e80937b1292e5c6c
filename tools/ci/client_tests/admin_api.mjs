// The mock provider's admin API, and its verdict on the client.
import assert from 'node:assert/strict';

import { within } from './waiting.mjs';

// What the API of startMock's or startArbstr's mock answers; fails where it refuses.
export async function admin({ admin: url }, method, path, body) {
  const response = await fetch(`${url}${path}`, { method, body: body && JSON.stringify(body) });
  const answer = await response.json();
  assert.ok(response.ok, `${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
}

export const reset = (mock) => admin(mock, 'POST', '/__admin/reset');
export const advance = (mock, ms) => admin(mock, 'PUT', '/__admin/clock', { advance_ms: ms });
export const freeze = (mock) => admin(mock, 'PUT', '/__admin/clock', { freeze: true });

const PATIENCE_MS = 60_000;
const BETWEEN_LOOKS_MS = 20;

// What the call comes to when the mock's clock, which stands still, goes on by `ms` once the request has arrived.
export async function outlast(mock, ms, call) {
  let over = false;
  const settled = Promise.allSettled([call]).then(() => (over = true));
  const ended = (async () => {
    // The wait may begin only after the clock has moved: then it has to move again.
    while (!over) {
      await advance(mock, ms);
      await Promise.race([settled, new Promise((resolve) => setTimeout(resolve, BETWEEN_LOOKS_MS))]);
    }
  })();
  await within(PATIENCE_MS, `what comes after ${ms} ms`, ended).finally(() => (over = true));
  return call;
}

// `thresholds`: others than the usual ones, as a query string.
export async function findings(mock, thresholds = '') {
  const verdict = await admin(mock, 'GET', `/__admin/verdict${thresholds}`);
  assert.equal(verdict.ok, verdict.findings.length === 0);
  return verdict.findings;
}

// Each kind once, in order.
export async function kindsFound(mock, thresholds) {
  return [...new Set((await findings(mock, thresholds)).map(({ kind }) => kind))].sort();
}
