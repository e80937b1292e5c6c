// What wrk counts, against what the mock provider did and saw.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { admin, findings, freeze, kindsFound, outlast, reset } from './admin_api.mjs';
import { journalOf } from './evidence.mjs';
import { startMock } from './processes.mjs';
import { wrk } from './wrk.mjs';

const SEED = 42;
const SHARE = 0.3;
const MANY = 10_000;
const SOME = 40;
const FAULTY = 20;

// How wrk takes each fault: as an answer, as one that is not 2xx, as a read error, or as an answer and then a read error.
const FAULTS = {
  reset: 'read', close: 'read', close_mid_headers: 'read', close_mid_body: 'read', random_bytes: 'read',
  empty_body: 'answer', invalid_json: 'answer', truncated_json: 'answer', html_error: 'not2xx',
  content_length_too_long: 'read', content_length_too_short: 'answer, read', duplicate_content_length: 'read',
  bad_chunk_size: 'read', missing_last_chunk: 'read', huge_headers: 'read', bad_status_line: 'read',
};

// As docs/scenarios.md describes a draw.
function draw(n) {
  const wrap = (value) => BigInt.asUintN(64, value);
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(`${SEED}\0mock\0sometimes\0\0${n}`)) hash = wrap((hash ^ BigInt(byte)) * 0x100000001b3n);
  let mixed = wrap(hash + 0x9e3779b97f4a7c15n);
  mixed = wrap((mixed ^ (mixed >> 30n)) * 0xbf58476d1ce4e5b9n);
  mixed = wrap((mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn);
  return Number((mixed ^ (mixed >> 31n)) >> 11n) * 2 ** -53;
}

const rule = (model, ...script) => ({ name: model, match: { model }, script });
const SCENARIO = {
  seed: SEED,
  rules: [
    { name: 'sometimes', match: { model: 'sometimes' }, probability: SHARE, script: [{ error: 503 }], then: 'repeat' },
    ...Object.keys(FAULTS).map((fault) => rule(fault, { fault, times: FAULTY }, { reply: { text: 'ok' } })),
    rule('cut', { frames: { at: [{ frame: 2, cut_mid_event: true }] }, times: FAULTY }, { reply: { text: 'ok' } }),
    rule('hang', { hang: { for_ms: 120_000, end: 'reply' } }),
  ],
};

describe('wrk', () => {
  let mock;
  before(async () => { mock = await startMock(SCENARIO); });
  after(() => mock?.stop());

  for (const connections of [1, 64]) {
    it(`counts as many 503s as the seed draws, over ${connections} connections, and the verdict names them all`, async () => {
      await reset(mock);
      const drawn = Array.from({ length: MANY }, (_, n) => draw(n)).filter((value) => value < SHARE).length;
      assert.ok(drawn > 0.29 * MANY && drawn < 0.31 * MANY, `${drawn}`);
      const counted = await wrk(mock, { model: 'sometimes', requests: MANY, connections });
      assert.deepEqual(counted, { answers: MANY, not2xx: drawn, connect: 0, read: 0, write: 0 });
      assert.equal((await admin(mock, 'POST', '/__admin/requests/count', {})).count, MANY);
      const entries = await journalOf(mock, 'sometimes', MANY);
      const failed = entries.filter(({ status }) => status === 503).map(({ seq }) => seq);
      assert.equal(failed.length, drawn);
      // It never tries again.
      const found = await findings(mock);
      assert.ok(found.every(({ kind }) => kind === 'gave_up'));
      assert.deepEqual(found.flatMap(({ requests }) => requests).sort((a, b) => a - b), failed);
    });
  }

  for (const [fault, taken] of Object.entries(FAULTS)) {
    it(`meets ${fault} as often as the script says`, async () => {
      await reset(mock);
      const counted = await wrk(mock, { model: fault, requests: SOME, connections: 4 });
      assert.deepEqual(counted, {
        answers: taken === 'read' ? SOME - FAULTY : SOME,
        not2xx: taken === 'not2xx' ? FAULTY : 0,
        connect: 0,
        read: taken.includes('read') ? FAULTY : 0,
        write: 0,
      });
      const entries = await journalOf(mock, fault, SOME);
      assert.equal(entries.filter(({ action }) => action?.fault === fault).length, FAULTY);
      assert.equal(entries.length, SOME);
    });
  }

  it('reads whole streams, and misses the ends of those that are cut', async () => {
    await reset(mock);
    const counted = await wrk(mock, { model: 'cut', members: ',"stream":true', requests: SOME, connections: 4 });
    assert.deepEqual(counted, { answers: SOME - FAULTY, not2xx: 0, connect: 0, read: FAULTY, write: 0 });
    assert.ok((await journalOf(mock, 'cut', SOME)).every(({ stream }) => stream));
  });

  it('has no timeout, as the verdict finds', async () => {
    await reset(mock);
    await freeze(mock);
    const counted = wrk(mock, { model: 'hang', requests: 1 });
    await journalOf(mock, 'hang');
    assert.equal((await outlast(mock, 120_000, counted)).answers, 1);
    assert.deepEqual(await kindsFound(mock), ['no_timeout']);
  });
});
