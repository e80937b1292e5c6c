import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { clientOf, hello } from './client.mjs';
import { journalOf, rowOf, rowsOf } from './evidence.mjs';
import { startArbstr } from './processes.mjs';

describe('a completion', () => {
  let arbstr;
  before(async () => { arbstr = await startArbstr(); });
  after(() => arbstr?.stop());

  it('is answered by the cheapest provider, with its key and not the client\'s', async () => {
    const { client } = clientOf(arbstr);
    const completion = await client.chat.completions.create({ model: 'greeting', messages: hello });
    assert.equal(completion.object, 'chat.completion');
    assert.equal(completion.choices[0].message.content, 'Grüße aus der Küche');
    assert.equal(completion.choices[0].finish_reason, 'stop');
    assert.deepEqual(
      [completion.usage.prompt_tokens, completion.usage.completion_tokens, completion.usage.total_tokens],
      [1000, 500, 1500]);
    const [entry] = await journalOf(arbstr, 'greeting');
    assert.equal(entry.provider, 'alpha');
    assert.equal(entry.status, 200);  // 401 with any key but the provider's own
    assert.ok(!JSON.stringify(entry).includes('gateway-token'));
  });

  it('says on its headers who answered, what it cost and how long it took', async () => {
    const { client } = clientOf(arbstr);
    const { response } = await client.chat.completions.create({ model: 'greeting', messages: hello }).withResponse();
    assert.equal(response.headers.get('x-arbstr-provider'), 'alpha');
    assert.equal(response.headers.get('x-arbstr-cost-sats'), '26.00');  // 10 in, 15 out, 1 a request
    assert.match(response.headers.get('x-arbstr-latency-ms'), /^\d+$/);
    assert.match(response.headers.get('x-arbstr-request-id'), /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(response.headers.get('x-arbstr-retries'), null);
    assert.equal(response.headers.get('x-arbstr-streaming'), null);
  });

  it('leaves a row that its request id finds', async () => {
    const { client } = clientOf(arbstr);
    const { response } = await client.chat.completions.create({ model: 'greeting', messages: hello }).withResponse();
    const id = response.headers.get('x-arbstr-request-id');
    const row = await rowOf(arbstr, id);
    assert.equal(row.model, 'greeting');
    assert.equal(row.provider, 'alpha');
    assert.equal(row.success, 1);
    assert.equal(row.streaming, 0);
    assert.equal(row.cost_sats, 26);
    assert.equal(row.attempts, 1);
    assert.equal(row.attempt_log, null);
  });

  it('survives two failures of its provider without the client noticing', async () => {
    const { client, sent } = clientOf(arbstr);
    const { data, response } = await client.chat.completions.create({ model: 'flaky', messages: hello }).withResponse();
    assert.equal(data.choices[0].message.content, 'third time');
    assert.equal(response.headers.get('x-arbstr-retries'), '2/alpha');
    assert.equal(sent.count, 1);
    const attempts = await journalOf(arbstr, 'flaky', 3);
    const keys = new Set(attempts.map((attempt) => attempt.headers['idempotency-key']));
    assert.deepEqual([...keys], [response.headers.get('x-arbstr-request-id')]);
  });

  it('comes from the fallback when the primary is down', async () => {
    const { client, sent } = clientOf(arbstr);
    const { data, response } =
      await client.chat.completions.create({ model: 'primary-down', messages: hello }).withResponse();
    assert.equal(data.choices[0].message.content, 'from beta');
    assert.equal(response.headers.get('x-arbstr-provider'), 'beta');
    assert.equal(response.headers.get('x-arbstr-retries'), '3/alpha');
    assert.equal(sent.count, 1);
    const row = await rowOf(arbstr, response.headers.get('x-arbstr-request-id'));
    assert.equal(row.provider, 'beta');
    assert.equal(row.attempts, 4);
    assert.equal(row.retries, '3/alpha');
  });

  it('takes every parameter the client sends to the provider as it was sent', async () => {
    const { client } = clientOf(arbstr);
    const parameters = {
      model: 'greeting',
      messages: [{ role: 'developer', content: 'Be brief.' }, { role: 'user', content: [{ type: 'text', text: 'Hi 👋' }] }],
      temperature: 0.1, max_completion_tokens: 12, seed: 7, stop: ['\n'], metadata: { case: 'byte for byte' },
      response_format: { type: 'json_object' },
    };
    await client.chat.completions.create(parameters);
    const entries = await journalOf(arbstr, 'greeting', 1, (entry) => entry.body.includes('byte for byte'));
    const mine = entries.find((entry) => entry.body.includes('byte for byte'));
    assert.equal(mine.body, JSON.stringify(parameters));
  });

  it('is answered for each of thirty-two callers at once, with a row each', async () => {
    const { client } = clientOf(arbstr);
    const calls = Array.from({ length: 32 }, () =>
      client.chat.completions.create({ model: 'greeting', messages: hello }).withResponse());
    const ids = new Set((await Promise.all(calls)).map(({ response }) => response.headers.get('x-arbstr-request-id')));
    assert.equal(ids.size, 32);
    const rows = await rowsOf(arbstr, [...ids]);
    assert.equal(rows.length, 32);
    assert.ok(rows.every((row) => row.success === 1));
  });
});
