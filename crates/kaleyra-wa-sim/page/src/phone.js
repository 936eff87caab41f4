// How a phone is set, and what the page and the simulator are told.

import { html } from '../vendor/lit-html/lit-html.js';
import { call, get, userPath } from './api.js';
import { save } from './copies.js';
import { attempt, changed, nameOf, open, set, state, submitted } from './store.js';

/** @typedef {import('./store.js').Chat} Chat */

const SWITCHES = /** @type {const} */ ([
  ['airplane_mode', 'Airplane mode', 'Messages wait until it is off.'],
  ['read_receipts', 'Read receipts', 'Without them the business hears of nothing that was read.'],
  ['chat_open', 'Chat is open', 'Messages are read as they come.'],
  ['on_whatsapp', 'On WhatsApp', 'Otherwise messages fail with 131026.'],
  ['marketing', 'Marketing messages', 'Otherwise such templates fail with 131050; the webhook is told.'],
  ['business_blocked', 'Business blocked', 'Nothing is delivered any more.'],
  ['lost', 'Phone lost', 'Nothing is ever delivered.'],
]);

/** How a phone is before anybody sets it. */
const NEW = { name: 'Asha Example', read_receipts: true, on_whatsapp: true, marketing: true };

/** @param {Chat} chat */
function switches(chat) {
  /** @type {any} */
  const user = state.users.find((it) => it.number === chat.user) ?? NEW;
  /** @param {any} body */
  const change = (body) => attempt(async () => {
    await call('PATCH', userPath(chat), body);
    state.users = [...state.users.filter((it) => it.number !== chat.user), { ...user, number: chat.user, ...body }];
  });
  const renumber = (/** @type {SubmitEvent} */ event) => {
    const number = String(submitted(event).number);
    return attempt(async () => { await call('PATCH', userPath(chat), { number }); await open({ ...chat, user: number.replace('+', '') }); });
  };
  return html`<h3>The phone of ${nameOf(chat)}</h3>
    <ul>${SWITCHES.map(([name, label, hint]) => html`<li><label class="row"><input type="checkbox" role="switch" .checked=${!!user[name]}
      @change=${(/** @type {any} */ event) => change({ [name]: event.target.checked })}><span>${label}<small>${hint}</small></span></label></li>`)}</ul>
    <form class="line" @submit=${(/** @type {SubmitEvent} */ event) => change({ name: submitted(event).name })}>
      <label>Name<input name="name" required .value=${user.name}></label><button>Save</button></form>
    <form class="line" @submit=${renumber}><label>New number<input name="number" required pattern="\\+?[0-9]{5,15}" placeholder="+919800000099"></label><button>Change</button></form>`;
}

/** @param {string} name @param {boolean} isOn */
function keep(name, isOn) {
  localStorage.setItem(name, isOn ? 'on' : 'off');
  changed();
}

function page() {
  return html`<h3>The page</h3>
    <label class="row"><input type="checkbox" .checked=${state.showsStatuses} @change=${(/** @type {any} */ event) => { state.showsStatuses = event.target.checked; keep('statuses', state.showsStatuses); }}>
      <span>Show what the bot was told of its messages</span></label>
    <label class="row"><input type="checkbox" .checked=${state.hasKeys} @change=${(/** @type {any} */ event) => { state.hasKeys = event.target.checked; keep('keys', state.hasKeys); }}>
      <span>Single letters as keys (R, E, W, J)</span></label>`;
}

function webhook() {
  const tell = (/** @type {SubmitEvent} */ event) => {
    const { url, header, secret } = submitted(event);
    return set(() => call('PATCH', '/sim/settings', { callback_url: url, ...(secret ? { callback_header: [header, secret] } : {}) }));
  };
  return html`<h3>The webhook</h3>
    <form @submit=${tell}><p class="hint">${state.settings?.has_webhook ? 'Callbacks are posted to a webhook. Another one takes its place:' : 'There is none yet: callbacks go nowhere.'}</p>
      <label>URL<input name="url" type="url" placeholder="http://127.0.0.1:8080/"></label><label>Header<input name="header" value="x-kaleyra-secret"></label>
      <label>Secret<input name="secret" type="password" autocomplete="off"></label><button>Set the webhook</button></form>`;
}

/** @param {File | undefined} file */
const load = (file) => attempt(async () => { if (file) await call('PUT', '/sim/state', new Blob([await file.text()], { type: 'application/json' })); });

/** @param {string} name @param {string} path */
const keepState = (name, path) => attempt(async () => save(name, JSON.stringify(await get(path), null, 2)));

/** @param {Chat} chat */
function everything(chat) {
  const one = `/sim/state?user=${encodeURIComponent(chat.user)}&business=${encodeURIComponent(chat.business)}`;
  return html`<h3>Everything</h3><p class="bar">
    <button type="button" @click=${() => keepState('state.json', '/sim/state')}>Save the state</button>
    <button type="button" @click=${() => keepState(`${chat.user}.json`, one)}>Save this chat</button>
    <label class="button">Load a state<input type="file" class="hidden" accept=".json" @change=${(/** @type {any} */ event) => load(event.target.files[0])}></label>
    <button type="button" @click=${() => attempt(() => call('DELETE', '/sim/state'))}>Start over</button></p>
    <p class="hint">A state holds chats, files, phones, faults and the clock; a chat alone leaves the others as they are when it is loaded. Starting over forgets the chats.</p>`;
}

/** @param {Chat} chat */
export const phone = (chat) => html`<div class="panel">${switches(chat)}${page()}${webhook()}${everything(chat)}</div>`;
