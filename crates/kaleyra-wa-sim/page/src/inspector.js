// The inspector: one table of all exchanges, and one of them in full.

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { repeat } from '../vendor/lit-html/directives/repeat.js';
import { call, get, post } from './api.js';
import { json, list } from './content.js';
import { curl, fixture, rust, save } from './copies.js';
import { summary } from './exchanges.js';
import { show } from './sheets.js';
import { attempt, changed, complain, state } from './store.js';
import { time } from './text.js';

/** @typedef {import('./exchanges.js').Exchange} Exchange */

/** How many rows are drawn. */
const ROWS = 200;

/** Opens an exchange, and says why things are as they are. @param {number | string} id @param {number} [exchange] */
export function explain(id, exchange) {
  if (exchange !== undefined) state.selected = exchange;
  state.tab = 'wire';
  state.pane = 'side';
  return attempt(async () => { state.why = await get(`/sim/why/${encodeURIComponent(id)}`); });
}

/** @param {Exchange} exchange @param {(exchange: Exchange) => void} point */
export function select(exchange, point) {
  state.selected = exchange.id;
  state.why = null;
  point(exchange);
  changed();
}

/** @param {(exchange: Exchange) => void} point shows its bubble */
export function wire(point) {
  const words = state.filter.toLowerCase();
  const all = [...state.exchanges.all.values()].reverse();
  const found = words ? all.filter((it) => JSON.stringify([it.first, it.rest]).toLowerCase().includes(words)) : all;
  const selected = state.selected === null ? undefined : state.exchanges.all.get(state.selected);
  return html`<div class="wire">
    <label class="search"><span class="hidden">Search the exchanges</span><input type="search" placeholder="Search the exchanges" .value=${state.filter}
      @input=${(/** @type {any} */ event) => { state.filter = event.target.value; changed(); }}></label>
    <div class="scroll" tabindex="0" role="region" aria-label="Exchanges"><table>
      <thead><tr><th scope="col"><span class="hidden">Direction</span></th><th scope="col">What</th><th scope="col">Status</th><th scope="col">ms</th><th scope="col">At</th></tr></thead>
      <tbody>${repeat(found.slice(0, ROWS), (it) => it.id, (it) => row(it, point))}</tbody>
    </table>${found.length > ROWS ? html`<p class="hint">${found.length - ROWS} older ones: search for them</p>` : nothing}
      ${found.length ? nothing : html`<p class="hint">${words ? 'Nothing holds these words.' : 'Nothing has happened yet. Write to the bot, or send as the business.'}</p>`}</div>
    ${selected ? detail(selected) : state.why ? reasons(state.why) : nothing}
  </div>`;
}

/** @param {Exchange} exchange @param {(exchange: Exchange) => void} point */
function row(exchange, point) {
  const { title, detail, status, bad, ms, faults } = summary(exchange);
  const arrow = { request: ['→', 'from the bot'], callback: ['←', 'to the bot'], note: ['·', 'in the simulator'] }[exchange.kind];
  const isSelected = exchange.id === state.selected;
  return html`<tr class=${`${isSelected ? 'selected' : ''} ${bad ? 'bad' : ''}`} @click=${() => select(exchange, point)}>
    <td class=${exchange.kind}><span aria-hidden="true">${arrow[0]}</span><span class="hidden">${arrow[1]}</span></td>
    <td><button type="button" class="plain" aria-pressed=${isSelected}>${title}</button> <small>${detail}</small>${faults.map((rule) => html` <span class="fault">${rule}</span>`)}</td>
    <td>${status}</td><td class="number">${ms === undefined ? '' : Math.round(ms)}</td><td class="number">${time(exchange.first.at)}</td></tr>`;
}

/** @param {string} title @param {any} headers @param {any} body @param {any} bytes */
function message(title, headers, body, bytes) {
  return html`<details open><summary>${title}${bytes === undefined ? '' : ` · ${bytes} bytes`}</summary>
    <details><summary>Headers</summary><pre>${list(headers).map(([name, value]) => `${name}: ${value}`).join('\n')}</pre></details>
    ${body ? html`<pre>${json(body)}</pre><details><summary>As it came</summary><pre>${body}</pre></details>` : html`<p class="hint">No body, or a file</p>`}</details>`;
}

