// The page: chats, one or two phones, and what is beside them.

import { html, nothing, render, svg } from '../vendor/lit-html/lit-html.js';
import { repeat } from '../vendor/lit-html/directives/repeat.js';
import { live } from '../vendor/lit-html/directives/live.js';
import { call, post, userPath, write } from './api.js';
import { bubble, react } from './bubble.js';
import { chatFile, save } from './copies.js';
import { explain, wire } from './inspector.js';
import { clock, faults, phone } from './panel.js';
import { contactSheet, locationSheet, otherSheet, show } from './sheets.js';
import { announce, attempt, changed, complain, key, linesOf, logOf, now, older, open, start, state } from './store.js';
import { brief, time } from './text.js';

/** @typedef {import('./store.js').Chat} Chat */

/** Drawn, since a font may not have it. @param {string} path */
const icon = (path) => html`<svg class="drawn" viewBox="0 0 16 16" width="20" height="20" aria-hidden="true">${svg`<path d=${path}></path>`}</svg>`;

/** The bubble that the keys move. @type {Map<string, number>} */
const focused = new Map();

/** @param {Chat} chat */
const nameOf = (chat) => state.users.find((it) => it.number === chat.user)?.name ?? 'Asha Example';

/** @param {any} line opens the exchange behind a bubble */
function look(line) {
  const exchange = state.exchanges.of(line);
  if (!exchange) return complain('That exchange is older than what the page keeps.');
  state.selected = exchange.id;
  state.why = null;
  state.tab = 'wire';
  state.pane = 'side';
  document.body.classList.add('with-side');
  changed();
  return undefined;
}

/** @param {any} line */
const why = (line) => explain(line.from === 'user' ? line.entry : line.message_id, state.exchanges.of(line)?.id);

/** Shows the bubble behind an exchange. @param {import('./exchanges.js').Exchange} exchange */
function point(exchange) {
  const { entry, id } = state.exchanges.bubbleOf(exchange);
  for (const chat of state.open) {
    const line = linesOf(chat).find((it) => it.entry === entry || (id && it.id === id));
    if (line) flash(line.entry);
  }
}

/** @param {number} entry */
function flash(entry) {
  state.flashed = entry;
  document.querySelector(`[data-entry="${entry}"]`)?.scrollIntoView({ block: 'center' });
  setTimeout(() => { if (state.flashed === entry) { state.flashed = 0; changed(); } }, 1600);
  changed();
}

/** @param {any} line @returns {string} */
function rowText(line) {
  if (!line) return 'Nobody has written yet';
  return `${line.from === 'user' ? 'You' : 'Bot'}: ${brief(line)}`;
}

function chats() {
  /** @type {Map<string, any>} */
  const known = new Map(state.conversations.map((it) => [key(it), it]));
  for (const chat of state.open) if (!known.has(key(chat))) known.set(key(chat), chat);
  const all = [...known.values()].sort((a, b) => (b.last?.entry ?? Infinity) - (a.last?.entry ?? Infinity));
  return html`<nav class="chats" aria-label="Chats"><header><h2>Phones</h2><button type="button" @click=${newUser}>New user</button></header>
    <ul>${repeat(all, key, (/** @type {any} */ chat) => html`<li class=${state.open.some((it) => key(it) === key(chat)) ? 'open' : ''}>
      <button type="button" class="chat" aria-current=${state.open.some((it) => key(it) === key(chat)) ? 'true' : nothing} @click=${() => open(chat)}>
        <span class="face" aria-hidden="true">${nameOf(chat).slice(0, 1)}</span><span class="who"><strong dir="auto">${nameOf(chat)}</strong><small>+${chat.user}</small><span class="last" dir="auto">${rowText(chat.last)}</span></span></button>
      <button type="button" class="icon" aria-label=${`Show ${nameOf(chat)} beside`} title="Show beside" @click=${() => open(chat, true)}>${icon('M5 3h8v8M3 5h8v8H3z')}</button></li>`)}</ul></nav>`;
}

function newUser() {
  const number = `9198000000${String(state.users.length + 2).padStart(2, '0')}`;
  show({
    title: 'New user', action: 'Take the phone',
    body: html`<label>Name<input name="name" required value="Ravi Example"></label><label>Number<input name="number" required pattern="\\+?[0-9]{5,15}" .value=${`+${number}`}></label>`,
    done: async (form) => {
      const business = state.open[0]?.business ?? state.settings.accounts[0].numbers[0].replace('+', '');
      const chat = { business, user: String(form.get('number')).replace('+', '') };
      const user = await call('PATCH', userPath(chat), { name: form.get('name') });
      state.users = [...state.users.filter((it) => it.number !== user.number), user];
      await open(chat);
    },
  });
}

