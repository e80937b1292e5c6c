// The gateway's JSON routes. Every failure is one of three kinds, which the page answers differently.
const PATIENCE_MS = 20_000;

export class Unauthorized extends Error {}
export class Unreachable extends Error {}

// The gateway answered with an error: `status`, `code` and the time it asks to wait, in ms.
export class Refused extends Error {
  constructor(status, body, retryAfter) {
    super(typeof body?.error?.message === 'string' ? body.error.message : `The gateway answered with ${status}.`);
    this.status = status;
    this.code = body?.error?.code ?? null;
    this.retryAfterMs = Number.isFinite(retryAfter) ? retryAfter * 1000 : 0;
  }
}

// A field's value goes out as bytes, each as a character: the token's UTF-8.
function asFieldValue(token) {
  return String.fromCharCode(...new TextEncoder().encode(`Bearer ${token}`));
}

async function bodyOf(response) {
  try {
    return await response.json();
  } catch {
    return null;
  }
}

// Combines a caller's signal with the longest that an answer may take.
function bounded(signal) {
  const controller = new AbortController();
  const stop = () => controller.abort();
  const timer = setTimeout(stop, PATIENCE_MS);
  signal?.addEventListener('abort', stop);
  if (signal?.aborted) stop();
  return {
    signal: controller.signal,
    done() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    },
  };
}

export class Api {
  // `readToken`: what to authorize with now, or null.
  constructor(readToken) {
    this.readToken = readToken;
  }

  // `path` is relative, so that the page works under any prefix. An abort by `signal` throws an AbortError. An answer
  // of a status in `also` counts as one as well.
  async get(path, parameters = {}, { signal, also = [] } = {}) {
    const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== '' && value !== null && value !== undefined));
    const token = this.readToken();
    const limit = bounded(signal);
    try {
      const response = await fetch(`${query}` === '' ? path : `${path}?${query}`, {
        headers: token ? { Authorization: asFieldValue(token) } : {},
        cache: 'no-store',
        credentials: 'omit',
        redirect: 'error',
        signal: limit.signal,
      });
      const body = await bodyOf(response);
      if (response.status === 401) throw new Unauthorized(body?.error?.message ?? 'The gateway wants a token.');
      if (body !== null && (response.ok || also.includes(response.status))) return body;
      throw new Refused(response.status, body, Number.parseFloat(response.headers.get('retry-after') ?? ''));
    } catch (error) {
      if (error instanceof Unauthorized || error instanceof Refused) throw error;
      if (signal?.aborted) throw new DOMException('superseded', 'AbortError');
      throw new Unreachable(limit.signal.aborted ? `No answer within ${PATIENCE_MS / 1000} s.` : 'The gateway cannot be reached.');
    } finally {
      limit.done();
    }
  }
}
