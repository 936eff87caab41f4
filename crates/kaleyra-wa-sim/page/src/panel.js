// What goes wrong, what time it is, how the phone is set: the simulator's switches.

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { call, post, userPath } from './api.js';
import { list } from './content.js';
import { attempt, changed, loadSettings, now, state } from './store.js';

/** @param {() => Promise<unknown>} deed does it, and shows what is set then */
const set = (deed) => attempt(async () => { await deed(); await loadSettings(); });

/** What a form holds, by name. @param {SubmitEvent} event */
function submitted(event) {
  event.preventDefault();
  return Object.fromEntries(new FormData(/** @type {HTMLFormElement} */ (event.target)));
}

export function faults() {
  const rules = list(state.faults.rules);
  return html`<div class="panel">
    <h3>Faults that hold</h3>
    ${rules.length ? html`<ul>${rules.map((it) => html`<li><code>${it.rule}</code> <small>hit ${it.hits} times</small>
      <button type="button" @click=${() => set(() => call('DELETE', `/sim/faults/${it.number}`))} aria-label=${`Remove ${it.rule}`}>Remove</button></li>`)}</ul>
      <button type="button" @click=${() => set(() => call('DELETE', '/sim/faults'))}>Heal everything</button>` : html`<p class="hint">Nothing goes wrong. Seed ${state.faults.seed}.</p>`}
    <form @submit=${(/** @type {SubmitEvent} */ event) => { const { spec } = submitted(event); return set(() => post('/sim/faults', { spec })); }}>
      <label>Rule<input name="spec" required list="rules" placeholder="callback:duplicate next=2"></label>
      <datalist id="rules">${['callback:duplicate', 'callback:delay by=5s', 'callback:drop p=0.2', 'callback:reorder window=3', 'answer:hang next=1', 'answer:E110 every=3'].map((it) => html`<option value=${it}></option>`)}</datalist>
      <button>Add</button></form>
    <h3>Presets</h3>
    <ul>${list(state.faults.presets).map((it) => html`<li><button type="button" @click=${() => set(() => post('/sim/faults', { spec: it.name }))}>${it.name}</button> <small>${it.about}</small></li>`)}</ul>
  </div>`;
}

export function clock() {
  const { clock } = state;
  if (!clock) return nothing;
  /** @param {any} body */
  const change = (body) => set(() => post('/sim/clock', body));
  return html`<div class="panel">
    <h3>The simulator's clock</h3>
    <p class="time">${new Date(now()).toLocaleString()}${clock.frozen ? ' · frozen' : clock.speed === 1 ? '' : ` · × ${clock.speed}`}</p>
    <p class="hint">${clock.next_due ? `Next is due at ${new Date(clock.next_due).toLocaleString()}.` : 'Nothing is due.'} What falls due on the way comes in order.</p>
    <p class="bar">${['1m', '1h', '25h', '31d'].map((by) => html`<button type="button" @click=${() => change({ advance: by })}>+ ${by}</button>`)}</p>
    <p class="bar"><button type="button" aria-pressed=${clock.frozen} @click=${() => change({ frozen: !clock.frozen })}>Freeze</button>
      <button type="button" aria-pressed=${clock.speed === 60} @click=${() => change({ speed: clock.speed === 60 ? 1 : 60 })}>A minute each second</button></p>
    <form @submit=${(/** @type {SubmitEvent} */ event) => { const { advance } = submitted(event); return change({ advance }); }}>
      <label>Put forward by<input name="advance" required placeholder="90m"></label><button>Go</button></form>
  </div>`;
}

const SWITCHES = /** @type {const} */ ([
  ['airplane_mode', 'Airplane mode', 'Messages wait until it is off.'],
  ['read_receipts', 'Read receipts', 'Without them the business hears of nothing that was read.'],
  ['chat_open', 'Chat is open', 'Messages are read as they come.'],
  ['on_whatsapp', 'On WhatsApp', 'Otherwise messages fail with 131026.'],
  ['marketing', 'Marketing messages', 'Otherwise such templates fail with 131050; the webhook is told.'],
  ['business_blocked', 'Business blocked', 'Nothing is delivered any more.'],
  ['lost', 'Phone lost', 'Nothing is ever delivered.'],
]);

/** @param {import('./store.js').Chat} chat @param {(chat: import('./store.js').Chat) => void} go */
export function phone(chat, go) {
  const user = state.users.find((it) => it.number === chat.user) ?? { name: 'Asha Example', read_receipts: true, on_whatsapp: true, marketing: true };
  /** @param {any} body */
  const change = (body) => attempt(async () => {
    await call('PATCH', userPath(chat), body);
    const others = state.users.filter((it) => it.number !== chat.user);
    state.users = [...others, { ...user, number: chat.user, ...body }];
  });
  return html`<div class="panel">
    <h3>The phone of ${user.name}</h3>
    <ul class="switches">${SWITCHES.map(([name, label, hint]) => html`<li><label class="row"><input type="checkbox" role="switch" .checked=${!!user[name]}
      @change=${(/** @type {any} */ event) => change({ [name]: event.target.checked })}><span>${label}<small>${hint}</small></span></label></li>`)}</ul>
    <form @submit=${(/** @type {SubmitEvent} */ event) => { const { name } = submitted(event); return change({ name }); }}>
      <label>Name<input name="name" required .value=${user.name}></label><button>Save</button></form>
    <form @submit=${(/** @type {SubmitEvent} */ event) => {
    const number = String(submitted(event).number);
    return attempt(async () => { await call('PATCH', userPath(chat), { number }); go({ ...chat, user: number.replace('+', '') }); });
  }}><label>New number<input name="number" required placeholder="+919800000099"></label><button>Change the number</button></form>
    <h3>The page</h3>
    <label class="row"><input type="checkbox" .checked=${state.showsStatuses} @change=${(/** @type {any} */ event) => { state.showsStatuses = event.target.checked; keep('statuses', state.showsStatuses); }}><span>Show what the bot was told of its messages</span></label>
    <label class="row"><input type="checkbox" .checked=${state.hasKeys} @change=${(/** @type {any} */ event) => { state.hasKeys = event.target.checked; keep('keys', state.hasKeys); }}><span>Single letters as keys (R, E, W, J)</span></label>
    <h3>The webhook</h3>
    <form @submit=${(/** @type {SubmitEvent} */ event) => {
    const { url, header, secret } = submitted(event);
    return set(() => call('PATCH', '/sim/settings', { callback_url: url, ...(secret ? { callback_header: [header, secret] } : {}) }));
  }}><p class="hint">${state.settings?.has_webhook ? 'Callbacks are posted to a webhook.' : 'There is none yet: callbacks go nowhere.'}</p>
      <label>URL<input name="url" type="url" placeholder="http://127.0.0.1:8080/"></label><label>Header<input name="header" value="x-kaleyra-secret"></label>
      <label>Secret<input name="secret" type="password" autocomplete="off"></label><button>Set the webhook</button></form>
  </div>`;
}

/** @param {string} name @param {boolean} isOn */
function keep(name, isOn) {
  localStorage.setItem(name, isOn ? 'on' : 'off');
  changed();
}
