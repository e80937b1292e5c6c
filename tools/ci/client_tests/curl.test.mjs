// curl at the mock provider: what it meets before HTTP begins, its own retries, and the verdict on them. What curl makes
// of each action is docs/mock_provider.md's table, which has a test of its own.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';

import { advance, freeze, kindsFound, outlast, reset } from './admin_api.mjs';
import { journalOf } from './evidence.mjs';
import { startMock } from './processes.mjs';
import { within } from './waiting.mjs';

const PATIENCE_MS = 120_000;
const OK = 0, COULD_NOT_CONNECT = 7, HTTP_ERROR = 22, TIMEOUT = 28, TLS_FAILED = 35, UNTRUSTED = 60;
const KEY = ['-H', 'Idempotency-Key: one'];

// curl's exit status, the last answer's HTTP status (0: none), and the answers' heads and bodies.
async function curl(url, model, ...options) {
  const child = spawn('curl', ['-sS', '-i', '--noproxy', '*', '-w', '%{stderr}%{http_code}', ...options,
    '-d', JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }] }), `${url}/v1/chat/completions`]);
  let text = '';
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (piece) => (text += piece));
  child.stderr.setEncoding('utf8').on('data', (piece) => (said += piece));
  try {
    const [exit] = await within(PATIENCE_MS, 'curl', once(child, 'close'));
    return { exit, status: Number(said.slice(-3)), text };
  } finally {
    child.kill('SIGKILL');
  }
}

const meets = ({ exit, status }) => [exit, status];

describe('curl', () => {
  const PROVIDERS = [
    { name: 'trusted', tls: {} },
    { name: 'self-signed', tls: { certificate: 'self_signed' } },
    { name: 'expired', tls: { certificate: 'expired' } },
    { name: 'wrong-name', tls: { certificate: 'wrong_name' } },
    { name: 'closing', tls: { handshake: 'close' } },
    { name: 'hanging', tls: { handshake: 'hang' } },
    { name: 'refusing', listener: [{ refuse: true }] },
    { name: 'keyed', api_keys: ['sk-right'] },
    { name: 'limited', limits: { rpm: 2 } },
  ];
  let mock;
  before(async () => { mock = await startMock({ providers: PROVIDERS }); });
  after(() => mock?.stop());

  const ask = (provider, ...options) =>
    curl(mock.urls[PROVIDERS.findIndex(({ name }) => name === provider)], 'm', '--cacert', mock.authority, ...options);

  it('trusts the certificate of the mock\'s own authority, and no other', async () => {
    assert.deepEqual(meets(await ask('trusted')), [OK, 200]);
    for (const provider of ['self-signed', 'expired', 'wrong-name']) {
      assert.deepEqual(meets(await ask(provider)), [UNTRUSTED, 0], provider);
      assert.deepEqual(meets(await ask(provider, '--insecure')), [OK, 200], provider);
    }
  });

  it('meets a handshake that is closed, and one that never ends', async () => {
    assert.deepEqual(meets(await ask('closing')), [TLS_FAILED, 0]);
    assert.deepEqual(meets(await ask('hanging', '--max-time', '1')), [TIMEOUT, 0]);
  });

  it('is refused by a listener that is said to refuse', async () => {
    assert.deepEqual(meets(await ask('refusing')), [COULD_NOT_CONNECT, 0]);
  });

  it('needs the right key where one is named', async () => {
    assert.equal((await ask('keyed', '-H', 'Authorization: Bearer sk-wrong')).status, 401);
    assert.equal((await ask('keyed', '-H', 'Authorization: Bearer sk-right')).status, 200);
  });

  it('runs into a rate limit, whose headers count down', async () => {
    await reset(mock);
    await freeze(mock);
    for (const remaining of [1, 0]) {
      const answer = await ask('limited');
      assert.equal(answer.status, 200);
      assert.match(answer.text, new RegExp(`^x-ratelimit-remaining-requests: ${remaining}\r$`, 'mi'));
    }
    const refused = await ask('limited');
    assert.equal(refused.status, 429);
    assert.match(refused.text, /^retry-after: 30\r$/mi);
    await advance(mock, 30_000);
    assert.equal((await ask('limited')).status, 200);
  });
});

describe('the verdict on curl', () => {
  const rule = (model, ...script) => ({ name: model, match: { model }, script });
  const ok = { reply: { text: 'ok' } };
  let mock;
  before(async () => {
    mock = await startMock({
      rules: [
        rule('flaky', { error: 503 }, ok),
        rule('busy', { error: 'rate_limit', retry_after_ms: 2000 }, ok),
        rule('wrong', { error: 'context_length' }),
        rule('hang', { hang: { for_ms: 120_000, end: 'reply' } }, ok),
      ],
    });
  });
  after(() => mock?.stop());

  const attempts = async (model) => (await journalOf(mock, model)).length;

  it('with --retry and a key is that it is good', async () => {
    await reset(mock);
    for (const model of ['flaky', 'busy']) {
      assert.deepEqual(meets(await curl(mock.url, model, '--retry', '3', ...KEY)), [OK, 200], model);
      assert.equal(await attempts(model), 2);
    }
    assert.deepEqual(meets(await curl(mock.url, 'wrong', '--retry', '3', ...KEY)), [OK, 400]);
    assert.equal(await attempts('wrong'), 1);
    assert.deepEqual(await kindsFound(mock), []);
  });

  it('with --max-time is that it has a timeout, after which it tries again', async () => {
    await reset(mock);
    // It is the time of one attempt.
    assert.deepEqual(meets(await curl(mock.url, 'hang', '--retry', '3', '--max-time', '5', ...KEY)), [OK, 200]);
    assert.equal(await attempts('hang'), 2);
    assert.deepEqual(await kindsFound(mock), []);
  });

  it('with --retry and no key is that attempts cannot be known for one', async () => {
    await reset(mock);
    assert.equal((await curl(mock.url, 'flaky', '--retry', '3')).status, 200);
    assert.deepEqual(await kindsFound(mock), ['idempotency_key_missing']);
  });

  it('with --retry-all-errors is that it tries a 400 again', async () => {
    await reset(mock);
    const answer = await curl(mock.url, 'wrong', '--fail', '--retry', '1', '--retry-all-errors', ...KEY);
    assert.deepEqual(meets(answer), [HTTP_ERROR, 400]);
    assert.equal(await attempts('wrong'), 2);
    assert.deepEqual(await kindsFound(mock), ['retried_non_retryable']);
  });

  it('without --retry is that it gives up', async () => {
    await reset(mock);
    assert.equal((await curl(mock.url, 'flaky')).status, 503);
    assert.deepEqual(await kindsFound(mock), ['gave_up']);
  });

  it('without --max-time is that it has no timeout', async () => {
    await reset(mock);
    await freeze(mock);
    const answer = curl(mock.url, 'hang');
    await journalOf(mock, 'hang');
    assert.deepEqual(meets(await outlast(mock, 120_000, answer)), [OK, 200]);
    assert.deepEqual(await kindsFound(mock), ['no_timeout']);
  });
});
