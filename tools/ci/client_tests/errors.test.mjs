import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import OpenAI from 'openai';

import { clientOf, failureOf, hello } from './client.mjs';
import { journalOf, rowOf } from './evidence.mjs';
import { startArbstr } from './processes.mjs';

describe('an error', () => {
  let arbstr;
  before(async () => { arbstr = await startArbstr(); });
  after(() => arbstr?.stop());

  const ask = (client, model, options) => client.chat.completions.create({ model, messages: hello }, options);

  it('of the provider about the request keeps its status, code and parameter', async () => {
    const { client, sent } = clientOf(arbstr);
    const error = await failureOf(ask(client, 'context'));
    assert.ok(error instanceof OpenAI.BadRequestError);
    assert.equal(error.status, 400);
    assert.equal(error.code, 'context_length_exceeded');
    assert.equal(error.param, 'messages');
    assert.match(error.message, /maximum context length is 8192 tokens/);
    assert.equal(error.headers.get('x-arbstr-provider'), 'alpha');
    assert.equal(error.headers.get('x-arbstr-retries'), null);
    assert.equal(sent.count, 1);
    assert.equal((await journalOf(arbstr, 'context')).length, 1);
  });

  it('of a wrong key for the gateway is an authentication error', async () => {
    const { client, sent } = clientOf(arbstr, { apiKey: 'not-the-token' });
    const error = await failureOf(ask(client, 'greeting'));
    assert.ok(error instanceof OpenAI.AuthenticationError);
    assert.equal(error.status, 401);
    assert.equal(error.code, 'invalid_api_key');
    assert.equal(error.type, 'authentication_error');
    assert.match(error.headers.get('x-arbstr-request-id'), /^[0-9a-f-]{36}$/);
    assert.equal(sent.count, 1);
  });

  it('of a model that nobody serves says where the list is', async () => {
    const { client } = clientOf(arbstr);
    const error = await failureOf(ask(client, 'no-such-model'));
    assert.ok(error instanceof OpenAI.BadRequestError);
    assert.equal(error.code, 'model_not_found');
    assert.match(error.message, /\/v1\/models/);
    const row = await rowOf(arbstr, error.headers.get('x-arbstr-request-id'));
    assert.deepEqual([row.provider, row.error_status, row.attempts], [null, 400, 0]);
  });

  it('of a policy that does not exist is a bad request', async () => {
    const { client } = clientOf(arbstr);
    const error = await failureOf(ask(client, 'greeting', { headers: { 'X-Arbstr-Policy': 'no-such-policy' } }));
    assert.ok(error instanceof OpenAI.BadRequestError);
    assert.equal(error.code, 'policy_not_found');
  });

  it('of a used-up quota is the provider\'s own, from its only attempt', async () => {
    const { client, sent } = clientOf(arbstr, { maxRetries: 0 });
    const error = await failureOf(ask(client, 'quota'));
    assert.ok(error instanceof OpenAI.RateLimitError);
    assert.equal(error.status, 429);
    assert.equal(error.code, 'insufficient_quota');
    assert.equal(sent.count, 1);
    assert.equal((await journalOf(arbstr, 'quota')).length, 1);
  });

  it('of a rate limit carries the provider\'s Retry-After, which the client obeys', async () => {
    const { client, sent } = clientOf(arbstr);
    const completion = await ask(client, 'rate-limited-once');
    assert.equal(completion.choices[0].message.content, 'after the limit');
    assert.equal(sent.count, 2);
    assert.equal((await journalOf(arbstr, 'rate-limited-once')).length, 2);
  });

  it('after all attempts is the last provider\'s, and the client does not start over', async () => {
    const { client, sent } = clientOf(arbstr);
    const error = await failureOf(ask(client, 'down'));
    assert.ok(error instanceof OpenAI.InternalServerError);
    assert.equal(error.status, 503);
    assert.equal(error.code, 'server_is_overloaded');
    assert.equal(error.headers.get('x-should-retry'), 'false');
    assert.equal(error.headers.get('x-arbstr-retries'), '3/alpha, 1/beta');
    assert.equal(sent.count, 1);
    const attempts = await journalOf(arbstr, 'down', 4);
    assert.deepEqual(attempts.map((attempt) => attempt.provider), ['alpha', 'alpha', 'alpha', 'beta']);
  });

  // Without the gateway the same client asks the same provider three times: what the test above proves is ours.
  it('without the gateway is retried by the client itself', async () => {
    const { client, sent } = clientOf(arbstr, { baseURL: `${arbstr.mock.beta}/v1`, apiKey: 'sk-beta-0123456789' });
    const error = await failureOf(ask(client, 'down'));
    assert.equal(error.status, 503);
    assert.equal(sent.count, 3);
  });

  it('of providers that answer no HTTP is a 502 in OpenAI\'s shape', async () => {
    const { client, sent } = clientOf(arbstr);
    const error = await failureOf(ask(client, 'garbage'));
    assert.ok(error instanceof OpenAI.InternalServerError);
    assert.equal(error.status, 502);
    assert.equal(error.code, 'upstream_invalid');
    assert.equal(error.type, 'arbstr_error');
    assert.equal(error.headers.get('x-arbstr-retries'), '3/alpha, 1/beta');
    assert.equal(sent.count, 1);
  });

  it('at the deadline is a 504 that says how to raise it', async () => {
    const { client, sent } = clientOf(arbstr);
    const error = await failureOf(ask(client, 'hang', { headers: { 'x-arbstr-deadline-ms': '200' } }));
    assert.ok(error instanceof OpenAI.InternalServerError);
    assert.equal(error.status, 504);
    assert.equal(error.code, 'deadline_exceeded');
    assert.match(error.message, /x-arbstr-deadline-ms/);
    assert.equal(error.headers.get('x-arbstr-retries'), '1/alpha');
    assert.equal(sent.count, 1);
    const [entry] = await journalOf(arbstr, 'hang', 1, ({ closed_by }) => closed_by === 'client');
    assert.equal(entry.provider, 'alpha');
  });
});
