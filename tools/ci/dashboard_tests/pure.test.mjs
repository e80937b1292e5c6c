// The page's decisions that need no browser.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';

import { decades, niceCeiling } from '../../../proxy/dashboard/page/chart.mjs';
import { firstRequest } from '../../../proxy/dashboard/page/first_request.mjs';
import { count, duration, percent, rateParts, sats } from '../../../proxy/dashboard/page/format.mjs';
import { columnStarts, History } from '../../../proxy/dashboard/page/history.mjs';
import { affectedText, mergeProviders } from '../../../proxy/dashboard/page/providers.mjs';
import { ticksOf, timelineOf, verdictOf } from '../../../proxy/dashboard/page/timeline.mjs';

describe('a number', () => {
  it('of requests is exact while it is short', () => {
    assert.deepEqual([0, 1, 99_999, 123_456, 1_234_567, null, undefined].map(count), ['0', '1', '99,999', '123K', '1.23M', '–', '–']);
  });

  it('of time has the unit it is read best in', () => {
    assert.deepEqual([0, 7, 999, 1000, 3391, 9_994, 9_995, 30_000, 99_949, 99_950, 600_000, 7_200_000, null].map(duration),
      ['0 ms', '7 ms', '999 ms', '1.00 s', '3.39 s', '9.99 s', '10.0 s', '30.0 s', '99.9 s', '2 min', '10 min', '2.0 h', '–']);
  });

  it('of sats has the two decimals of the header, and more where they would show nothing', () => {
    assert.deepEqual([0, 1.1, 16.02, 0.000123, 1234.5678, null].map(sats), ['0.00', '1.10', '16.02', '0.000123', '1,234.57', '–']);
  });

  it('of a share is 100 % or 0 % only where it is', () => {
    assert.deepEqual([[1, 1], [0, 4], [99_999, 100_000], [1, 100_000], [2, 3], [0, 0]].map(([part, all]) => percent(part, all)),
      ['100 %', '0 %', '99.9 %', '0.1 %', '66.7 %', '–']);
  });

  it('of a rate is by the minute while it is slow', () => {
    assert.deepEqual([0, 1, 119, 120, 599, 600, 60_000].map((requests) => rateParts(requests, 60).join(' ')),
      ['0 /min', '1 /min', '119 /min', '2.0 /s', '10.0 /s', '10 /s', '1,000 /s']);
  });
});

describe('a scale', () => {
  it('ends at a round number above all values', () => {
    assert.deepEqual([0, 1, 3, 5, 6, 11, 120, 999, 1000].map(niceCeiling), [1, 1, 5, 5, 10, 20, 200, 1000, 1000]);
  });

  it('of latencies spans whole decades, one at least', () => {
    assert.equal(decades([null]), null);
    assert.deepEqual(decades([0, null]), { low: 0, high: 1 });
    assert.deepEqual(decades([12, 3400]), { low: 1, high: 4 });
    assert.deepEqual(decades([100, 1000]), { low: 2, high: 3 });
  });

  it('of a story has three to seven round ticks that begin at 0', () => {
    for (let total = 1; total < 1e7; total = Math.ceil(total * 1.17)) {
      const ticks = ticksOf(total);
      assert.equal(ticks[0], 0);
      assert.ok(ticks.length >= 3 && ticks.length <= 7, `${total}: ${ticks}`);
      assert.ok(ticks.at(-1) <= total * 1.001, `${total}: ${ticks}`);
    }
  });
});

describe('the history', () => {
  const now = Date.parse('2026-01-31T12:34:56.789Z');

  it('ends with the column that now is in, and each begins on its step', () => {
    for (const [range, columns] of [['last_1h', 30], ['last_24h', 24], ['last_7d', 28], ['last_30d', 30]]) {
      const starts = columnStarts(range, now);
      const step = starts[1] - starts[0];
      assert.equal(starts.length, columns);
      assert.ok(starts.at(-1) <= now && now < starts.at(-1) + step);
      assert.ok(starts.every((start, i) => start % step === 0 && start === starts[0] + i * step));
    }
  });

  it('is read once, then only its newest column and one more each round, and a column that ended once more', async () => {
    const asked = [];
    const history = new History(async (since) => { asked.push(since); return { since }; });
    const round = async (time) => {
      asked.length = 0;
      await history.refresh('last_1h', time, () => true, () => {});
      return asked.length;
    };
    const [last] = columnStarts('last_1h', now).slice(-1);
    assert.equal(await round(now), 30);
    assert.equal(await round(now + 5_000), 2);
    assert.equal(asked[0], last);
    assert.equal(await round(last + 120_000), 2);
    assert.deepEqual(asked, [last + 120_000, last]);
    const others = new Set();
    for (let i = 0; i < 29; ++i) {
      await round(last + 121_000);
      others.add(asked[1]);
    }
    assert.equal(others.size, 29, 'each column has its turn');
  });

  it('stops where nobody wants it any more, and begins anew with another range', async () => {
    let wanted = true;
    let drawn = 0;
    const history = new History(async () => ({}));
    await history.refresh('last_1h', now, () => wanted, () => { drawn += 1; wanted = drawn < 3; });
    assert.equal(drawn, 3);
    let last = [];
    await history.refresh('last_24h', now, () => true, (columns) => { last = columns; });
    assert.equal(last.length, 24);
    assert.ok(last.every(({ stats }) => stats !== null));
  });
});

