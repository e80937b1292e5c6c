// The gateway and the mock provider, as processes on free ports of the loopback.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { within } from './waiting.mjs';

const START_MS = 30_000;
const STOP_MS = 30_000;

function binary(variable) {
  const path = process.env[variable];
  if (!path) throw new Error(`${variable} is not set: start the tests with the run beside them`);
  return path;
}

const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

// Starts the program whose path that variable has, and reads `lines` lines of its stdout, which say where it listens.
export async function start(variable, args, lines) {
  const path = binary(variable);
  const child = spawn(path, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  child.on('exit', () => running.delete(child));
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
  const exited = once(child, 'exit');
  const read = (async () => {
    const found = [];
    for await (const line of createInterface({ input: child.stdout })) {
      if (found.push(line) === lines) return found;
    }
    throw new Error(`${path} ended before it listened:\n${stderr}`);
  })();
  const said = await within(START_MS, `starting ${path}`, read).catch((error) => {
    child.kill('SIGKILL');
    throw error;
  });
  return {
    said,
    async stop() {
      child.kill('SIGTERM');
      const [code] = await within(STOP_MS, `stopping ${path}`, exited);
      if (code !== 0) throw new Error(`${path} ended with ${code}:\n${stderr}`);
    },
  };
}

export const urlIn = (line) => line.match(/https?:\/\/\S+$/)[0];

function configuration(alpha, beta, database) {
  const models = ['greeting', 'weather', 'flaky', 'primary-down', 'down', 'garbage', 'context', 'quota',
    'rate-limited-once', 'hang', 'stall', 'cut', 'error-event'];
  return `
[server]
listen = "127.0.0.1:0"
auth_token = "gateway-token"
[database]
path = ${JSON.stringify(database)}
[retry]
backoff_ms = [1]
[[providers]]
name = "alpha"
url = "${alpha}/v1"
api_key = "sk-alpha-0123456789"
models = ${JSON.stringify(models)}
input_rate = 10000
output_rate = 30000
base_fee = 1
[[providers]]
name = "beta"
url = "${beta}/v1"
api_key = "sk-beta-0123456789"
models = ${JSON.stringify(models)}
input_rate = 20000
output_rate = 60000
base_fee = 2
`;
}

// The mock provider alone, for a client that talks to it directly; with a scenario of its own, else model names choose
// what happens.
export async function startMock(scenario) {
  const directory = mkdtempSync(join(tmpdir(), 'mock-clients-'));
  const authority = join(directory, 'authority.pem');
  const args = ['--admin', '127.0.0.1:0', '--ca-out', authority];
  if (scenario) {
    const file = join(directory, 'scenario.json');
    writeFileSync(file, JSON.stringify(scenario));
    args.push('--scenario', file);
  }
  const providers = scenario?.providers?.length ?? 1;
  const mock = await start('MOCK_PROVIDER_BINARY', args, providers + 1);
  const urls = mock.said.map(urlIn);
  const admin = urls.pop();
  return {
    url: urls[0],
    urls,
    authority,
    admin,
    async stop() {
      await mock.stop();
      rmSync(directory, { recursive: true });
    },
  };
}

// Both programs, with a database of their own. `stop` ends them and fails when one does not end well.
export async function startArbstr() {
  const directory = mkdtempSync(join(tmpdir(), 'arbstr-clients-'));
  const scenario = fileURLToPath(new URL('scenario.json', import.meta.url));
  const mock = await start('MOCK_PROVIDER_BINARY', ['--scenario', scenario, '--admin', '127.0.0.1:0'], 3);
  const [alpha, beta, admin] = mock.said.map(urlIn);
  const database = join(directory, 'arbstr.db');
  const config = join(directory, 'config.toml');
  writeFileSync(config, configuration(alpha, beta, database));
  const gateway = await start('ARBSTR_BINARY', ['serve', '--config', config], 1).catch(async (error) => {
    await mock.stop();
    throw error;
  });
  return {
    url: urlIn(gateway.said[0]),
    mock: { alpha, beta },
    admin,
    database,
    async stop() {
      await gateway.stop();
      await mock.stop();
      rmSync(directory, { recursive: true });
    },
  };
}
