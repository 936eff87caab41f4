// What the page knows, and how it stays up to date: lists by request, the journal by server-sent events.

import { get } from './api.js';
import { Exchanges } from './exchanges.js';
import { Thread } from './thread.js';
import { brief } from './text.js';

/** @typedef {{business: string, user: string}} Chat */
/** @typedef {{lines: Map<string, any>, shown: number, isWhole: boolean, isLoaded?: boolean, draft: string, quote: any, thread: Thread | null}} Log */

/** How many bubbles are drawn at first, and how many more at a time. */
export const DRAWN = 200;
const EVENTS = ['request', 'answer', 'accepted', 'uploaded', 'blocked', 'unblocked', 'read', 'key_leaked', 'rejected', 'unanswered', 'marked_read',
  'user_wrote', 'phone', 'status', 'callback', 'attempt', 'callback_posted', 'callback_failed', 'fault_hit', 'changed', 'managed'];

export const state = {
  /** @type {any} */ settings: null,
  /** @type {any} */ clock: null,
  /** @type {any[]} */ users: [],
  /** @type {any[]} */ conversations: [],
  /** When those were loaded, by the simulator's clock. */ listedAt: 0,
  /** @type {any} */ faults: { rules: [], presets: [] },
  /** The conversations beside each other. @type {Chat[]} */ open: [],
  /** @type {Map<string, Log>} */ logs: new Map(),
  exchanges: new Exchanges(),
  /** The exchange that is looked at. @type {number | null} */ selected: null,
  /** @type {any} */ why: null,
  /** The message that was pointed at from an exchange. */ flashed: '',
  /** Until when the bot types, by the simulator's clock. @type {Map<string, number>} */ typing: new Map(),
  /** Whether the stream of events has broken off. */ isLost: false,
  isLoaded: false,
  /** @type {any} */ sheet: null,
  /** `chats`, `chat` or `side`: what a narrow window shows. */ pane: 'chat',
  tab: 'wire',
  filter: '',
  announced: '',
  notice: '',
  showsStatuses: localStorage.getItem('statuses') !== 'off',
  hasKeys: localStorage.getItem('keys') !== 'off',
};

/** @type {() => void} */
let draw = () => {};
let isDue = false;

/** Draws the page soon, once for whatever has changed until then. */
export function changed() {
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(() => { isDue = false; draw(); });
}

/** @param {Chat} chat */
export const key = (chat) => `${chat.business}/${chat.user}`;

/** @param {Chat} chat @returns {Log} */
export function logOf(chat) {
  let log = state.logs.get(key(chat));
  if (!log) {
    log = { lines: new Map(), shown: DRAWN, isWhole: false, draft: '', quote: null, thread: null };
    state.logs.set(key(chat), log);
  }
  return log;
}

/** What was said, sorted out. @param {Chat} chat @returns {Thread} */
export function threadOf(chat) {
  const log = logOf(chat);
  log.thread ??= new Thread([...log.lines.values()]);
  return log.thread;
}

/** A user's lines, oldest first. @param {Chat} chat */
export const linesOf = (chat) => threadOf(chat).lines;

/** @param {Chat} chat */
export const nameOf = (chat) => state.users.find((it) => it.number === chat.user)?.name ?? 'Asha Example';

/** How many lines each chat had when it was last looked at. @type {Map<string, number>} */
const seen = new Map();

/** How many lines of a chat were not seen yet. @param {any} chat */
export const unread = (chat) => Math.max(0, (chat.lines ?? 0) - (seen.get(key(chat)) ?? chat.lines ?? 0));

function see() {
  const isFirst = seen.size === 0;
  for (const chat of state.conversations) {
    const isOpen = state.open.some((it) => key(it) === key(chat));
    if (isOpen || isFirst) seen.set(key(chat), chat.lines);
    else if (!seen.has(key(chat))) seen.set(key(chat), 0);
  }
}

