// One phone: a chat with the bot, its messages and what is written below them.

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { repeat } from '../vendor/lit-html/directives/repeat.js';
import { post } from './api.js';
import { bubble, quote, react } from './bubble.js';
import { composer, focusComposer } from './composer.js';
import { chatFile, save } from './copies.js';
import { icon } from './icons.js';
import { explain, look } from './inspector.js';
import { attempt, changed, key, linesOf, loadSettings, logOf, nameOf, now, older, state, threadOf } from './store.js';
import { day } from './text.js';

/** @typedef {import('./store.js').Chat} Chat */

/** The bubble that the keys are on, by chat. @type {Map<string, string>} */
const focused = new Map();

/** @param {any} line */
const why = (line) => explain(line.from === 'user' ? line.entry : line.message_id, state.exchanges.of(line)?.id);

/** Shows a bubble, and lets it be seen for a moment. @param {string} id */
export function flash(id) {
  state.flashed = id;
  document.querySelector(`[data-id="${CSS.escape(id)}"]`)?.scrollIntoView({ block: 'center' });
  setTimeout(() => { if (state.flashed === id) { state.flashed = ''; changed(); } }, 1600);
  changed();
}

/** Shows the bubble behind an exchange. @param {import('./exchanges.js').Exchange} exchange @returns {boolean} whether there is one */
export function point(exchange) {
  const { entry, id } = state.exchanges.bubbleOf(exchange);
  for (const chat of state.open) {
    const line = linesOf(chat).find((it) => (id ? it.id === id : it.entry === entry));
    if (line) { flash(line.id); return true; }
  }
  return false;
}

/** @param {Chat} chat */
function saveAsTest(chat) {
  const name = nameOf(chat);
  save(`${name.split(' ')[0].toLowerCase()}.chat`, chatFile(linesOf(chat), { number: chat.user, name }));
}

const jump = () => attempt(async () => { await post('/sim/clock', { advance: '25h' }); await loadSettings(); });

/** @param {Chat} chat */
function top(chat) {
  const types = (state.typing.get(key(chat)) ?? 0) > now();
  const listed = state.conversations.find((it) => key(it) === key(chat))?.window_seconds_left;
  const hasWritten = listed !== null && listed !== undefined;
  const left = Math.max(0, (listed ?? 0) - Math.max(0, now() - state.listedAt) / 1000);
  const says = types ? 'the bot is typing…' : !hasWritten ? 'has not written yet' : left > 0 ? `24-hour window: ${Math.floor(left / 3600)} h ${Math.floor((left % 3600) / 60)} min left` : '24-hour window closed';
  return html`<header class="top">
      <button type="button" class="icon back" aria-label="Back to the chats" @click=${() => { state.pane = 'chats'; changed(); }}>${icon('back', 20)}</button>
      <span class="face" aria-hidden="true">${nameOf(chat).slice(0, 1)}</span>
      <span class="who"><h2 dir="auto">${nameOf(chat)}</h2><small>${says}</small></span>
      <button type="button" class="wide" title="Put the clock forward by 25 hours, beyond the 24-hour window" @click=${jump}>A day later</button>
      <button type="button" title="Save this chat as a test" @click=${() => saveAsTest(chat)}>Save as test</button>
      ${state.open.length > 1 ? html`<button type="button" class="icon" aria-label=${`Close the chat of ${nameOf(chat)}`} @click=${() => { state.open = state.open.filter((it) => it !== chat); changed(); }}>${icon('close')}</button>` : nothing}</header>
    ${hasWritten && left <= 0 ? html`<p class="banner">The user wrote last more than 24 hours ago: free messages fail with 131047, templates get through.</p>` : nothing}`;
}

/** @param {Chat} chat */
function empty(chat) {
  return html`<div class="empty"><p>Nobody has written yet. You are ${nameOf(chat)}; write to the bot below.</p>
    ${state.settings?.has_webhook ? nothing : html`<p>The simulator has no webhook, so no bot hears you: set one under Phone, or start it with <code>--callback-url</code>.</p>`}</div>`;
}

