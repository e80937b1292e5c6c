// Numbers and times as the page writes them. A dash stands for what is not known.
export const UNKNOWN = '–';
const known = (value) => value !== null && value !== undefined && Number.isFinite(value);

const whole = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });

// Exact up to 99,999, then with three digits: 1.23M.
export function count(value) {
  if (!known(value)) return UNKNOWN;
  return Math.abs(value) < 100_000 ? whole.format(value) : short.format(value);
}

// [number, unit], which the tiles set apart.
export function durationParts(ms) {
  if (!known(ms)) return [UNKNOWN, ''];
  if (ms < 1000) return [String(Math.round(ms)), 'ms'];
  if (ms < 9_995) return [(ms / 1000).toFixed(2), 's'];
  if (ms < 99_950) return [(ms / 1000).toFixed(1), 's'];
  if (ms < 5_970_000) return [String(Math.round(ms / 60_000)), 'min'];
  return [(ms / 3_600_000).toFixed(1), 'h'];
}
export const duration = (ms) => durationParts(ms).join(' ').trim();

// Two decimals as the x-arbstr-cost-sats header has them; more where there is less than that to see.
export function sats(value) {
  if (!known(value)) return UNKNOWN;
  if (Math.abs(value) >= 100_000) return short.format(value);
  const digits = value !== 0 && Math.abs(value) < 0.1 ? 6 : 2;
  return new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: digits }).format(value);
}

// Rounded away from 0 % and 100 %, which are said only where they are so.
export function percent(part, all) {
  if (!known(part) || !known(all) || all === 0) return UNKNOWN;
  if (part === all || part === 0) return `${(100 * part) / all} %`;
  const rounded = Math.min(99.9, Math.max(0.1, Math.round((1000 * part) / all) / 10));
  return `${rounded.toFixed(1)} %`;
}

// [number, unit] of requests in `seconds`.
export function rateParts(requests, seconds) {
  if (!known(requests)) return [UNKNOWN, ''];
  const perSecond = requests / seconds;
  if (perSecond >= 10) return [count(Math.round(perSecond)), '/s'];
  if (perSecond >= 2) return [perSecond.toFixed(1), '/s'];
  return [count(Math.round(perSecond * 60)), '/min'];
}

const clock = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const minute = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const day = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short' });
const whenever = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'long', hourCycle: 'h23' });

export const timeOfDay = (time) => clock.format(time);
export const dayOf = (time) => day.format(time);
export const fullTime = (time) => whenever.format(time);
// Of a list's row: the day only where it is not that of `now`.
export const briefTime = (time, now) => (dayOf(time) === dayOf(now) ? timeOfDay(time) : `${dayOf(time)} ${timeOfDay(time)}`);
// Of a chart's column that is `step` ms wide.
export function columnTime(time, step) {
  if (step >= 86_400_000) return dayOf(time);
  return step >= 3_600_000 * 2 ? `${dayOf(time)} ${minute.format(time)}` : minute.format(time);
}

// What a datetime-local input holds, and back: local time to the second.
export function localInput(time) {
  const local = new Date(time - new Date(time).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
}
export function fromLocalInput(text) {
  const time = Date.parse(text);
  return text === '' || Number.isNaN(time) ? null : time;
}