/** @param {Chat} chat */
function conversation(chat) {
  const log = logOf(chat);
  const lines = linesOf(chat);
  const marks = lines.filter((it) => ['reaction', 'edit', 'revoke'].includes(it.type));
  const said = lines.filter((it) => !['reaction', 'edit', 'revoke'].includes(it.type));
  const drawn = said.slice(-log.shown);
  const at = focused.get(key(chat)) ?? drawn.at(-1)?.entry;
  /** @param {any} line */
  const reactionsOn = (line) => {
    const last = new Map(marks.filter((it) => it.type === 'reaction' && it.content?.message_id === line.id).map((it) => [it.from, it.content?.emoji]));
    return [...last.values()].filter(Boolean);
  };
  /** @param {string} type @param {any} line */
  const mark = (type, line) => marks.findLast((it) => it.type === type && it.content?.original_message_id === line.id);
  const types = (state.typing.get(key(chat)) ?? 0) > now();
  const left = state.conversations.find((it) => key(it) === key(chat))?.window_seconds_left;
  return html`<section class="phone" aria-label=${`Chat of ${nameOf(chat)}`}>
    <header class="top"><button type="button" class="icon back" aria-label="Back to the chats" @click=${() => { state.pane = 'chats'; changed(); }}>‹</button>
      <span class="who"><h2 dir="auto">${nameOf(chat)}</h2><small>${types ? 'the bot is typing…' : left === null || left === undefined ? 'has not written yet' : left > 0 ? `24-hour window: ${Math.floor(left / 3600)} h ${Math.floor(left % 3600 / 60)} min left` : '24-hour window closed: templates only'}</small></span>
      <button type="button" title="Save this chat as a test" @click=${() => save(`${nameOf(chat).split(' ')[0].toLowerCase()}.chat`, chatFile(linesOf(chat), { number: chat.user, name: nameOf(chat) }))}>Save as test</button>
      ${state.open.length > 1 ? html`<button type="button" class="icon" aria-label=${`Close the chat of ${nameOf(chat)}`} @click=${() => { state.open = state.open.filter((it) => it !== chat); changed(); }}>✕</button>` : nothing}</header>
    <div class="log" role="log" aria-live="off" aria-label="Messages" data-chat=${key(chat)} @keydown=${(/** @type {KeyboardEvent} */ event) => keys(event, chat, drawn)} @focusin=${(/** @type {any} */ event) => {
    const entry = Number(event.target.closest?.('[data-entry]')?.dataset.entry);
    if (entry && entry !== focused.get(key(chat))) { focused.set(key(chat), entry); changed(); }
  }}>
      ${said.length > drawn.length || !log.isWhole ? html`<p class="center"><button type="button" @click=${() => attempt(() => older(chat))}>Older messages</button></p>` : nothing}
      ${log.isLoaded && !said.length ? html`<div class="empty"><p>Nobody has written yet. You are ${nameOf(chat)}; write to the bot below.</p>
        ${state.settings?.has_webhook ? nothing : html`<p>The simulator has no webhook, so no bot hears you: set one under Phone, or start it with <code>--callback-url</code>.</p>`}</div>` : nothing}
      ${log.isLoaded ? nothing : html`<p class="skeleton" aria-label="Loading"></p>`}
      ${repeat(drawn, (it) => it.entry, (line, index) => bubble({
    chat, line, lines, reactions: reactionsOn(line), edit: mark('edit', line), isDeleted: !!mark('revoke', line),
    isFirst: drawn[index - 1]?.from !== line.from, isFocused: line.entry === at, look, why,
    find: (id) => { const found = said.find((it) => it.id === id); if (found) flash(found.entry); },
  }))}
    </div>
    ${log.quote ? html`<p class="quoting"><span>${brief(log.quote)}</span><button type="button" class="icon" aria-label="Quote nothing" @click=${() => { log.quote = null; changed(); }}>✕</button></p>` : nothing}
    ${composer(chat)}
  </section>`;
}

