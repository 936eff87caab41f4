// The users whose phones there are, with what was said last.

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { repeat } from '../vendor/lit-html/directives/repeat.js';
import { call, userPath } from './api.js';
import { icon } from './icons.js';
import { show } from './sheets.js';
import { key, nameOf, open, state, unread } from './store.js';
import { brief, time } from './text.js';

/** @typedef {import('./store.js').Chat} Chat */

const NAMES = ['Ravi Example', 'Mina Example', 'Tara Example', 'Kiran Example', 'Noor Example'];

/** @param {any} line */
function lastWords(line) {
  return line ? `${line.from === 'user' ? 'You' : 'Bot'}: ${brief(line)}` : 'Nobody has written yet';
}

/** @param {any} chat */
function row(chat) {
  const isOpen = state.open.some((it) => key(it) === key(chat));
  const count = unread(chat);
  const business = (state.settings?.accounts ?? []).flatMap((/** @type {any} */ it) => it.numbers).length > 1 ? ` to ${chat.business}` : '';
  return html`<li class=${isOpen ? 'open' : ''}>
    <button type="button" class="chat" aria-current=${isOpen ? 'true' : nothing} @click=${() => open(chat)}>
      <span class="face" aria-hidden="true">${nameOf(chat).slice(0, 1)}</span>
      <span class="who"><strong dir="auto">${nameOf(chat)}</strong><small>+${chat.user}${business}</small><span class="last" dir="auto">${lastWords(chat.last)}</span></span>
      <span class="when"><small>${chat.last ? time(chat.last.at) : ''}</small>${count ? html`<span class="badge">${count}<span class="hidden"> new</span></span>` : nothing}</span></button>
    <button type="button" class="icon" aria-label=${`Show ${nameOf(chat)} beside`} title="Show beside" @click=${() => open(chat, true)}>${icon('beside')}</button></li>`;
}

export function chats() {
  /** @type {Map<string, any>} */
  const known = new Map(state.conversations.map((it) => [key(it), it]));
  for (const chat of state.open) if (!known.has(key(chat))) known.set(key(chat), chat);
  const all = [...known.values()].sort((a, b) => (b.last?.entry ?? Infinity) - (a.last?.entry ?? Infinity));
  return html`<nav class="chats" aria-label="Chats"><header><h2>Phones</h2><button type="button" @click=${newUser}>New user</button></header>
    <ul>${repeat(all, key, row)}</ul></nav>`;
}

export function newUser() {
  const taken = new Set([...state.users.map((it) => it.number), ...state.conversations.map((it) => it.user), ...state.open.map((it) => it.user)]);
  let index = 1;
  while (taken.has(`91980000${String(index).padStart(4, '0')}`)) index += 1;
  show({
    title: 'New user',
    action: 'Take the phone',
    body: html`<label>Name<input name="name" required .value=${NAMES[(index - 2 + NAMES.length) % NAMES.length]}></label>
      <label>Number<input name="number" required pattern="\\+?[0-9]{5,15}" .value=${`+91980000${String(index).padStart(4, '0')}`}></label>`,
    done: async (form) => {
      const business = state.open[0]?.business ?? state.settings.accounts[0].numbers[0].replace('+', '');
      const chat = { business, user: String(form.get('number')).replace('+', '') };
      const user = await call('PATCH', userPath(chat), { name: form.get('name') });
      state.users = [...state.users.filter((it) => it.number !== user.number), user];
      await open(chat);
    },
  });
}
