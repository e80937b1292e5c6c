// What a request's picture shows, out of its entry of /v1/requests: spans on one time line, in ms since it arrived.
import { count, duration } from './format.mjs';

const text = (value) => (typeof value === 'string' ? value : '');
const number = (value) => (Number.isFinite(value) ? value : null);

function outcomeOf({ status, error }, success, isLast) {
  if (status === null) return isLast && success ? 'answered' : 'unknown';
  return status >= 200 && status < 300 && error === '' ? 'answered' : 'failed';
}

// A status that no provider sent is the one that the gateway counted.
function saidBy(attempt, outcome) {
  if (outcome === 'answered') return attempt.status === null ? 'answered' : `answered, ${attempt.status}`;
  return attempt.status === null || attempt.status === 0 ? 'no answer recorded' : `failed, ${attempt.status}`;
}

// {total, lanes, recorded}: `total` ms from left to right; lanes of {kind, who, how, why, outcome, from, to, waitFrom}.
// `recorded` is false where the log kept no times, since no attempt failed: the one attempt then fills the latency.
export function timelineOf(entry) {
  const latency = number(entry.timing.latency_ms) ?? 0;
  const attempts = entry.attempts.map((attempt) => ({
    provider: text(attempt?.provider), at: number(attempt?.at_ms), ms: number(attempt?.ms),
    status: number(attempt?.status), error: text(attempt?.error), waited: number(attempt?.waited_ms) ?? 0,
  }));
  const lanes = attempts.map((attempt, i) => {
    const outcome = outcomeOf(attempt, entry.success, i === attempts.length - 1);
    const from = attempt.at ?? 0;
    return {
      kind: 'attempt', who: attempt.provider, how: saidBy(attempt, outcome), why: attempt.error, outcome,
      from, to: from + (attempt.ms ?? latency), waitFrom: Math.max(0, from - attempt.waited), waited: attempt.waited,
    };
  });
  const streamed = number(entry.timing.stream_duration_ms);
  if (streamed !== null && lanes.length > 0) {
    lanes.push({
      kind: 'stream', who: lanes.at(-1).who, how: entry.success ? 'stream' : 'stream, broken',
      why: `from the first event to the end: ${duration(streamed)}`, outcome: entry.success ? 'answered' : 'failed',
      from: latency, to: latency + streamed, waitFrom: latency, waited: 0,
    });
  }
  const total = Math.max(1, latency, ...lanes.map(({ to }) => to));
  return { total, lanes, end: streamed === null ? latency : latency + streamed, recorded: attempts.every(({ at }) => at !== null) };
}

// Round steps of the time line: three to six of them.
export function ticksOf(total) {
  const power = 10 ** Math.floor(Math.log10(total));
  const step = [0.2, 0.5, 1, 2].map((factor) => factor * power).find((candidate) => total / candidate <= 5) ?? 5 * power;
  const ticks = [];
  for (let at = 0; at <= total * 1.0001; at += step) ticks.push(Math.round(at * 1000) / 1000);
  return ticks;
}

const CLIENT_LEFT = 499;

// What became of it, in a sentence.
export function verdictOf(entry) {
  const after = duration(entry.timing.latency_ms);
  const tries = entry.attempts.length;
  const attempts = tries > 1 ? `, at attempt ${count(tries)}` : '';
  if (entry.success && entry.streaming) return `${entry.provider} answered: first event after ${after}${attempts}.`;
  if (entry.success) return `${entry.provider} answered after ${after}${attempts}.`;
  const status = entry.error?.status;
  const failed = status === CLIENT_LEFT ? 'The client left' : `Failed with ${status ?? 'no status'}`;
  const reason = tries === 0 ? 'No provider was asked' : failed;
  return `${reason}, after ${after}${tries > 1 ? ` and ${count(tries)} attempts` : ''}.`;
}