/** @param {string} text said to who can't see the page */
export function announce(text) {
  state.announced = text;
  changed();
  setTimeout(() => { if (state.announced === text) { state.announced = ''; changed(); } }, 1500);
}

/** Says what went wrong. @param {unknown} error */
export function complain(error) {
  state.notice = error instanceof Error ? error.message : String(error);
  announce(state.notice);
}

/** Says that something was done; it is forgotten soon. @param {string} text */
export function tell(text) {
  complain(text);
  setTimeout(() => { if (state.notice === text) { state.notice = ''; changed(); } }, 3000);
}

/** Runs it, and says so where it fails. @param {() => Promise<unknown>} deed */
export async function attempt(deed) {
  try { state.notice = ''; await deed(); } catch (error) { complain(error); }
  changed();
}

/** @param {Chat} chat */
const path = (chat) => `/sim/conversations/${encodeURIComponent(chat.user)}?business=${encodeURIComponent(chat.business)}&limit=${DRAWN}`;

/** The newest lines of a conversation. @param {Chat} chat */
export async function refresh(chat) {
  const log = logOf(chat);
  const lines = await get(path(chat));
  // More came than is fetched at once: what was before it is loaded on demand, as at first.
  const isBehind = lines.length === DRAWN && !lines.some((/** @type {any} */ line) => log.lines.has(line.id));
  if (isBehind) { log.lines.clear(); log.isWhole = false; }
  for (const line of lines) {
    if (!log.lines.has(line.id) && log.isLoaded && !isBehind && line.from === 'business') announce(said(line));
    log.lines.set(line.id, line);
    if (line.answers) state.exchanges.answers.set(line.entry, line.answers);
  }
  log.thread = null;
  log.isWhole ||= lines.length < DRAWN;
  log.isLoaded = true;
}

/** @param {any} line */
function said(line) {
  const taps = line.taps?.length ? `. ${line.taps.length} to tap` : '';
  return `Bot: ${brief(line)}${taps}`;
}

/** Those before the oldest that is known. @param {Chat} chat */
export async function older(chat) {
  const log = logOf(chat);
  const first = linesOf(chat)[0]?.id;
  log.shown += DRAWN;
  if (log.shown > log.lines.size && first && !log.isWhole) {
    const lines = await get(`${path(chat)}&before=${encodeURIComponent(first)}`);
    log.lines = new Map([...lines.map((/** @type {any} */ line) => [line.id, line]), ...log.lines]);
    log.thread = null;
    log.isWhole = lines.length < DRAWN;
  }
}

/** @param {Chat} chat @param {boolean} [isBeside] */
export async function open(chat, isBeside = false) {
  const others = state.open.filter((it) => key(it) !== key(chat));
  state.open = isBeside ? [...others.slice(-1), chat] : [chat];
  state.pane = 'chat';
  changed();
  await attempt(() => refresh(chat));
  see();
}

/** What is refreshed together, and no more often than it comes back. */
const due = { lists: false, settings: false, /** @type {Set<string>} */ chats: new Set(), isRunning: false };

async function catchUp() {
  if (due.isRunning) return;
  due.isRunning = true;
  try {
    while (due.lists || due.settings || due.chats.size) {
      const chats = state.open.filter((chat) => due.chats.has(key(chat)));
      const { lists, settings } = due;
      due.lists = due.settings = false;
      due.chats.clear();
      await Promise.all([...chats.map(refresh), lists && loadLists(), settings && loadSettings()]);
      changed();
      await new Promise((done) => setTimeout(done, 60));
    }
  } catch (error) {
    complain(error);
    // Whatever it was: what was not loaded is loaded a little later.
    Object.assign(due, { lists: true, settings: true });
    for (const chat of state.open) due.chats.add(key(chat));
    setTimeout(() => { due.isRunning = false; void catchUp(); }, 1000);
    return;
  }
  due.isRunning = false;
}

async function loadLists() {
  [state.conversations, state.users] = await Promise.all([get('/sim/conversations'), get('/sim/users')]);
  state.listedAt = now();
  see();
}

