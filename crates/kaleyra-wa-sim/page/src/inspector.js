// The inspector: one table of all exchanges, and one of them in full.

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { repeat } from '../vendor/lit-html/directives/repeat.js';
import { get } from './api.js';
import { detail, reasons } from './exchange.js';
import { summary, textOf } from './exchanges.js';
import { attempt, changed, complain, state } from './store.js';
import { time } from './text.js';

/** @typedef {import('./exchanges.js').Exchange} Exchange */

/** How many rows are drawn. */
const ROWS = 200;

/** @param {number | null} id */
function open(id) {
  state.selected = id;
  state.why = null;
  state.tab = 'wire';
  state.pane = 'side';
  changed();
}

/** Says why things are as they are, beside the exchange. @param {number | string} id @param {number} [exchange] */
export function explain(id, exchange) {
  open(exchange ?? state.selected);
  return attempt(async () => { state.why = await get(`/sim/why/${encodeURIComponent(id)}`); });
}

/** Opens the exchange behind a bubble. @param {any} line */
export function look(line) {
  const exchange = state.exchanges.of(line);
  if (exchange) open(exchange.id);
  else complain('That exchange is older than what the page keeps.');
}

/** @param {Exchange} exchange @param {(exchange: Exchange) => unknown} point */
function select(exchange, point) {
  state.selected = exchange.id;
  state.why = null;
  point(exchange);
  changed();
}

/** @param {Exchange} exchange @param {boolean} isFirst whether Tab comes to it @param {(exchange: Exchange) => unknown} point */
function row(exchange, isFirst, point) {
  const { title, detail, status, bad, ms, faults } = summary(exchange);
  const arrow = { request: ['→', 'from the bot'], callback: ['←', 'to the bot'], note: ['·', 'in the simulator'] }[exchange.kind];
  const isSelected = exchange.id === state.selected;
  return html`<tr class=${`${isSelected ? 'selected' : ''} ${bad ? 'bad' : ''}`} @click=${() => select(exchange, point)}>
    <td class=${exchange.kind}><span aria-hidden="true">${arrow[0]}</span><span class="hidden">${arrow[1]}</span></td>
    <td><button type="button" class="plain" tabindex=${isFirst ? 0 : -1} aria-pressed=${isSelected}>${title}</button> <small>${detail}</small>${faults.map((rule) => html` <span class="fault">${rule}</span>`)}</td>
    <td>${status}</td><td class="number">${ms === undefined ? '' : Math.round(ms)}</td><td class="number">${time(exchange.first.at, true)}</td></tr>`;
}

/** From row to row. @param {KeyboardEvent & {currentTarget: any}} event */
function keys(event) {
  const buttons = /** @type {HTMLElement[]} */ ([...event.currentTarget.querySelectorAll('button')]);
  const index = buttons.indexOf(/** @type {HTMLElement} */ (event.target));
  const to = { ArrowUp: index - 1, ArrowDown: index + 1, Home: 0, End: buttons.length - 1 }[event.key];
  if (index < 0 || to === undefined || !buttons[to]) return;
  event.preventDefault();
  buttons[to].focus();
}

/** @param {(exchange: Exchange) => boolean} point shows the bubble of one, and says whether there is one */
export function wire(point) {
  const words = state.filter.toLowerCase();
  const all = [...state.exchanges.all.values()].reverse();
  const found = words ? all.filter((it) => textOf(it).includes(words)) : all;
  const shown = found.slice(0, ROWS);
  const selected = state.selected === null ? undefined : state.exchanges.all.get(state.selected);
  const first = shown.find((it) => it.id === state.selected) ?? shown[0];
  return html`<div class="wire">
    <label class="search"><span class="hidden">Search the exchanges</span><input type="search" placeholder="Search paths, headers, bodies" .value=${state.filter}
      @input=${(/** @type {any} */ event) => { state.filter = event.target.value; changed(); }}></label>
    <div class="scroll" tabindex="0" role="region" aria-label="Exchanges"><table>
      <thead><tr><th scope="col"><span class="hidden">Direction</span></th><th scope="col">What</th><th scope="col">Status</th><th scope="col" class="number">ms</th><th scope="col" class="number">At</th></tr></thead>
      <tbody @keydown=${keys}>${repeat(shown, (it) => it.id, (it) => row(it, it === first, point))}</tbody>
    </table>${found.length > ROWS ? html`<p class="hint">${found.length - ROWS} older ones: search for them</p>` : nothing}
      ${found.length ? nothing : html`<p class="hint">${words ? 'Nothing holds these words.' : 'Nothing has happened yet. Write to the bot, or send as the business.'}</p>`}</div>
    ${selected ? detail(selected, { point, go: (it) => select(it, point), why: () => explain(selected.id) }) : state.why ? html`<div class="detail">${reasons(state.why)}</div>` : nothing}
  </div>`;
}