describe('the table of providers', () => {
  it('has the configured ones in their order, then those that only the log knows', () => {
    const health = { providers: [{ name: 'b', breaker: 'open' }, { name: 'a', breaker: 'closed' }] };
    const stats = { providers: [{ provider: 'a' }, { provider: 'gone' }, { provider: null }] };
    assert.deepEqual(mergeProviders(health, stats).map(({ name, breaker, row }) => [name, breaker, row !== null]),
      [['b', 'open', false], ['a', 'closed', true], ['gone', null, true], [null, null, true]]);
  });

  it('names the models that a breaker is about', () => {
    assert.equal(affectedText({}), '');
    const models = [{ model: 'gpt-4o', breaker: 'open' }, { model: 'o3', breaker: 'half_open' }];
    assert.equal(affectedText({ models, more_models: 0 }), 'gpt-4o, o3');
    assert.equal(affectedText({ models, more_models: 3 }), 'gpt-4o, o3, 3 more');
    assert.equal(affectedText({ models: [], more_models: 1 }), '1 unlisted');
    const health = { providers: [{ name: 'b', breaker: 'open', models, more_models: 0 }] };
    assert.equal(mergeProviders(health, { providers: [] })[0].affected, 'gpt-4o, o3');
  });
});

describe('a story', () => {
  const entry = (over) => ({
    success: true, streaming: false, provider: 'beta', error: null,
    timing: { latency_ms: 3392, stream_duration_ms: null }, attempts: [], ...over,
  });
  const attempt = (over) => ({ provider: 'alpha', at_ms: 0, ms: 10, status: 503, error: 'overloaded', waited_ms: 0, ...over });

  it('has a lane an attempt, its wait before it, on one line of time', () => {
    const told = entry({ attempts: [attempt(), attempt({ at_ms: 1083, waited_ms: 1073 }), attempt({ provider: 'beta', at_ms: 1093, ms: 2299, status: 200, error: null })] });
    const { total, lanes, recorded } = timelineOf(told);
    assert.equal(total, 3392);
    assert.ok(recorded);
    assert.deepEqual(lanes.map(({ who, outcome, from, to, waitFrom }) => [who, outcome, from, to, waitFrom]), [
      ['alpha', 'failed', 0, 10, 0], ['alpha', 'failed', 1083, 1093, 10], ['beta', 'answered', 1093, 3392, 1093]]);
    assert.equal(verdictOf(told), 'beta answered after 3.39 s, at attempt 3.');
  });

  it('without recorded times fills the latency', () => {
    const { lanes, recorded } = timelineOf(entry({ attempts: [attempt({ at_ms: null, ms: null, status: null, error: null })] }));
    assert.equal(recorded, false);
    assert.deepEqual([lanes[0].outcome, lanes[0].from, lanes[0].to], ['answered', 0, 3392]);
  });

  it('of a stream goes on to its end', () => {
    const { total, lanes, end } = timelineOf(entry({ streaming: true, timing: { latency_ms: 100, stream_duration_ms: 900 }, attempts: [attempt({ status: 200, error: null, ms: 1000 })] }));
    assert.deepEqual([total, end, lanes.at(-1).kind, lanes.at(-1).from, lanes.at(-1).to], [1000, 1000, 'stream', 100, 1000]);
  });

  it('says who left, who was not asked and what failed', () => {
    const failed = (status, attempts) => verdictOf(entry({ success: false, provider: null, error: { status, message: '' }, attempts }));
    assert.equal(failed(499, [attempt()]), 'The client left, after 3.39 s.');
    assert.equal(failed(400, []), 'No provider was asked, after 3.39 s.');
    assert.equal(failed(503, [attempt(), attempt()]), 'Failed with 503, after 3.39 s and 2 attempts.');
  });

  it('survives a log that holds something else', () => {
    for (const attempts of [[null], [{}], [{ provider: 7, at_ms: 'x', status: {}, error: [] }]]) {
      const { total, lanes } = timelineOf(entry({ attempts }));
      assert.ok(Number.isFinite(total) && lanes.every(({ from, to }) => Number.isFinite(from) && Number.isFinite(to)));
    }
  });
});

describe('the first request', () => {
  it('is one command of a shell, whatever the model is called', () => {
    for (const model of ['gpt-4o', "it's $(touch x) `y` \\ \"z\"", "'; exit 7; '", '<img src=x>']) {
      const command = firstRequest('http://127.0.0.1:1/', model, false).replace(/^curl /, 'printf "%s\\n" ');
      const words = execFileSync('sh', ['-c', command], { encoding: 'utf8' }).split('\n');
      assert.equal(words[0], 'http://127.0.0.1:1/v1/chat/completions');
      assert.equal(JSON.parse(words[words.indexOf('-d') + 1]).model, model);
    }
  });
});
