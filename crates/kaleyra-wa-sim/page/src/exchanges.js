// From the journal's entries to exchanges: a request with its response, a callback with its attempts.

/** @typedef {Record<string, any> & {number: number, what: string, at: string, cause?: number}} Entry */
/**
 * @typedef {object} Exchange
 * @property {number} id the number of the entry that began it
 * @property {'request' | 'callback' | 'note'} kind
 * @property {Entry} first
 * @property {Entry[]} rest what followed from it, in order
 * @property {string} user
 */

const KEPT = 5000;

export class Exchanges {
  constructor() {
    /** @type {Map<number, Exchange>} */
    this.all = new Map();
    /** The exchange that an entry belongs to. @type {Map<number, number>} */
    this.roots = new Map();
    /** The callback that an entry caused. @type {Map<number, number>} */
    this.callbacks = new Map();
    this.newest = 0;
    /** The attempt that was made last. @type {Entry | null} */
    this.lastAttempt = null;
    /** The user's message that an accepted message answers, by its entry. @type {Map<number, string>} */
    this.answers = new Map();
  }

  /** @param {Entry} entry */
  add(entry) {
    if (entry.number <= this.newest) return;
    this.newest = entry.number;
    if (entry.what === 'attempt') this.lastAttempt = entry;
    const root = entry.cause === undefined ? undefined : this.roots.get(entry.cause);
    if (entry.what === 'request' || entry.what === 'callback') {
      this.begin(entry.what, entry);
      if (entry.what === 'callback' && entry.cause !== undefined) this.callbacks.set(entry.cause, entry.number);
    } else if (root !== undefined) {
      const exchange = this.all.get(root);
      if (!exchange) return;
      exchange.rest.push(entry);
      exchange.user ||= entry.user ?? '';
      this.roots.set(entry.number, root);
    } else if (entry.what !== 'user_wrote') {
      this.begin('note', entry);
    }
    if (this.all.size > KEPT) {
      const [oldest] = this.all.values();
      if (oldest) this.forget(oldest);
    }
  }

  /** @param {Exchange} exchange */
  forget({ id, kind, first, rest }) {
    this.all.delete(id);
    for (const entry of [first, ...rest]) {
      this.roots.delete(entry.number);
      this.answers.delete(entry.number);
    }
    if (kind === 'callback' && first.cause !== undefined) this.callbacks.delete(first.cause);
  }

  /** @param {Exchange['kind']} kind @param {Entry} first */
  begin(kind, first) {
    this.all.set(first.number, { id: first.number, kind, first, rest: [], user: first.user ?? '' });
    this.roots.set(first.number, first.number);
  }

  /** The exchange behind a line of a conversation. @param {any} line */
  of(line) {
    const id = line.from === 'user' ? this.callbacks.get(line.entry) : this.roots.get(line.entry);
    return id === undefined ? undefined : this.all.get(id);
  }

  /** The exchanges that it follows from. @param {Exchange} exchange @returns {Exchange[]} */
  causesOf({ kind, first, rest }) {
    const root = first.cause === undefined ? undefined : this.roots.get(first.cause);
    const answered = kind === 'request' ? this.answeredBy({ rest }) : undefined;
    const callback = answered === undefined ? undefined : [...this.all.values()].find((it) => it.kind === 'callback' && it.first.message_id === answered);
    return [root === undefined ? undefined : this.all.get(root), callback].filter((it) => it !== undefined);
  }

  /** The user's message that a request answers. @param {Pick<Exchange, 'rest'>} request */
  answeredBy({ rest }) {
    const accepted = rest.find((it) => it.what === 'accepted');
    return accepted === undefined ? undefined : this.answers.get(accepted.number);
  }

  /** The exchanges that follow from it. @param {Exchange} exchange @returns {Exchange[]} */
  effectsOf(exchange) {
    const { id, kind, first } = exchange;
    return [...this.all.values()].filter((it) => it.id !== id && (
      (it.first.cause !== undefined && this.roots.get(it.first.cause) === id)
      || (kind === 'callback' && it.kind === 'request' && first.message_id && this.answeredBy(it) === first.message_id)));
  }

