// Requests to the simulator's own endpoints.

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body] JSON; a Blob goes as it is
 * @returns {Promise<any>} what was responded; throws an Error that says what is wrong
 */
export async function call(method, path, body) {
  const isFile = body instanceof Blob;
  /** @type {RequestInit} */
  const init = { method, headers: { accept: 'application/json' } };
  if (body !== undefined) {
    init.body = isFile ? body : JSON.stringify(body);
    init.headers = { ...init.headers, 'content-type': isFile ? body.type || 'application/octet-stream' : 'application/json' };
  }
  const response = await fetch(path, init);
  const text = await response.text();
  /** @type {any} */
  let json = null;
  try { json = JSON.parse(text); } catch { /* Said below. */ }
  if (!response.ok) throw Object.assign(new Error(json?.message ?? `the simulator responded ${response.status}`), { status: response.status });
  return json;
}

/** @param {string} path */
export const get = (path) => call('GET', path);
/** @param {string} path @param {unknown} [body] */
export const post = (path, body = {}) => call('POST', path, body);

/**
 * The path of a conversation's endpoint.
 * @param {{user: string, business: string}} chat
 * @param {string} [what]
 */
export function userPath(chat, what) {
  const path = `/sim/users/${encodeURIComponent(chat.user)}${what ? `/${what}` : ''}`;
  return `${path}?business=${encodeURIComponent(chat.business)}`;
}

/**
 * Lets the user write. A webhook that refuses it is told by the ticks, so it is no error here.
 * @param {{user: string, business: string}} chat
 * @param {string} what @param {unknown} body @param {Record<string, string>} [more]
 */
export async function write(chat, what, body, more = {}) {
  const query = Object.entries(more).map(([name, value]) => `&${name}=${encodeURIComponent(value)}`).join('');
  try {
    await call('POST', userPath(chat, what) + query, body);
  } catch (error) {
    if (!(error instanceof Error && 'status' in error && error.status === 502)) throw error;
  }
}
