// The mock provider's verdict on clients that talk to it directly: OpenAI's own, well behaved and configured badly,
// and one by hand that breaks the rules OpenAI's never breaks.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { clientOf, failureOf, hello } from './client.mjs';
import { journalOf } from './evidence.mjs';
import { startMock } from './processes.mjs';

const rule = (model, ...script) => ({ name: model, match: { model }, script });
const ok = { reply: { text: 'ok' } };
const SCENARIO = {
  rules: [
    rule('busy', { error: 'rate_limit', retry_after_ms: 400 }, ok),
    rule('busy-for-long', { error: 'rate_limit', retry_after_ms: 30_000 }, ok),
    rule('flaky', { error: 503, times: 2 }, ok),
    rule('wrong', { error: 'context_length' }),
    rule('hang', { hang: { for_ms: 120_000, end: 'fin' } }, ok),
  ],
};

async function admin(mock, method, path, body) {
  const response = await fetch(`${mock.mock.admin}${path}`, { method, body: body && JSON.stringify(body) });
  return response.json();
}

async function kindsFound(mock) {
  const verdict = await admin(mock, 'GET', '/__admin/verdict');
  assert.equal(verdict.ok, verdict.findings.length === 0);
  return [...new Set(verdict.findings.map(({ kind }) => kind))];
}

describe('the verdict on', () => {
  let mock;
  before(async () => { mock = await startMock(SCENARIO); });
  after(() => mock?.stop());
  const anew = () => admin(mock, 'POST', '/__admin/reset');

  const good = () => clientOf(mock, { timeout: 3_000, maxRetries: 3, defaultHeaders: { 'idempotency-key': 'one' } });
  const ask = ({ client }, model) => client.chat.completions.create({ model, messages: hello });

  // One that knows nothing of Retry-After or statuses, with that much of the mock's own time between attempts.
  async function askByHand(model, attempts, gapMs) {
    await admin(mock, 'PUT', '/__admin/clock', { freeze: true });
    let response;
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      if (attempt > 0) await admin(mock, 'PUT', '/__admin/clock', { advance_ms: gapMs });
      response = await fetch(`${mock.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': 'one' },
        body: JSON.stringify({ model, messages: hello }),
      });
      await response.text();
      if (response.ok) break;
    }
    return response.status;
  }

  it('a client that waits, backs off, has a timeout and keeps its key is ok', async () => {
    await anew();
    const client = good();
    assert.equal((await ask(client, 'busy')).choices[0].message.content, 'ok');
    assert.equal((await ask(client, 'flaky')).choices[0].message.content, 'ok');
    assert.equal((await failureOf(ask(client, 'wrong'))).status, 400);
    assert.equal((await ask(client, 'hang')).choices[0].message.content, 'ok');  // its timeout, then a retry
    assert.equal(client.sent.count, 2 + 3 + 1 + 2);
    assert.deepEqual(await kindsFound(mock), []);
  });

  it('the same client without an Idempotency-Key says so', async () => {
    await anew();
    await ask(clientOf(mock, { maxRetries: 3 }), 'flaky');
    assert.deepEqual(await kindsFound(mock), ['idempotency_key_missing']);
  });

  it('a client that ignores Retry-After is retry_after_ignored', async () => {
    await anew();
    assert.equal(await askByHand('busy-for-long', 2, 1_000), 200);
    assert.deepEqual(await kindsFound(mock), ['retry_after_ignored']);
  });

  it('a client that tries a 400 again is retried_non_retryable', async () => {
    await anew();
    assert.equal(await askByHand('wrong', 2, 1_000), 400);
    assert.deepEqual(await kindsFound(mock), ['retried_non_retryable']);
  });

  it('a client that comes back at once is no_backoff', async () => {
    await anew();
    assert.equal(await askByHand('flaky', 3, 0), 200);
    assert.deepEqual(await kindsFound(mock), ['no_backoff']);
  });

  it('a client whose timeout is too long is no_timeout', async () => {
    await anew();
    const failure = failureOf(ask(clientOf(mock, { timeout: 600_000, maxRetries: 0 }), 'hang'));
    await journalOf(mock, 'hang');
    await admin(mock, 'PUT', '/__admin/clock', { advance_ms: 120_000 });
    assert.match((await failure).message, /Connection error/);
    assert.ok((await kindsFound(mock)).includes('no_timeout'));
  });

  it('a client that never tries again is gave_up', async () => {
    await anew();
    await failureOf(ask(clientOf(mock, { maxRetries: 0 }), 'flaky'));
    assert.deepEqual(await kindsFound(mock), ['gave_up']);
  });

  it('a client that sends the same twice at once is parallel_duplicates', async () => {
    await anew();
    await admin(mock, 'PUT', '/__admin/clock', { freeze: true });
    const { client } = good();
    const abort = new AbortController();
    const calls = [1, 2].map(() => client.chat.completions
      .create({ model: 'hang', messages: hello }, { maxRetries: 0, timeout: 60_000, signal: abort.signal })
      .catch((error) => error));
    await journalOf(mock, 'hang', 2);
    await admin(mock, 'PUT', '/__admin/clock', { advance_ms: 500 });
    abort.abort();
    await Promise.all(calls);
    await journalOf(mock, 'hang', 2, ({ end_ms }) => end_ms !== null);
    assert.deepEqual(await kindsFound(mock), ['parallel_duplicates']);
  });
});
