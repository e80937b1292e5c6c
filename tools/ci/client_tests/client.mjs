// OpenAI's client, pointed at the gateway the way its documentation says: a base URL and a key.
import OpenAI from 'openai';

// `sent.count`: HTTP requests the client has made, its own retries included.
export function clientOf(arbstr, options = {}) {
  const sent = { count: 0 };
  const client = new OpenAI({
    baseURL: `${arbstr.url}/v1`,
    apiKey: 'gateway-token',
    fetch: (url, init) => {
      sent.count += 1;
      return fetch(url, init);
    },
    ...options,
  });
  return { client, sent };
}

export const hello = [{ role: 'user', content: 'Hello' }];

// The error a call ended with; fails when it did not.
export async function failureOf(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('the call succeeded');
}