export async function loadSettings() {
  [state.settings, state.clock, state.faults] = await Promise.all([get('/sim/settings'), get('/sim/clock'), get('/sim/faults')]);
  state.clock.seen = performance.now();
}

/** Changes a setting, and shows what is set then. @param {() => Promise<unknown>} deed */
export const set = (deed) => attempt(async () => { await deed(); await loadSettings(); });

/** What a form holds, by name. @param {SubmitEvent} event */
export function submitted(event) {
  event.preventDefault();
  return Object.fromEntries(new FormData(/** @type {HTMLFormElement} */ (event.target)));
}

/** What time it is in the simulator, in milliseconds. */
export function now() {
  if (!state.clock) return Date.now();
  return Date.parse(state.clock.now) + (performance.now() - state.clock.seen) * state.clock.speed;
}

/** @param {any} entry */
function take(entry) {
  state.exchanges.add(entry);
  if (entry.user) due.chats.add(`${entry.business}/${entry.user}`);
  if (['user_wrote', 'accepted', 'phone', 'marked_read', 'changed'].includes(entry.what)) due.lists = true;
  if (['changed', 'fault_hit', 'phone'].includes(entry.what)) due.settings = true;
  if (entry.what === 'marked_read') {
    for (const chat of state.open) {
      due.chats.add(key(chat));
      const isHere = [...logOf(chat).lines.values()].some((line) => line.id === entry.message_id);
      if (entry.typing && isHere) state.typing.set(key(chat), Date.parse(entry.at) + 25_000);
    }
  }
  if (entry.what === 'accepted') state.typing.delete(`${entry.business}/${entry.user}`);
  if (entry.what === 'changed' && /^state\b/.test(entry.change ?? '')) forget();
  changed();
  void catchUp();
}

/** The state has been replaced: nothing that was said before is there any more. */
function forget() {
  for (const log of state.logs.values()) { log.lines.clear(); log.thread = null; log.isWhole = false; }
  for (const chat of state.open) due.chats.add(key(chat));
  seen.clear();
}

/** A simulator that was started anew counts from 1 again: what the page knows is of another one. */
async function check() {
  const known = state.exchanges.newest;
  const { newest_entry: newest } = await get('/sim/settings');
  if (newest < known) location.reload();
}

/** @type {EventSource | null} */
let source = null;

function connect() {
  if (source || document.hidden) return;
  source = new EventSource(`/sim/log?from=${state.exchanges.newest + 1}`);
  source.onopen = () => {
    if (state.isLost) state.notice = '';
    state.isLost = false;
    // What it missed while nobody listened is in the stream, but for a simulator that was started anew.
    check().catch(complain);
    due.lists = due.settings = true;
    changed();
    void catchUp();
  };
  source.onerror = () => {
    state.isLost = true;
    changed();
    // A browser tries again by itself, unless what came was no stream.
    if (source?.readyState === EventSource.CLOSED) { disconnect(); setTimeout(connect, 1000); }
  };
  for (const name of EVENTS) source.addEventListener(name, (event) => take(JSON.parse(event.data)));
}

function disconnect() {
  source?.close();
  source = null;
}

/** Loads everything, then follows the journal. @param {() => void} drawPage */
export async function start(drawPage) {
  draw = drawPage;
  await attempt(async () => {
    const [entries] = await Promise.all([get('/sim/log'), loadLists(), loadSettings()]);
    for (const entry of entries) state.exchanges.add(entry);
    const newest = state.conversations.toSorted((a, b) => (b.last?.entry ?? 0) - (a.last?.entry ?? 0))[0];
    const business = state.settings.accounts[0].numbers[0].replace('+', '');
    await open(newest ?? { business, user: '919800000001' });
  });
  state.isLoaded = true;
  changed();
  connect();
  // A browser opens six connections to a host, whatever the number of tabs: a hidden one gives its own back.
  document.addEventListener('visibilitychange', () => (document.hidden ? disconnect() : connect()));
  setInterval(changed, 1000);
}
