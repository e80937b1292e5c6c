// What to type where nothing has been asked yet.
import { element } from './element.mjs';

// In a shell's single quotes, whatever it holds.
export const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

export function firstRequest(base, model, withToken) {
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }] });
  return [
    `curl ${quoted(`${base}v1/chat/completions`)} \\`,
    ...(withToken ? ['  -H "Authorization: Bearer $ARBSTR_TOKEN" \\'] : []),
    "  -H 'Content-Type: application/json' \\",
    `  -d ${quoted(body)}`,
  ].join('\n');
}

export function invitation(model, withToken) {
  const base = new URL('.', document.baseURI).href;
  return [
    element('h3', { text: 'No request in this range' }),
    element('p', { class: 'quiet', text: 'Each chat request leaves a row here as soon as it is answered. Try one:' }),
    element('pre', { tabindex: 0, 'aria-label': 'A first request' }, element('code', { text: firstRequest(base, model, withToken) })),
  ];
}