/** @param {any} line @param {any} before */
function daysBetween(line, before) {
  const today = day(line.at);
  return !before || day(before.at) !== today ? html`<p class="day"><span>${today}</span></p>` : nothing;
}

/** @param {Chat} chat */
export function conversation(chat) {
  const log = logOf(chat);
  const thread = threadOf(chat);
  const { said } = thread;
  const drawn = said.slice(-log.shown);
  const known = drawn.some((it) => it.id === focused.get(key(chat)));
  const at = known ? focused.get(key(chat)) : drawn.at(-1)?.id;
  const types = (state.typing.get(key(chat)) ?? 0) > now();
  /** @param {string} id */
  const find = (id) => {
    const found = thread.byId.get(id);
    if (!found) return;
    log.shown = Math.max(log.shown, said.length - said.indexOf(found));
    changed();
    requestAnimationFrame(() => requestAnimationFrame(() => flash(found.id)));
  };
  return html`<section class="phone" aria-label=${`Chat of ${nameOf(chat)}`}>
    ${top(chat)}
    <div class="log" role="log" aria-live="off" aria-label="Messages" data-chat=${key(chat)} @keydown=${(/** @type {KeyboardEvent} */ event) => keys(event, chat, drawn)}
      @focusin=${(/** @type {any} */ event) => {
    const id = event.target.closest?.('[data-id]')?.dataset.id;
    if (id && id !== focused.get(key(chat))) { focused.set(key(chat), id); changed(); }
  }}>
      ${said.length > drawn.length || !log.isWhole ? html`<p class="center"><button type="button" @click=${() => attempt(() => older(chat))}>Older messages</button></p>` : nothing}
      ${log.isLoaded && !said.length ? empty(chat) : nothing}
      ${log.isLoaded ? nothing : html`<p class="skeleton" role="img" aria-label="Loading"></p>`}
      ${repeat(drawn, (it) => it.id, (line, index) => html`${daysBetween(line, drawn[index - 1])}${bubble({
    chat, line, thread, isFirst: drawn[index - 1]?.from !== line.from, isFocused: line.id === at, look, why, find,
  })}`)}
      ${types ? html`<p class="dots" role="img" aria-label="The bot is typing"><i></i><i></i><i></i></p>` : nothing}
    </div>
    ${composer(chat)}
  </section>`;
}

/** @param {KeyboardEvent} event @param {Chat} chat @param {any[]} drawn */
function keys(event, chat, drawn) {
  const target = /** @type {HTMLElement} */ (event.target);
  const own = target.closest('article');
  if (event.key === 'Escape') { focusComposer(chat); return; }
  if (!own || event.ctrlKey || event.metaKey || event.altKey) return;
  const index = drawn.findIndex((it) => it.id === own.dataset.id);
  const to = { ArrowUp: index - 1, ArrowDown: index + 1, Home: 0, End: drawn.length - 1 }[event.key];
  if (to !== undefined && drawn[to]) {
    event.preventDefault();
    /** @type {HTMLElement | null} */ (document.querySelector(`[data-chat="${CSS.escape(key(chat))}"] [data-id="${CSS.escape(drawn[to].id)}"]`))?.focus();
    return;
  }
  if (target !== own) return;
  const line = drawn[index];
  if (event.key === 'Enter') {
    event.preventDefault();
    /** @type {HTMLElement | null} */ (own.querySelector('.taps button:not([aria-disabled]), .tools button'))?.focus();
  }
  if (!state.hasKeys) return;
  switch (event.key.toLowerCase()) {
    case 'r': event.preventDefault(); quote(chat, line); break;
    case 'e': if (line.from === 'business') void react(chat, line, '👍'); break;
    case 'w': void why(line); break;
    case 'j': look(line); break;
    default:
  }
}
