import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import OpenAI from 'openai';

import { clientOf, failureOf } from './client.mjs';
import { startArbstr } from './processes.mjs';

describe('the models', () => {
  let arbstr;
  before(async () => { arbstr = await startArbstr(); });
  after(() => arbstr?.stop());

  it('are listed, each once, with the cheapest provider as the owner', async () => {
    const { client } = clientOf(arbstr);
    const models = [];
    for await (const model of client.models.list()) models.push(model);
    const ids = models.map((model) => model.id);
    assert.equal(new Set(ids).size, ids.length);
    assert.ok(ids.includes('greeting') && ids.includes('weather'));
    assert.ok(models.every((model) => model.object === 'model' && model.owned_by === 'alpha'));
  });

  it('can be asked for by name', async () => {
    const { client } = clientOf(arbstr);
    const model = await client.models.retrieve('rate-limited-once');
    assert.equal(model.id, 'rate-limited-once');
    assert.equal(model.object, 'model');
  });

  it('that nobody serves are not found', async () => {
    const { client } = clientOf(arbstr);
    const error = await failureOf(client.models.retrieve('no-such-model'));
    assert.ok(error instanceof OpenAI.NotFoundError);
    assert.equal(error.code, 'model_not_found');
  });
});