  /** @param {Exchange} exchange @returns {{entry?: number, id?: string}} what tells its bubble */
  bubbleOf(exchange) {
    if (exchange.kind === 'request') {
      return { entry: exchange.rest.find((it) => it.what === 'accepted')?.number };
    }
    return { entry: exchange.first.cause, id: exchange.first.message_id ?? undefined };
  }
}

/** What is searched, by exchange; it grows as long as more follows. @type {WeakMap<Exchange, {length: number, text: string}>} */
const texts = new WeakMap();

/** Everything in an exchange as one text in lower case, with bodies as they came and as they read. @param {Exchange} exchange */
export function textOf(exchange) {
  const known = texts.get(exchange);
  if (known?.length === exchange.rest.length) return known.text;
  const read = [exchange.first, ...exchange.rest].map((entry) => {
    try { return JSON.stringify(JSON.parse(entry.body)); } catch { return ''; }
  });
  const text = (JSON.stringify([exchange.first, exchange.rest]) + read.join(' ')).toLowerCase();
  texts.set(exchange, { length: exchange.rest.length, text });
  return text;
}

/** What an exchange came to, in a few words. @param {Exchange} exchange */
export function summary(exchange) {
  const { first, rest } = exchange;
  /** @param {string} what */
  const find = (what) => rest.findLast((it) => it.what === what);
  const faults = rest.filter((it) => it.what === 'fault_hit').map((it) => it.rule);
  if (exchange.kind === 'request') {
    const response = find('answer');
    const accepted = find('accepted');
    const rejected = find('rejected');
    const name = (first.path.split('?')[0].split('/').pop() ?? '');
    const message = accepted?.message?.request?.messaging_object;
    const detail = rejected?.why ?? (message ? message.type ?? (message.status ? 'read receipt' : 'text') : '');
    return { title: `${first.method} ${name}`, detail, status: response ? String(response.status ?? 'closed') : '…', bad: !!rejected || (response && !(response.status < 400)), ms: response?.ms, faults };
  }
  if (exchange.kind === 'callback') {
    const attempts = rest.filter((it) => it.what === 'attempt');
    const failed = find('callback_failed');
    const posted = find('callback_posted');
    const last = attempts.at(-1);
    const status = posted ? String(posted.status) : failed ? 'failed' : last ? String(last.status ?? 'retry') : '…';
    const tries = attempts.length > 1 ? ` × ${attempts.length}` : '';
    return { title: `${first.kind === 'status' ? 'status' : first.kind}${tries}`, detail: failed?.why ?? first.event, status, bad: !!failed || (posted && posted.status >= 300), ms: last?.ms, faults };
  }
  const detail = first.change ?? first.why ?? first.thing ?? '';
  return { title: first.what.replaceAll('_', ' '), detail, status: first.status ? String(first.status) : '', bad: first.what === 'rejected', ms: undefined, faults };
}

/**
 * How far a user's message came: whether the webhook has taken it and the bot read it.
 * @param {any} line @param {Exchange | undefined} exchange
 */
export function tick(line, exchange) {
  if (line.read) return { name: 'read', says: 'read by the bot' };
  // Older than what the page keeps.
  if (!exchange) return { name: 'taken', says: 'taken by the webhook' };
  const end = exchange.rest.findLast((it) => it.what === 'callback_posted' || it.what === 'callback_failed');
  if (end?.what === 'callback_posted' && end.status < 300) return { name: 'taken', says: 'taken by the webhook' };
  if (end) return { name: 'failed', says: end.why ?? `the webhook responded ${end.status}` };
  const last = exchange.rest.findLast((it) => it.what === 'attempt');
  if (last) return { name: 'waiting', says: `tried ${last.attempt} times: ${last.why ?? `the webhook responded ${last.status}`}` };
  return { name: 'sent', says: 'left the phone' };
}
