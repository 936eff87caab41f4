// The page: chats, one or two phones, and the inspector beside them.

import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { repeat } from '../vendor/lit-html/directives/repeat.js';
import { chats } from './chats.js';
import { clock, pace } from './clock.js';
import { shutMenus, sticky } from './composer.js';
import { conversation, point } from './conversation.js';
import { faults } from './faults.js';
import { grip } from './grip.js';
import { icon } from './icons.js';
import { wire } from './inspector.js';
import { phone } from './phone.js';
import { close, show } from './sheets.js';
import { announce, attempt, changed, key, now, start, state } from './store.js';
import { time } from './text.js';

const TABS = /** @type {const} */ ([['wire', 'Exchanges'], ['faults', 'Faults'], ['clock', 'Clock'], ['phone', 'Phone']]);

/** @param {string} name */
function showTab(name) {
  state.tab = name;
  state.pane = 'side';
  changed();
  requestAnimationFrame(() => requestAnimationFrame(() => document.getElementById(`tab-${name}`)?.focus()));
}

/** @param {KeyboardEvent} event */
function tabKeys(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const names = TABS.map(([name]) => name);
  showTab(names[(names.indexOf(/** @type {any} */ (state.tab)) + step + names.length) % names.length]);
}

function panel() {
  switch (state.tab) {
    case 'faults': return faults();
    case 'clock': return clock();
    case 'phone': return state.open[0] ? phone(state.open[0]) : nothing;
    default: return wire(point);
  }
}

function side() {
  const armed = state.faults.rules.length;
  return html`<aside class="side" aria-label="Inspector"><header><div role="tablist" aria-label="Inspector">${TABS.map(([name, label]) => html`<button type="button" role="tab"
      id=${`tab-${name}`} aria-controls="tab-panel" aria-selected=${state.tab === name} tabindex=${state.tab === name ? 0 : -1}
      @click=${() => { state.tab = name; changed(); }} @keydown=${tabKeys}>${label}${name === 'faults' && armed ? html` <span class="badge bad">${armed}</span>` : nothing}</button>`)}</div>
      <button type="button" class="icon back" aria-label="Close the inspector" @click=${() => { state.pane = 'chat'; changed(); }}>${icon('close')}</button></header>
    <div id="tab-panel" role="tabpanel" aria-labelledby=${`tab-${state.tab}`}>${panel()}</div></aside>`;
}

function sheet() {
  const it = state.sheet;
  const submit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
    close();
    void attempt(async () => it.done?.(form));
  };
  return html`<dialog aria-labelledby="sheet-title" @close=${() => { if (state.sheet) close(); }}>${it ? html`<form method="dialog" @submit=${submit}>
    <header><h2 id="sheet-title" dir="auto">${it.title}</h2><button type="button" class="icon" aria-label="Close" @click=${close}>${icon('close')}</button></header>
    <div class="fields">${it.body}</div>
    ${it.action ? html`<footer><button type="button" @click=${close}>Cancel</button><button class="main">${it.action}</button></footer>` : nothing}</form>` : nothing}</dialog>`;
}

const KEYS = [
  ['↑ ↓ Home End', 'from message to message, from exchange to exchange'], ['Enter', 'what can be done with a message'], ['Esc', 'back to writing'],
  ['R E W J', 'on a message: reply, react, why, its exchange'], ['↑ in an empty message', 'what you wrote last'], ['Shift + Enter', 'a new line'],
  ['Ctrl + K', 'chats'], ['Ctrl + I', 'exchanges'], ['Ctrl + .', 'faults'], ['Ctrl + J', 'clock'],
];

function help() {
  show({ title: 'Keys', body: html`<dl>${KEYS.map(([name, what]) => html`<div><dt><kbd>${name}</kbd></dt><dd>${what}</dd></div>`)}</dl>` });
}

/** What the webhook did last. */
function health() {
  if (!state.settings) return nothing;
  if (!state.settings.has_webhook) return html`<button type="button" class="chip warn wide" @click=${() => showTab('phone')}>No webhook</button>`;
  const last = state.exchanges.lastAttempt;
  if (!last) return html`<span class="chip wide">Webhook set</span>`;
  const isGood = last.status >= 200 && last.status < 300;
  return html`<span class=${`chip wide ${isGood ? '' : 'bad'}`}>Webhook: ${last.status ?? 'no response'} in ${Math.round(last.ms)} ms</span>`;
}

function bar() {
  const armed = state.faults.rules.length;
  return html`<header class="bar-top"><h1>A phone<span class="wide"> on your desk</span></h1>${health()}
    ${armed ? html`<button type="button" class="chip bad wide" @click=${() => showTab('faults')}>${armed === 1 ? '1 fault' : `${armed} faults`} armed</button>` : nothing}
    ${state.clock ? html`<button type="button" class="chip wide" aria-label=${`The clock: ${time(now() / 1000)}${pace()}`} @click=${() => showTab('clock')}>${time(now() / 1000)}${pace()}</button>` : nothing}
    <button type="button" class="medium" @click=${() => showTab('wire')}>Inspector</button><button type="button" @click=${help}>Keys</button></header>`;
}

function page() {
  return html`${bar()}
    ${state.isLost ? html`<section class="notice lost" aria-label="Connection">Reconnecting…</section>` : nothing}
    ${state.notice ? html`<section class="notice" aria-label="Notice"><span>${state.notice}</span><button type="button" class="icon" aria-label="Dismiss" @click=${() => { state.notice = ''; changed(); }}>${icon('close')}</button></section>` : nothing}
    <div class="columns" data-pane=${state.pane}><main>${chats()}<div class="phones">${repeat(state.open, key, conversation)}</div>${grip()}</main>${side()}</div>
    ${sheet()}<div class="hidden" role="status">${state.announced}</div>`;
}

const root = document.createElement('div');
root.id = 'page';
document.body.replaceChildren(root);

const logs = () => /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('.log'));

/** Draws everything; each log stays at its end, or where it was. */
function draw() {
  const before = new Map([...logs()].map((log) => [log, { isAtEnd: log.scrollHeight - log.scrollTop - log.clientHeight < 60, height: log.scrollHeight, first: log.querySelector('[data-id]') }]));
  render(page(), root);
  for (const log of logs()) {
    const was = before.get(log);
    if (!was || was.isAtEnd || sticky.delete(log.dataset.chat ?? '')) log.scrollTop = log.scrollHeight;
    else if (was.first !== log.querySelector('[data-id]')) log.scrollTop += log.scrollHeight - was.height;
  }
  const dialog = document.querySelector('dialog');
  if (state.sheet && !dialog?.open) dialog?.showModal();
  if (!state.sheet && dialog?.open) dialog.close();
}

function showChats() {
  state.pane = 'chats';
  changed();
  requestAnimationFrame(() => requestAnimationFrame(() => /** @type {HTMLElement | null} */ (document.querySelector('.chat[aria-current], .chat'))?.focus()));
}

/** @type {Record<string, () => void>} */
const SHORTCUTS = { k: showChats, i: () => showTab('wire'), '.': () => showTab('faults'), j: () => showTab('clock') };

document.addEventListener('click', shutMenus);
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') shutMenus(event);
}, true);
document.addEventListener('keydown', (event) => {
  if (event.altKey || event.metaKey) return;
  const isText = /** @type {HTMLElement} */ (event.target).closest?.('input, textarea');
  if (!event.ctrlKey) {
    if (event.key === '?' && !isText) help();
    return;
  }
  const deed = SHORTCUTS[event.key];
  if (deed) { event.preventDefault(); deed(); }
});

void start(draw).then(() => announce('Ready'));
