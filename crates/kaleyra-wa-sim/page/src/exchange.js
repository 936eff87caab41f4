// One exchange in full: both sides, attempts, what caused it and what it led to, and what can be done with it.

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { get, repeat } from './api.js';
import { json, list } from './content.js';
import { curl, fixture, rust, save } from './copies.js';
import { summary } from './exchanges.js';
import { icon } from './icons.js';
import { show } from './sheets.js';
import { attempt, changed, state, tell } from './store.js';

/** @typedef {import('./exchanges.js').Exchange} Exchange */
/** @typedef {import('./exchanges.js').Entry} Entry */

/** @param {any} all */
const headers = (all) => list(all).map(([name, value]) => `${name}: ${value}`).join('\n');

/** A path as it reads, which may be broken where its parts end. @param {string} path */
function readable(path) {
  let text = path;
  try { text = decodeURI(path).replaceAll('%2B', '+'); } catch { /* As it came. */ }
  return text.split('/').map((part, index) => (index ? html`/<wbr>${part}` : part));
}

/** @param {any} why */
export function reasons(why) {
  return html`<section class="why" aria-label="Why?"><h3>${why.verdict}</h3>${why.advice ? html`<p>${why.advice}</p>` : nothing}
    <ol>${list(why.steps).map((step) => html`<li>${step.what}${step.basis ? html`<small>${step.basis}: ${step.source}</small>` : nothing}</li>`)}</ol></section>`;
}

/** @param {string} title @param {any} all @param {any} body @param {any} bytes */
function message(title, all, body, bytes) {
  const shown = json(body);
  return html`<details open><summary>${title}${bytes === undefined ? '' : ` · ${bytes} bytes`}</summary>
    ${list(all).length ? html`<details><summary>Headers</summary><pre>${headers(all)}</pre></details>` : nothing}
    ${body ? html`<pre>${shown}</pre>${shown === body ? nothing : html`<details><summary>Raw bytes</summary><pre>${body}</pre></details>`}` : html`<p class="hint">No body, or a file</p>`}</details>`;
}

/** @param {Entry} it */
function attempted(it) {
  return html`<details><summary>Attempt ${it.attempt}: ${it.status ?? it.why} in ${Math.round(it.ms)} ms</summary>
    <pre>${headers(it.headers)}</pre>${it.changed_body ? html`<p>Posted instead, as a fault asks for:</p><pre>${it.changed_body}</pre>` : nothing}
    ${it.answer ? html`<p>The webhook responded:</p><pre>${it.answer}</pre>` : nothing}</details>`;
}

/** @param {Entry} it */
function fact(it) {
  const says = it.why ?? it.rule ?? it.status ?? it.message?.wamid ?? '';
  return html`<p class=${`fact ${it.what}`}><strong>${it.what.replaceAll('_', ' ')}</strong> ${says}${it.error ? `: ${it.error.code} ${it.error.title}` : ''}
    ${it.basis ? html`<small>${it.basis}: ${it.source}</small>` : nothing}</p>`;
}

/** @param {Entry} it */
function followed(it) {
  if (it.what === 'answer') return message(`Response ${it.status ?? ': closed'} in ${Math.round(it.ms)} ms`, it.headers, it.body, it.bytes);
  return it.what === 'attempt' ? attempted(it) : fact(it);
}

/** @param {string} label @param {Exchange[]} others @param {(exchange: Exchange) => void} go */
function links(label, others, go) {
  if (!others.length) return nothing;
  return html`<p class="links"><span>${label}</span>${others.map((it) => {
    const { title, detail } = summary(it);
    return html`<button type="button" @click=${() => go(it)}>${title} ${detail}</button>`;
  })}</p>`;
}

/**
 * @param {Exchange} exchange
 * @param {{point: (exchange: Exchange) => boolean, go: (exchange: Exchange) => void, why: () => unknown}} to
 */
