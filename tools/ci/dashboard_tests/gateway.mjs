// A gateway for the dashboard: two providers that serve every model and follow a scenario, and a client to ask it.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { start, urlIn } from '../client_tests/processes.mjs';
import { eventually } from '../client_tests/waiting.mjs';

const SCENARIO = {
  version: 1,
  providers: [
    {
      name: 'alpha',
      rules: [
        { name: 'flaky', match: { model: 'flaky' }, script: [{ error: 503, times: 2 }, { reply: { text: 'there' } }], then: 'repeat' },
        { name: 'calm', match: { model: 'calm' }, script: [{ reply: { text: 'there' }, delay_ms: 20 }], then: 'repeat' },
        { name: 'down', match: { model: '*down*' }, script: [{ error: 503 }] },
        { name: 'refused', match: { model: '*refused*' }, script: [{ error: 'rate_limit' }] },
        { name: 'cut', match: { model: 'cut' }, script: [{ reply: { text: 'one two three four' }, frames: { at: [{ frame: 3, cut_mid_event: true }] } }] },
      ],
    },
    { name: 'beta', rules: [{ name: 'all-down', match: { model: 'all-down' }, script: [{ error: 'overloaded' }] }] },
  ],
};

function configuration({ urls, database, token, listen, backoffMs }) {
  const providers = ['alpha', 'beta'].map((name, i) => `
[[providers]]
name = "${name}"
url = "${urls[i]}/v1"
input_rate = ${10000 * (i + 1)}
output_rate = ${30000 * (i + 1)}
base_fee = ${i + 1}
`);
  return `
[server]
listen = "${listen}"
${token ? `auth_token = "${token}"` : ''}
[database]
path = ${JSON.stringify(database)}
[retry]
backoff_ms = ${JSON.stringify(backoffMs)}
[circuit_breaker]
failures = 5
open_ms = 600000
${providers.join('')}`;
}

export class Gateway {
  static async start({ token = null, scenario = SCENARIO, backoffMs = [40] } = {}) {
    const gateway = new Gateway();
    gateway.token = token;
    gateway.backoffMs = backoffMs;
    gateway.directory = mkdtempSync(join(tmpdir(), 'arbstr-dashboard-'));
    gateway.database = join(gateway.directory, 'arbstr.db');
    const file = join(gateway.directory, 'scenario.json');
    writeFileSync(file, JSON.stringify(scenario));
    gateway.mock = await start('MOCK_PROVIDER_BINARY', ['--scenario', file], scenario.providers.length);
    gateway.config = join(gateway.directory, 'config.toml');
    gateway.listen = '127.0.0.1:0';
    await gateway.serve();
    return gateway;
  }

  // Starts the program, or starts it again on the port it had.
  async serve() {
    writeFileSync(this.config, configuration({ urls: this.mock.said.map(urlIn), ...this }));
    this.program = await start('ARBSTR_BINARY', ['serve', '--config', this.config], 1);
    this.url = urlIn(this.program.said[0]);
    this.listen = new URL(this.url).host;
  }

  async stopServing() {
    await this.program?.stop();
    this.program = null;
  }

  async stop() {
    await this.stopServing();
    await this.mock.stop();
    rmSync(this.directory, { recursive: true });
  }

  get #authorization() {
    return this.token ? { Authorization: `Bearer ${this.token}` } : {};
  }

  // A chat request to its end; the row's id and the status.
  async chat(model, { stream = false, headers = {} } = {}) {
    const response = await fetch(`${this.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...this.#authorization, ...headers },
      body: JSON.stringify({ model, stream, messages: [{ role: 'user', content: 'Hello, how are you today?' }] }),
    });
    await response.text().catch(() => {}); // a stream that breaks
    return { id: response.headers.get('x-arbstr-request-id'), status: response.status };
  }

  // The answer's JSON; `also`: a status that is no failure either.
  async read(path, also) {
    const response = await fetch(`${this.url}/${path}`, { headers: this.#authorization });
    if (!response.ok && response.status !== also) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  // The entries of /v1/requests once there are `count` rows: they are written after their responses.
  async entries(count) {
    return eventually(async () => {
      const page = await this.read('v1/requests?per_page=100');
      assert.ok(page.total >= count, `${page.total} rows, not ${count}`);
      return page.data;
    });
  }
}