/** @param {Chat} chat */
function composer(chat) {
  const log = logOf(chat);
  const id = `write-${chat.user}`;
  const send = () => {
    const body = log.draft.trim();
    if (!body) return;
    const message = log.quote?.message_id ?? log.quote?.id;
    log.draft = '';
    log.quote = null;
    stick.add(key(chat));
    void attempt(() => write(chat, 'text', { body, message }));
  };
  return html`<form class="composer" @submit=${(/** @type {Event} */ event) => { event.preventDefault(); send(); }}>
    <details class="more"><summary aria-label="Attach">${icon('M8 3v10M3 8h10')}</summary><div class="menu">
      <label class="button">Photo or file<input type="file" class="hidden" @change=${(/** @type {any} */ event) => { void attach(chat, event.target.files[0]); event.target.value = ''; close(event); }}></label>
      ${/** @type {[string, () => unknown][]} */ ([['Location', () => locationSheet(chat)], ['Contact', () => contactSheet(chat)], ['Read everything', () => attempt(() => post(userPath(chat, 'read')))], ['Other kind', () => otherSheet(chat)]])
    .map(([label, deed]) => html`<button type="button" @click=${(/** @type {Event} */ event) => { close(event); deed(); }}>${label}</button>`)}
    </div></details>
    <label class="hidden" for=${id}>Message of ${nameOf(chat)}</label>
    <textarea id=${id} rows="1" placeholder="Message" .value=${live(log.draft)} @input=${(/** @type {any} */ event) => { log.draft = event.target.value; }}
      @keydown=${(/** @type {KeyboardEvent} */ event) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) { event.preventDefault(); send(); }
    if (event.key === 'Escape' && log.quote) { log.quote = null; changed(); }
    if (event.key === 'ArrowUp' && !log.draft) {
      const last = linesOf(chat).findLast((it) => it.from === 'user' && it.type === 'text');
      if (last) { event.preventDefault(); log.draft = last.content.body; changed(); }
    }
  }}></textarea><button class="send" aria-label="Send"><svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true"><path d="M4 4l17 8-17 8 3-8z"></path></svg></button></form>`;
}

/** @param {any} event */
function close(event) {
  event.target.closest('details').open = false;
}

/** @param {Chat} chat @param {File | undefined} file */
function attach(chat, file) {
  if (!file) return undefined;
  const [family] = file.type.split('/');
  const kind = file.type === 'image/webp' ? 'sticker' : ['image', 'video', 'audio'].includes(family) ? family : 'document';
  /** @type {Record<string, string>} */
  const more = kind === 'document' ? { filename: file.name } : kind === 'audio' && /ogg/.test(file.type) ? { voice: 'yes' } : {};
  return attempt(() => write(chat, kind, file, more));
}

/** @param {KeyboardEvent} event @param {Chat} chat @param {any[]} drawn */
function keys(event, chat, drawn) {
  const target = /** @type {HTMLElement} */ (event.target);
  const own = target.closest('article');
  if (event.key === 'Escape') { document.getElementById(`write-${chat.user}`)?.focus(); return; }
  if (!own || event.ctrlKey || event.metaKey || event.altKey) return;
  const index = drawn.findIndex((it) => it.entry === Number(own.dataset.entry));
  const to = { ArrowUp: index - 1, ArrowDown: index + 1, Home: 0, End: drawn.length - 1 }[event.key];
  if (to !== undefined && drawn[to]) {
    event.preventDefault();
    const next = /** @type {HTMLElement | null} */ (document.querySelector(`[data-entry="${drawn[to].entry}"]`));
    next?.focus();
    return;
  }
  if (target !== own) return;
  const line = drawn[index];
  if (event.key === 'Enter') { event.preventDefault(); /** @type {HTMLElement | null} */ (own.querySelector('.taps button:not([aria-disabled]), .tools button'))?.focus(); }
  if (!state.hasKeys) return;
  switch (event.key.toLowerCase()) {
    case 'r': event.preventDefault(); logOf(chat).quote = line; changed(); document.getElementById(`write-${chat.user}`)?.focus(); break;
    case 'e': if (line.from === 'business') void react(chat, line, '👍'); break;
    case 'w': void why(line); break;
    case 'j': look(line); break;
    default:
  }
}

const TABS = /** @type {const} */ ([['wire', 'Exchanges'], ['faults', 'Faults'], ['clock', 'Clock'], ['phone', 'Phone']]);

function side() {
  const chat = state.open[0];
  return html`<aside class="side" aria-label="Inspector"><header><div role="tablist" aria-label="Inspector">${TABS.map(([name, label]) => html`<button type="button" role="tab" id=${`tab-${name}`} aria-controls="tab-panel"
      aria-selected=${state.tab === name} tabindex=${state.tab === name ? 0 : -1} @click=${() => { state.tab = name; changed(); }} @keydown=${tabKeys}>${label}${name === 'faults' && state.faults.rules.length ? html` <span class="armed">${state.faults.rules.length}</span>` : nothing}</button>`)}</div>
      <button type="button" class="icon back" aria-label="Close the inspector" @click=${() => { state.pane = 'chat'; document.body.classList.remove('with-side'); changed(); }}>✕</button></header>
    <div id="tab-panel" role="tabpanel" aria-labelledby=${`tab-${state.tab}`}>${state.tab === 'wire' ? wire(point) : state.tab === 'faults' ? faults() : state.tab === 'clock' ? clock() : chat ? phone(chat, open) : nothing}</div></aside>`;
}

