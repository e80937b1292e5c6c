import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import OpenAI from 'openai';

import { clientOf, failureOf, hello } from './client.mjs';
import { journalOf, rowOf } from './evidence.mjs';
import { startArbstr } from './processes.mjs';

async function collect(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

const textOf = (chunks) => chunks.map((chunk) => chunk.choices[0]?.delta?.content ?? '').join('');

describe('a stream', () => {
  let arbstr;
  before(async () => { arbstr = await startArbstr(); });
  after(() => arbstr?.stop());

  const open = (model, more = {}) =>
    clientOf(arbstr).client.chat.completions.create({ model, messages: hello, stream: true, ...more }).withResponse();

  it('arrives word by word and ends with its finish reason', async () => {
    const { data, response } = await open('greeting');
    const chunks = await collect(data);
    assert.equal(textOf(chunks), 'Grüße aus der Küche');
    assert.ok(chunks.length >= 5, `${chunks.length} chunks`);  // a word a chunk
    assert.equal(chunks.at(-1).choices[0].finish_reason, 'stop');
    assert.equal(response.headers.get('x-arbstr-streaming'), 'true');
    assert.equal(response.headers.get('x-arbstr-provider'), 'alpha');
    assert.match(response.headers.get('content-type'), /^text\/event-stream/);
  });

  it('has its cost in its row, though the client did not ask for usage and gets none', async () => {
    const { data, response } = await open('greeting');
    const chunks = await collect(data);
    assert.ok(chunks.every((chunk) => chunk.choices.length === 1 && !chunk.usage));
    const row = await rowOf(arbstr, response.headers.get('x-arbstr-request-id'));
    assert.equal(row.streaming, 1);
    assert.equal(row.success, 1);
    assert.deepEqual([row.input_tokens, row.output_tokens, row.cost_sats], [1000, 500, 26]);
    const entries = await journalOf(arbstr, 'greeting', 1, (entry) => entry.stream);
    assert.ok(entries.every((entry) => JSON.parse(entry.body).stream_options.include_usage === true));
  });

  it('ends with the usage where the client asks for it', async () => {
    const { data } = await open('greeting', { stream_options: { include_usage: true } });
    const last = (await collect(data)).at(-1);
    assert.deepEqual(last.choices, []);
    assert.equal(last.usage.total_tokens, 1500);
  });

  it('is put together again by the client\'s own stream helper', async () => {
    const { client } = clientOf(arbstr);
    const deltas = [];
    const runner = client.chat.completions.stream({ model: 'greeting', messages: hello });
    runner.on('content', (delta) => deltas.push(delta));
    const completion = await runner.finalChatCompletion();
    assert.equal(completion.choices[0].message.content, 'Grüße aus der Küche');
    assert.equal(deltas.join(''), 'Grüße aus der Küche');
  });

  it('fails fast: one attempt, an ordinary error, and no retry by the client', async () => {
    const { client, sent } = clientOf(arbstr);
    const error = await failureOf(client.chat.completions.create({ model: 'down', messages: hello, stream: true }));
    assert.ok(error instanceof OpenAI.InternalServerError);
    assert.equal(error.status, 503);
    assert.equal(error.code, 'server_is_overloaded');
    assert.equal(error.headers.get('x-arbstr-retries'), '1/alpha');
    assert.equal(sent.count, 1);
    assert.equal((await journalOf(arbstr, 'down')).length, 1);
  });

  it('that the provider cuts off is an error, never a short answer', async () => {
    const { data, response } = await open('cut');
    const error = await failureOf(collect(data));
    assert.ok(error instanceof OpenAI.APIError, `${error}`);
    assert.equal(error.code, 'stream_interrupted');
    const row = await rowOf(arbstr, response.headers.get('x-arbstr-request-id'));
    assert.equal(row.success, 0);
    assert.equal(row.error_status, 502);
  });

  it('passes on the provider\'s own error event', async () => {
    const { data, response } = await open('error-event');
    const error = await failureOf(collect(data));
    assert.ok(error instanceof OpenAI.APIError, `${error}`);
    assert.equal(error.type, 'server_error');
    assert.match(error.message, /The server had an error/);
    const row = await rowOf(arbstr, response.headers.get('x-arbstr-request-id'));
    assert.equal(row.success, 0);
    assert.equal(row.error_status, 502);
  });
});
