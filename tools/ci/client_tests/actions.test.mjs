// Each action of the mock provider as OpenAI's client meets it, with nothing between them and no retries.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';

import OpenAI from 'openai';

import { freeze, outlast } from './admin_api.mjs';
import { clientOf, hello } from './client.mjs';
import { journalOf } from './evidence.mjs';
import { startMock } from './processes.mjs';

const GUIDE = new URL('../../../docs/mock_provider.md', import.meta.url);
const HELLO = 'answer: Hello from mock.';
const STREAM = 'stream of 5: Hello from mock. stop';
const CUT = 'TypeError terminated';
const HANG_MS = 120_000;

// A model names an action: what a call meets, and what a stream meets, where that differs; null is not asked for.
const MET = {
  'error:503': ['InternalServerError 503 server_is_overloaded'],
  'error:rate_limit': ['RateLimitError 429 rate_limit_exceeded'],
  'error:insufficient_quota': ['RateLimitError 429 insufficient_quota'],
  'error:overloaded': ['InternalServerError 503 server_is_overloaded'],
  'error:server_error': ['InternalServerError 500 server_error'],
  'error:context_length': ['BadRequestError 400 context_length_exceeded'],
  'error:invalid_api_key': ['AuthenticationError 401 invalid_api_key'],
  'error:model_not_found': ['NotFoundError 404 model_not_found'],
  'error:content_filter': ['BadRequestError 400 content_filter'],
  'error:bad_gateway_html': ['InternalServerError 502'],
  'slow:100': [HELLO, STREAM],
  'drip:2000': [HELLO, STREAM],
  'reply:some words': ['answer: some words', 'stream of 4: some words stop'],
  'fault:reset': ['APIConnectionError ECONNRESET'],
  'fault:close': ['APIConnectionError UND_ERR_SOCKET'],
  'fault:close_mid_headers': ['APIConnectionError UND_ERR_SOCKET'],
  'fault:close_mid_body': [CUT],
  'fault:random_bytes': ['APIConnectionError HPE_INVALID_CONSTANT'],
  'fault:empty_body': ['answer: nothing', 'stream of 0: '],
  'fault:invalid_json': ['SyntaxError', 'stream of 0: '],
  'fault:truncated_json': ['SyntaxError', 'stream of 2: Hello'],
  'fault:content_length_too_long': [CUT],
  'fault:content_length_too_short': ['SyntaxError', 'stream of 4: Hello from mock.'],
  'fault:bad_chunk_size': [CUT],
  'fault:missing_last_chunk': [CUT],
  'fault:html_error': ['InternalServerError 502'],
  'fault:huge_headers': ['APIConnectionError UND_ERR_HEADERS_OVERFLOW'],
  'fault:bad_status_line': ['APIConnectionError HPE_INVALID_STATUS'],
  'fault:duplicate_content_length': ['APIConnectionError HPE_UNEXPECTED_CONTENT_LENGTH'],
  'stream:cut': [null, CUT],
  'stream:fin': [null, CUT],
  'stream:reset': [null, CUT],
  'stream:clean': [null, 'stream of 2: Hello'],
  'stream:error': [null, 'APIError server_is_overloaded'],
  'stream:malformed': [null, 'SyntaxError'],
  'stream:no_done': [null, STREAM],
  'stream:duplicate': [null, 'stream of 6: Hello from from mock. stop'],
  'stream:split': [null, STREAM],
  'stream:comment': [null, STREAM],
};

function wordsFor(error) {
  if (error instanceof OpenAI.APIConnectionTimeoutError) return 'APIConnectionTimeoutError';
  if (error instanceof OpenAI.APIConnectionError) return `APIConnectionError ${error.cause.cause.code}`;
  if (error instanceof OpenAI.APIError) {
    return [error.constructor.name, error.status, error.code ?? error.type].filter((part) => part != null).join(' ');
  }
  return error instanceof TypeError ? `TypeError ${error.message}` : error.constructor.name;
}

async function met({ client }, model, stream) {
  try {
    const answer = await client.chat.completions.create({ model, messages: hello, stream });
    if (!stream) return `answer: ${answer === undefined ? 'nothing' : answer.choices[0].message.content}`;
    let chunks = 0;
    let text = '';
    let reason = '';
    for await (const chunk of answer) {
      chunks += 1;
      text += chunk.choices[0]?.delta?.content ?? '';
      reason = chunk.choices[0]?.finish_reason ?? reason;
    }
    return `stream of ${chunks}: ${text}${reason && ` ${reason}`}`;
  } catch (error) {
    return wordsFor(error);
  }
}

// The client would say on stderr which event it could not read.
const clientAt = (mock, options) => clientOf(mock, { maxRetries: 0, logLevel: 'off', ...options });

describe('OpenAI\'s client meets', () => {
  let mock;
  before(async () => { mock = await startMock(); });
  after(() => mock?.stop());

  for (const [model, [call, stream = call]] of Object.entries(MET)) {
    it(model, async () => {
      const client = clientAt(mock);
      if (call !== null) assert.equal(await met(client, model, false), call);
      assert.equal(await met(client, model, true), stream);
      const asked = call === null ? 1 : 2;
      assert.equal(client.sent.count, asked);
      assert.equal((await journalOf(mock, model, asked)).length, asked);
    });
  }

  it('a hang, until its timeout', async () => {
    assert.equal(await met(clientAt(mock, { timeout: 1_000 }), 'hang', false), 'APIConnectionTimeoutError');
    await journalOf(mock, 'hang', 1, ({ closed_by }) => closed_by === 'client');
  });
});