export function detail(exchange, { point, go, why }) {
  const { first, rest, kind } = exchange;
  const close = () => { state.selected = null; state.why = null; changed(); };
  const isUpload = kind === 'request' && /\/media$/.test(String(first.path).split('?')[0]);
  const isRepeatable = kind === 'callback' || (kind === 'request' && !isUpload && !/^\/media\//.test(first.path));
  const hasBubble = !!state.exchanges.bubbleOf(exchange).entry;
  return html`<section class="detail" aria-label="The exchange">
    <header><h3>${first.method ?? first.what.replaceAll('_', ' ')} ${first.path ? readable(first.path) : first.event ?? ''}</h3>
      <button type="button" class="icon" aria-label="Close the exchange" @click=${close}>${icon('close')}</button></header>
    <p class="bar">${kind === 'note' ? nothing : html`
      <button type="button" @click=${() => copy(() => curl(exchange), exchange)}>Copy curl</button>
      <button type="button" @click=${() => copy(() => rust(exchange), exchange)}>Copy Rust</button>
      <button type="button" @click=${() => attempt(async () => { await whole(exchange); save(`${kind}-${exchange.id}.json`, fixture(exchange)); })}>Save fixture</button>`}
      ${isRepeatable ? html`<button type="button" @click=${() => again(exchange)}>Send again…</button>` : nothing}
      ${hasBubble ? html`<button type="button" @click=${() => { if (point(exchange)) { state.pane = 'chat'; changed(); } else tell('Its chat is not open.'); }}>Show bubble</button>` : nothing}
      <button type="button" @click=${why}>Why?</button></p>
    ${state.why ? reasons(state.why) : nothing}
    ${links('Because of', state.exchanges.causesOf(exchange), go)}${links('Led to', state.exchanges.effectsOf(exchange), go)}
    ${first.basis ? html`<p class="basis">${first.basis}: ${first.source}</p>` : nothing}
    ${kind === 'note' ? html`<pre>${json(first)}</pre>` : message(kind === 'request' ? 'Request' : 'Callback', first.headers, first.body, first.bytes)}
    ${rest.map(followed)}
  </section>`;
}

/** Takes the place of excerpts: entries come with the beginnings of long bodies only. @param {Exchange} exchange */
async function whole(exchange) {
  const encoder = new TextEncoder();
  for (const entry of [exchange.first, ...exchange.rest]) {
    if (entry.bytes > encoder.encode(entry.body ?? '').length) Object.assign(entry, await get(`/sim/log/${entry.number}`));
  }
}

/** @param {() => string} make @param {Exchange} exchange */
function copy(make, exchange) {
  return attempt(async () => {
    await whole(exchange);
    await navigator.clipboard.writeText(make());
    tell('Copied.');
  });
}

/** A body as it goes: without the line ends that it was edited with, where it is JSON still. @param {string} text */
function compact(text) {
  try { return JSON.stringify(JSON.parse(text)); } catch { return text; }
}

/** `202 × 3, 400`: what was responded, and how often. @param {string[]} responses */
function counted(responses) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const it of responses) counts.set(it, (counts.get(it) ?? 0) + 1);
  return [...counts].map(([it, count]) => (count > 1 ? `${it} × ${count}` : it)).join(', ');
}

/** Sends it once more, or several times: as it was, or edited. @param {Exchange} exchange */
async function again(exchange) {
  await attempt(() => whole(exchange));
  const before = json(exchange.first.body ?? '');
  const isCallback = exchange.kind === 'callback';
  const path = isCallback ? `/sim/callbacks/${exchange.id}/redeliver` : `/sim/requests/${exchange.id}/repeat`;
  const hasBody = isCallback || !!exchange.first.body;
  show({
    title: isCallback ? 'Send the callback again' : 'Send the request again',
    action: 'Send',
    body: html`<label>Times<input name="times" type="number" min="1" max="100" value="1" required></label>
      ${hasBody ? html`<label>Body<textarea name="body" rows="10" spellcheck="false" .value=${before}></textarea></label>
        <p class="hint">Unchanged, it goes byte for byte as it was. What is no JSON any more goes, too.</p>` : nothing}`,
    done: async (form) => {
      const text = String(form.get('body') ?? '').replaceAll('\r\n', '\n');
      const body = text === before ? undefined : compact(text);
      const responses = [];
      for (let time = Number(form.get('times')); time > 0; time -= 1) responses.push(await repeat(path, body));
      tell(`${isCallback ? 'The webhook responded' : 'The response'}: ${counted(responses)}`);
    },
  });
}