/** @param {KeyboardEvent} event */
function tabKeys(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const names = TABS.map(([name]) => name);
  showTab(names[(names.indexOf(/** @type {any} */ (state.tab)) + step + names.length) % names.length]);
}

/** @param {string} name */
function showTab(name) {
  state.tab = name;
  state.pane = 'side';
  document.body.classList.add('with-side');
  changed();
  requestAnimationFrame(() => requestAnimationFrame(() => document.getElementById(`tab-${name}`)?.focus()));
}

function sheet() {
  const it = state.sheet;
  const close = () => { state.sheet = null; changed(); };
  return html`<dialog aria-labelledby="sheet-title" @close=${close} @cancel=${close}>${it ? html`<form method="dialog" @submit=${(/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
    close();
    void attempt(async () => it.done?.(form));
  }}><header><h2 id="sheet-title">${it.title}</h2><button type="button" class="icon" aria-label="Close" @click=${close}>✕</button></header>
    <div class="fields">${it.body}</div>${it.action ? html`<footer><button type="button" @click=${close}>Cancel</button><button class="main">${it.action}</button></footer>` : nothing}</form>` : nothing}</dialog>`;
}

function help() {
  show({ title: 'Keys', body: html`<dl>${[['↑ ↓ Home End', 'from message to message'], ['Enter', 'what can be done with it'], ['Esc', 'back to writing'], ['R E W J', 'reply, react, why, its exchange'],
    ['↑ in an empty message', 'what you wrote last'], ['Shift + Enter', 'a new line'], ['Ctrl + K', 'a new user'], ['Ctrl + I', 'exchanges'], ['Ctrl + .', 'faults'], ['Ctrl + J', 'clock']].map(([name, what]) => html`<div><dt><kbd>${name}</kbd></dt><dd>${what}</dd></div>`)}</dl>` });
}

function page() {
  return html`<header class="bar-top"><h1>A phone on your desk</h1><span class="state">${state.clock ? time(now() / 1000) : ''}${state.clock && (state.clock.frozen || state.clock.speed !== 1) ? (state.clock.frozen ? ' frozen' : ` × ${state.clock.speed}`) : ''}</span>
      <button type="button" class="narrow" @click=${() => { state.pane = 'chats'; changed(); }}>Chats</button><button type="button" class="medium" @click=${() => showTab('wire')}>Inspector</button><button type="button" @click=${help}>Keys</button></header>
    ${state.isLoaded && !state.isLive ? html`<p class="lost">Reconnecting…</p>` : nothing}
    ${state.notice ? html`<p class="notice"><span>${state.notice}</span><button type="button" class="icon" aria-label="Dismiss" @click=${() => { state.notice = ''; changed(); }}>✕</button></p>` : nothing}
    <div class="columns" data-pane=${state.pane}>${chats()}<main class="phones">${repeat(state.open, key, conversation)}</main>${side()}</div>
    ${sheet()}<div class="hidden" role="status">${state.announced}</div>`;
}

/** The conversations whose newest message stays in sight. @type {Set<string>} */
const stick = new Set();
const root = document.createElement('div');
root.id = 'page';
document.body.replaceChildren(root);

function draw() {
  const logs = () => /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('.log'));
  const before = new Map([...logs()].map((log) => [log.dataset.chat ?? '', { log, isAtEnd: log.scrollHeight - log.scrollTop - log.clientHeight < 60, height: log.scrollHeight, first: log.querySelector('[data-entry]') }]));
  render(page(), root);
  for (const log of logs()) {
    const was = before.get(log.dataset.chat ?? '');
    if (!was || was.isAtEnd || stick.delete(log.dataset.chat ?? '')) log.scrollTop = log.scrollHeight;
    else if (was.first !== log.querySelector('[data-entry]')) log.scrollTop += log.scrollHeight - was.height;
  }
  const dialog = document.querySelector('dialog');
  if (state.sheet && !dialog?.open) dialog?.showModal();
  if (!state.sheet && dialog?.open) dialog.close();
}

document.addEventListener('keydown', (event) => {
  if (!event.ctrlKey || event.altKey || event.metaKey) {
    const isText = /** @type {HTMLElement} */ (event.target).closest?.('input, textarea');
    if (event.key === '?' && !isText) help();
    return;
  }
  const deed = /** @type {Record<string, () => void>} */ ({ k: newUser, i: () => showTab('wire'), '.': () => showTab('faults'), j: () => showTab('clock') })[event.key];
  if (deed) { event.preventDefault(); deed(); }
});

void start(draw).then(() => announce('Ready'));