describe('what OpenAI\'s client does not notice', () => {
  let mock;
  before(async () => { mock = await startMock(); });
  after(() => mock?.stop());

  it('happens all the same', async () => {
    const raw = async (model) => {
      const call = clientAt(mock).client.chat.completions.create({ model, messages: hello, stream: true });
      return (await call.asResponse()).text();
    };
    assert.match(await raw('stream:comment'), /^:/m);
    assert.doesNotMatch(await raw('stream:no_done'), /\[DONE\]/);
    assert.match(await raw('stream:duplicate'), /\[DONE\]/);
    // By the mock's clock. A drip has some 300 bytes to send, two halves are 20 ms apart.
    for (const [model, from, to, atLeast] of [
      ['slow:100', 'arrival_ms', 'first_byte_ms', 100],
      ['drip:2000', 'first_byte_ms', 'last_byte_ms', 100],
      ['stream:split', 'first_byte_ms', 'last_byte_ms', 20],
    ]) {
      await met(clientAt(mock), model, true);
      const [entry] = await journalOf(mock, model, 1, ({ end_ms }) => end_ms !== null);
      assert.ok(entry[to] - entry[from] >= atLeast, JSON.stringify(entry));
    }
  });
});

describe('OpenAI\'s client bears a hang', () => {
  // Where it hangs: what comes of a call, or of a stream, for each way in which the hang ends.
  const ENDS = {
    'before_headers': { fin: 'APIConnectionError UND_ERR_SOCKET', reset: 'APIConnectionError ECONNRESET', reply: HELLO },
    'after_headers': { fin: CUT, reset: CUT, reply: HELLO },
    'mid_body': { fin: CUT, reset: CUT, reply: HELLO },
    'frame 2': { fin: CUT, reset: CUT, reply: STREAM },
  };
  const hangs = Object.entries(ENDS).flatMap(([at, ends]) =>
    Object.entries(ends).map(([end, expected]) => ({ model: `${at}, ${end}`, at, end, expected })));
  let mock;
  before(async () => {
    mock = await startMock({
      rules: [
        ...hangs.map(({ model, at, end }) => ({ match: { model }, script: [{ hang: { at, for_ms: HANG_MS, end } }] })),
        { match: { model: 'stall' }, script: [{ frames: { at: [{ frame: 2, stall_ms: HANG_MS }] } }] },
      ],
    });
  });
  after(() => mock?.stop());

  async function bear(model, stream) {
    await freeze(mock);
    const outcome = met(clientAt(mock), model, stream);
    await journalOf(mock, model);
    return outlast(mock, HANG_MS, outcome);
  }

  for (const { model, at, expected } of hangs) {
    it(`at ${model}`, async () => { assert.equal(await bear(model, at.startsWith('frame')), expected); });
  }

  it('in the middle of a stream that then goes on', async () => { assert.equal(await bear('stall', true), STREAM); });

  it('wherever the guide says that one can be, and everything else that it names', () => {
    const named = [...readFileSync(GUIDE, 'utf8').matchAll(/^\| `([^`]+)` \| \d\d\d \| \d+ \|/gm)].map(([, name]) => name);
    const tried = new Set([...Object.keys(MET), 'hang', ...Object.keys(ENDS).map((at) => `hang:${at}`), 'stream:stall']);
    assert.ok(named.length > 30);
    assert.deepEqual(named.filter((name) => !tried.has(name)), []);
  });
});

describe('OpenAI\'s client gets of a reply', () => {
  const reply = {
    tool_calls: [{ id: 'call_1', name: 'weather', arguments: { city: 'Zürich' } }], id: 'chatcmpl-one', model: 'gpt-other',
    finish_reason: 'length', usage: { prompt_tokens: 3, completion_tokens: 4 }, headers: { 'x-region': 'eu' },
  };
  let mock;
  before(async () => {
    mock = await startMock({
      rules: [
        { match: { model: 'fields' }, script: [{ reply }] },
        { match: { model: 'body' }, script: [{ reply: { status: 422, body: { error: { code: 'odd', message: 'Odd.' } } } }] },
      ],
    });
  });
  after(() => mock?.stop());

  it('every field, as JSON and from a stream', async () => {
    const { client } = clientAt(mock);
    const request = { model: 'fields', messages: hello };
    const { data, response } = await client.chat.completions.create(request).withResponse();
    const usage = { stream_options: { include_usage: true } };
    for (const completion of [data, await client.chat.completions.stream({ ...request, ...usage }).finalChatCompletion()]) {
      assert.deepEqual([completion.id, completion.model], ['chatcmpl-one', 'gpt-other']);
      assert.equal(completion.choices[0].finish_reason, 'length');
      const [call] = completion.choices[0].message.tool_calls;
      assert.deepEqual([call.id, call.function.name], ['call_1', 'weather']);
      assert.deepEqual(JSON.parse(call.function.arguments), { city: 'Zürich' });
      assert.equal(completion.usage.total_tokens, 7);
    }
    assert.equal(response.headers.get('x-region'), 'eu');
  });

  it('a status and a body of its own', async () => {
    assert.equal(await met(clientAt(mock), 'body', false), 'UnprocessableEntityError 422 odd');
  });
});
