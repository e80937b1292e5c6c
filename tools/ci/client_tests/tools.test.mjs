import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { clientOf } from './client.mjs';
import { journalOf } from './evidence.mjs';
import { startArbstr } from './processes.mjs';

const place = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const request = {
  model: 'weather',
  messages: [{ role: 'user', content: 'What is the weather in Zürich, and what time is it there?' }],
  tools: [
    { type: 'function', function: { name: 'get_weather', description: 'The weather', parameters: place } },
    { type: 'function', function: { name: 'get_time', description: 'The time', parameters: place } },
  ],
};

// What the scenario's provider calls, whichever way it arrives.
function assertCalls(message) {
  assert.deepEqual(message.tool_calls.map((call) => [call.id, call.type, call.function.name]),
    [['call_1', 'function', 'get_weather'], ['call_2', 'function', 'get_time']]);
  assert.deepEqual(message.tool_calls.map((call) => JSON.parse(call.function.arguments)),
    [{ city: 'Zürich', unit: 'celsius' }, { city: 'Zürich' }]);
}

describe('tool calls', () => {
  let arbstr;
  before(async () => { arbstr = await startArbstr(); });
  after(() => arbstr?.stop());

  it('come with a plain answer', async () => {
    const { client } = clientOf(arbstr);
    const completion = await client.chat.completions.create(request);
    assert.equal(completion.choices[0].finish_reason, 'tool_calls');
    assert.equal(completion.choices[0].message.content, null);
    assertCalls(completion.choices[0].message);
  });

  it('come in pieces with a stream, which the client puts together', async () => {
    const { client } = clientOf(arbstr);
    const runner = client.chat.completions.stream(request);
    let pieces = 0;
    runner.on('chunk', (chunk) => { if (chunk.choices[0]?.delta?.tool_calls) pieces += 1; });
    const completion = await runner.finalChatCompletion();
    assert.ok(pieces >= 2, `${pieces} pieces`);
    assert.equal(completion.choices[0].finish_reason, 'tool_calls');
    assertCalls(completion.choices[0].message);
  });

  it('are answered with tool messages, which reach the provider as they are', async () => {
    const { client } = clientOf(arbstr);
    const called = (await client.chat.completions.create(request)).choices[0].message;
    const results = called.tool_calls.map((call) =>
      ({ role: 'tool', tool_call_id: call.id, content: 'sunny, 12:00' }));
    const messages = [...request.messages, called, ...results];
    const answer = await client.chat.completions.create({ ...request, model: 'greeting', messages });
    assert.equal(answer.choices[0].message.content, 'Grüße aus der Küche');
    const [entry] = await journalOf(arbstr, 'greeting');
    assert.deepEqual(JSON.parse(entry.body).messages, messages);
  });
});