/** @param {Exchange} exchange */
function detail(exchange) {
  const { first, rest, kind } = exchange;
  return html`<section class="detail" aria-label="The exchange">
    <header><h3>${first.method ?? first.what.replaceAll('_', ' ')} ${first.path ?? first.event ?? ''}</h3>
      <button type="button" class="icon" aria-label="Close the exchange" @click=${() => { state.selected = null; state.why = null; changed(); }}>✕</button></header>
    <p class="bar">${kind === 'note' ? nothing : html`
      <button type="button" @click=${() => copy(() => curl(exchange), exchange)}>Copy curl</button>
      <button type="button" @click=${() => copy(() => rust(exchange), exchange)}>Copy Rust</button>
      <button type="button" @click=${() => attempt(async () => { await whole(exchange); save(`${kind}-${exchange.id}.json`, fixture(exchange)); })}>Save fixture</button>
      ${kind === 'callback' ? html`<button type="button" @click=${() => again(exchange)}>Send again…</button>` : nothing}`}
      <button type="button" @click=${() => explain(exchange.id)}>Why?</button></p>
    ${state.why ? reasons(state.why) : nothing}
    ${first.basis ? html`<p class="basis">${first.basis}: ${first.source}</p>` : nothing}
    ${kind === 'note' ? html`<pre>${json(first)}</pre>` : message(kind === 'request' ? 'Request' : 'Callback', first.headers, first.body, first.bytes)}
    ${rest.map((it) => it.what === 'answer' ? message(`Response ${it.status ?? ': closed'} in ${Math.round(it.ms)} ms`, it.headers, it.body, it.bytes)
    : it.what === 'attempt' ? html`<details><summary>Attempt ${it.attempt}: ${it.status ?? it.why} in ${Math.round(it.ms)} ms</summary>
        <pre>${list(it.headers).map(([name, value]) => `${name}: ${value}`).join('\n')}</pre>${it.changed_body ? html`<p>Posted instead, as a fault asks for:</p><pre>${it.changed_body}</pre>` : nothing}
        ${it.answer ? html`<p>The webhook responded:</p><pre>${it.answer}</pre>` : nothing}</details>`
    : html`<p class=${`fact ${it.what}`}><strong>${it.what.replaceAll('_', ' ')}</strong> ${it.why ?? it.rule ?? it.status ?? it.message?.wamid ?? ''}${it.error ? `: ${it.error.code} ${it.error.title}` : ''}
        ${it.basis ? html`<small>${it.basis}: ${it.source}</small>` : nothing}</p>`)}
  </section>`;
}

/** @param {any} why */
function reasons(why) {
  return html`<section class="why" aria-label="Why?"><h3>${why.verdict}</h3>${why.advice ? html`<p>${why.advice}</p>` : nothing}
    <ol>${list(why.steps).map((step) => html`<li>${step.what}${step.basis ? html`<small>${step.basis}: ${step.source}</small>` : nothing}</li>`)}</ol></section>`;
}

/** Takes the place of an excerpt: entries come with the beginnings of long bodies only. @param {Exchange} exchange */
async function whole(exchange) {
  for (const entry of [exchange.first, ...exchange.rest]) {
    if (entry.bytes > (entry.body?.length ?? 0)) Object.assign(entry, await get(`/sim/log/${entry.number}`));
  }
}

/** @param {() => string} make @param {Exchange} exchange */
function copy(make, exchange) {
  return attempt(async () => {
    await whole(exchange);
    await navigator.clipboard.writeText(make());
    complain('Copied.');
  });
}

/** Posts a callback once more. @param {Exchange} exchange */
async function again(exchange) {
  await attempt(() => whole(exchange));
  const body = exchange.first.body ?? '';
  show({
    title: 'Send the callback again', action: 'Send',
    body: html`<label>Times<input name="times" type="number" min="1" max="100" value="1" required></label>
      <label>Body<textarea name="body" rows="10" spellcheck="false">${json(body)}</textarea></label><p class="hint">Unchanged, it goes byte for byte as it was.</p>`,
    done: async (form) => {
      const text = String(form.get('body')).replaceAll('\r\n', '\n');
      const path = `/sim/callbacks/${exchange.id}/redeliver`;
      for (let time = Number(form.get('times')); time > 0; time -= 1) {
        await (text === json(body) ? call('POST', path) : post(path, JSON.parse(text)));
      }
    },
  });
}
