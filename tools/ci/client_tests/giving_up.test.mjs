import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import OpenAI from 'openai';

import { clientOf, failureOf, hello } from './client.mjs';
import { journalOf, onlyRowOf, rowOf } from './evidence.mjs';
import { startArbstr } from './processes.mjs';

// The provider's connection was closed from our side, before the provider had said all.
const cancelled = ({ closed_by }) => closed_by === 'client';

describe('a client that gives up', () => {
  let arbstr;
  before(async () => { arbstr = await startArbstr(); });
  after(() => arbstr?.stop());

  it('by aborting a request that hangs frees the provider, and the row says 499', async () => {
    const { client } = clientOf(arbstr);
    const abort = new AbortController();
    const call = client.chat.completions.create({ model: 'hang', messages: hello }, { signal: abort.signal });
    const failure = failureOf(call);
    await journalOf(arbstr, 'hang');  // it has reached the provider
    abort.abort();
    assert.ok(await failure instanceof OpenAI.APIUserAbortError);
    const entries = await journalOf(arbstr, 'hang', 1, cancelled);
    assert.equal(entries.length, 1);  // and nobody asked again
    const row = await onlyRowOf(arbstr, 'hang');
    assert.deepEqual([row.provider, row.success, row.error_status, row.attempts], ['alpha', 0, 499, 1]);
  });

  it('by leaving a stream in its middle frees the provider, and the row says 499', async () => {
    const { client } = clientOf(arbstr);
    const { data: stream, response } =
      await client.chat.completions.create({ model: 'stall', messages: hello, stream: true }).withResponse();
    let text = '';
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta?.content ?? '';
      if (text.includes('two')) break;
    }
    assert.equal(text.trim(), 'one two');
    await journalOf(arbstr, 'stall', 1, cancelled);
    const row = await rowOf(arbstr, response.headers.get('x-arbstr-request-id'));
    assert.deepEqual([row.streaming, row.success, row.error_status, row.attempts], [1, 0, 499, 1]);
  });
});

describe('a client\'s own timeout', () => {
  let arbstr;
  before(async () => { arbstr = await startArbstr(); });
  after(() => arbstr?.stop());

  it('frees the provider too', async () => {
    const { client, sent } = clientOf(arbstr, { timeout: 2_000, maxRetries: 0 });
    const error = await failureOf(client.chat.completions.create({ model: 'hang', messages: hello }));
    assert.ok(error instanceof OpenAI.APIConnectionTimeoutError);
    assert.equal(sent.count, 1);
    await journalOf(arbstr, 'hang', 1, cancelled);
    const row = await onlyRowOf(arbstr, 'hang');
    assert.deepEqual([row.success, row.error_status], [0, 499]);
  });
});
