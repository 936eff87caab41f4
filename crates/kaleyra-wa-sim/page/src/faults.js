// What is to go wrong: the rules that hold, and ways to add some.

import { html } from '../vendor/lit-html/lit-html.js';
import { call, post } from './api.js';
import { list } from './content.js';
import { set, state, submitted } from './store.js';
import { time } from './text.js';

/** What is tried most often. */
const USUAL = [
  ['The next callback comes twice', 'callback:duplicate next=1'],
  ['The next callback gets lost', 'callback:drop next=1'],
  ['Callbacks come 5 s late', 'callback:delay by=5s'],
  ['The next send: balance used up', 'response:low-balance next=1'],
  ['The next send: no response', 'response:hang next=1'],
  ['The next message fails: 131026', 'message:fail code=131026 next=1'],
];

const EXAMPLES = ['callback:duplicate', 'callback:delay by=5s', 'callback:drop p=0.2', 'callback:reorder window=3', 'response:hang next=1', 'response:E110 every=3'];

/** @param {unknown} spec */
const add = (spec) => set(() => post('/sim/faults', { spec }));

export function faults() {
  const rules = list(state.faults.rules);
  return html`<div class="panel">
    <h3>Faults that hold</h3>
    ${rules.length ? html`<ul>${rules.map((it) => html`<li class="rule"><span><code>${it.rule}</code> <small>hit ${it.hits} times${it.until ? `, until ${time(it.until, true)}` : ''}</small></span>
      <button type="button" @click=${() => set(() => call('DELETE', `/sim/faults/${it.number}`))} aria-label=${`Remove ${it.rule}`}>Remove</button></li>`)}</ul>
      <button type="button" @click=${() => set(() => call('DELETE', '/sim/faults'))}>Heal everything</button>` : html`<p class="hint">Nothing goes wrong. Seed ${state.faults.seed}.</p>`}
    <h3>One click</h3>
    <p class="bar">${USUAL.map(([label, spec]) => html`<button type="button" title=${spec} @click=${() => add(spec)}>${label}</button>`)}</p>
    <h3>Presets</h3>
    <ul>${list(state.faults.presets).map((it) => html`<li class="rule"><span><strong>${it.name}</strong><small>${it.about}</small></span>
      <button type="button" aria-label=${`Add ${it.name}`} @click=${() => add(it.name)}>Add</button></li>`)}</ul>
    <h3>Your own</h3>
    <form @submit=${(/** @type {SubmitEvent} */ event) => add(submitted(event).spec)}>
      <label>Rule<input name="spec" required list="rules" autocomplete="off" spellcheck="false" placeholder="callback:duplicate next=2"></label>
      <datalist id="rules">${EXAMPLES.map((it) => html`<option value=${it}></option>`)}</datalist>
      <button>Add</button></form>
  </div>`;
}
