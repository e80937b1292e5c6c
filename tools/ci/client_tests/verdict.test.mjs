// The mock provider's verdict on OpenAI's own client, which talks to it directly: well behaved, configured badly, and in
// the hands of an application that breaks the rules which the client never breaks by itself.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import { advance, freeze, kindsFound, outlast, reset } from './admin_api.mjs';
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
    rule('wrong-but-again', { reply: { status: 400, headers: { 'x-should-retry': 'true' }, body: { error: {} } } }),
    rule('slow-body', { hang: { at: 'after_headers', for_ms: 2_000, end: 'reply' }, ...ok }),
    rule('hang', { hang: { for_ms: 120_000, end: 'fin' } }, ok),
  ],
};

describe('the verdict on', () => {
  let mock;
  before(async () => { mock = await startMock(SCENARIO); });
  after(() => mock?.stop());
  beforeEach(() => reset(mock));

  const keyed = (options) => clientOf(mock, { ...options, defaultHeaders: { 'idempotency-key': 'one' } });
  const good = () => keyed({ timeout: 3_000, maxRetries: 3 });
  const ask = ({ client }, model) => client.chat.completions.create({ model, messages: hello });

  // An application that asks again by itself, whatever the error said; that much of the mock's own time passes between
  // its attempts. Returns the last one's status.
  async function askAgain(model, attempts, gapMs) {
    await freeze(mock);
    const client = keyed({ maxRetries: 0 });
    let status;
    for (let attempt = 0; attempt < attempts && status !== 200; attempt += 1) {
      if (attempt > 0) await advance(mock, gapMs);
      status = await ask(client, model).then(() => 200, (error) => error.status);
    }
    return status;
  }

  it('a client that waits, backs off, has a timeout and keeps its key is ok', async () => {
    const client = good();
    assert.equal((await ask(client, 'busy')).choices[0].message.content, 'ok');
    assert.equal((await ask(client, 'flaky')).choices[0].message.content, 'ok');
    assert.equal((await failureOf(ask(client, 'wrong'))).status, 400);
    assert.equal((await ask(client, 'hang')).choices[0].message.content, 'ok');  // its timeout, then a retry
    assert.equal(client.sent.count, 2 + 3 + 1 + 2);
    assert.deepEqual(await kindsFound(mock), []);
  });

  it('the same client without an Idempotency-Key says so', async () => {
    await ask(clientOf(mock, { maxRetries: 3 }), 'flaky');
    assert.deepEqual(await kindsFound(mock), ['idempotency_key_missing']);
  });

  it('a client that ignores Retry-After is retry_after_ignored', async () => {
    assert.equal(await askAgain('busy-for-long', 2, 1_000), 200);
    assert.deepEqual(await kindsFound(mock), ['retry_after_ignored']);
  });

  it('a client that tries a 400 again is retried_non_retryable', async () => {
    assert.equal(await askAgain('wrong', 2, 1_000), 400);
    assert.deepEqual(await kindsFound(mock), ['retried_non_retryable']);
  });

  it('a client that an answer\'s x-should-retry makes try a 400 again is well behaved', async () => {
    const client = keyed({ maxRetries: 1 });
    assert.equal((await failureOf(ask(client, 'wrong-but-again'))).status, 400);
    assert.equal(client.sent.count, 2);
    assert.deepEqual(await kindsFound(mock), []);
  });

  it('a client that comes back at once is no_backoff', async () => {
    assert.equal(await askAgain('flaky', 3, 0), 200);
    assert.deepEqual(await kindsFound(mock), ['no_backoff']);
  });

  it('a client whose timeout is too long is no_timeout', async () => {
    await freeze(mock);
    const answer = ask(keyed({ timeout: 600_000, maxRetries: 1 }), 'hang');
    await journalOf(mock, 'hang');
    // A connection that breaks is tried again; the clock goes on meanwhile.
    assert.equal((await outlast(mock, 120_000, answer)).choices[0].message.content, 'ok');
    assert.deepEqual(await kindsFound(mock), ['no_timeout']);
  });

  it('a client whose timeout ends with the answer\'s head, as OpenAI\'s does, is no_timeout', async () => {
    // More than one attempt only where the head alone takes a second.
    const client = keyed({ timeout: 1_000, maxRetries: 4 });
    assert.equal((await ask(client, 'slow-body')).choices[0].message.content, 'ok');
    assert.ok((await kindsFound(mock, '?timeout_ms=1500')).includes('no_timeout'));
    assert.ok(!(await kindsFound(mock)).includes('no_timeout'));
  });

  it('a client that never tries again is gave_up', async () => {
    await failureOf(ask(clientOf(mock, { maxRetries: 0 }), 'flaky'));
    assert.deepEqual(await kindsFound(mock), ['gave_up']);
  });

  it('a client that sends the same twice at once is parallel_duplicates', async () => {
    await freeze(mock);
    const { client } = good();
    const abort = new AbortController();
    const calls = [1, 2].map(() => client.chat.completions
      .create({ model: 'hang', messages: hello }, { maxRetries: 0, timeout: 60_000, signal: abort.signal })
      .catch((error) => error));
    await journalOf(mock, 'hang', 2);
    await advance(mock, 500);
    abort.abort();
    await Promise.all(calls);
    await journalOf(mock, 'hang', 2, ({ end_ms }) => end_ms !== null);
    assert.deepEqual(await kindsFound(mock), ['parallel_duplicates']);
  });
});
