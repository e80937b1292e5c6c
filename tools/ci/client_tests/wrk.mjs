// wrk as a client: a number of requests over a number of connections, and what it counted.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { within } from './waiting.mjs';

const PATIENCE_MS = 300_000;
const BETWEEN_SIGNALS_MS = 50;
const SCRIPT = fileURLToPath(new URL('wrk_bounded.lua', import.meta.url));

// The number behind `label` in wrk's report; what it does not mention did not happen.
const countIn = (report, expression) => Number(report.match(expression)?.[1] ?? 0);

// `members`: more of each request's body. Its duration is only a limit: it ends when all that it counts has happened.
export async function wrk(mock, { model, members = '', requests, connections = 1 }) {
  const limit = `${PATIENCE_MS / 1000}s`;
  const child = spawn('stdbuf', ['-oL', 'wrk', '-t1', `-c${connections}`, '-d', limit, '--timeout', limit, '-s', SCRIPT,
    mock.url, '--', model, members, requests, connections]);
  let report = '';
  let said = '';
  const exited = once(child, 'exit');
  const allKnown = new Promise((resolve) => {
    // It has to have begun as well, or the signal would kill it before it can report.
    const look = () => { if (said.includes('all known') && report.includes('Running')) resolve(); };
    child.stdout.setEncoding('utf8').on('data', (text) => { report += text; look(); });
    child.stderr.setEncoding('utf8').on('data', (text) => { said += text; look(); });
  });
  let signals;
  try {
    await within(PATIENCE_MS, 'what wrk was to count', Promise.race([allKnown, exited]));
    // Again and again: one that comes just before it goes to sleep does not wake it.
    signals = setInterval(() => child.kill('SIGINT'), BETWEEN_SIGNALS_MS);
    const [code] = await within(PATIENCE_MS, 'the end of wrk', exited);
    if (code !== 0) throw new Error(`wrk ended with ${code}:\n${report}${said}`);
  } finally {
    clearInterval(signals);
    child.kill('SIGKILL');
  }
  return {
    answers: countIn(report, /(\d+) requests in /),
    not2xx: countIn(report, /Non-2xx or 3xx responses: (\d+)/),
    connect: countIn(report, /Socket errors: connect (\d+)/),
    read: countIn(report, /Socket errors: .*read (\d+)/),
    write: countIn(report, /Socket errors: .*write (\d+)/),
  };
}
