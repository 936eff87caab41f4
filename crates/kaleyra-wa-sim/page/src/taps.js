// What can be tapped on a message, where it stands, and what a tap does.

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { write } from './api.js';
import { cardContent, list } from './content.js';
import { icon } from './icons.js';
import { formSheet } from './forms.js';
import { orderSheet } from './order.js';
import { callSheet, linkSheet, listSheet, locationSheet, paymentSheet, permissionSheet } from './sheets.js';
import { attempt, tell } from './store.js';

/** @typedef {import('./store.js').Chat} Chat */
/** @typedef {{chat: Chat, line: any, replies: any[], isFocused: boolean}} Of */

/** How many buttons a message shows before the rest goes into a sheet, as on the phone. */
const SHOWN = 3;

/** What a tap does. @param {Chat} chat @param {any} line @param {any} tap */
function tapped(chat, line, tap) {
  const message = line.message_id;
  /** @param {string} what @param {any} body */
  const send = (what, body) => attempt(() => write(chat, what, { ...body, message }));
  switch (tap.kind) {
    case 'reply_button': return send('reply', { id: tap.id, title: tap.label });
    case 'template_button': return send('button', { payload: tap.payload, text: tap.label });
    case 'list_row': return send('row', { id: tap.id, title: tap.label, description: tap.description });
    case 'contact_request': return send('own-contact', {});
    case 'location_request': return locationSheet(chat, message);
    case 'call_permission': return permissionSheet(chat, message);
    case 'form': return formSheet(chat, line, tap);
    case 'catalog': return orderSheet(chat, line, tap);
    case 'link': return linkSheet(tap.url);
    case 'payment': return paymentSheet(line);
    case 'call': return callSheet();
    case 'copy_code': return attempt(async () => { await navigator.clipboard.writeText(tap.code); tell(`Copied ${tap.code}`); });
    default: return undefined;
  }
}

/** @type {Record<string, Parameters<typeof icon>[0]>} */
const ICONS = {
  reply_button: 'reply', template_button: 'reply', link: 'link', call: 'call', copy_code: 'copy', location_request: 'pin',
  contact_request: 'person', call_permission: 'call', form: 'form', catalog: 'cart', payment: 'cart',
};

/** What tells the choices of a message apart. @param {any} tap */
const idOf = (tap) => tap.id ?? tap.payload;

/** What the user has chosen on a message. @param {any[]} replies */
const chosen = (replies) => new Set(replies.map((it) => it.content?.button_reply?.id ?? it.content?.list_reply?.id ?? it.content?.payload).filter((it) => it !== undefined));

/** @param {Of} of @param {any[]} taps */
function buttons({ chat, line, replies, isFocused }, taps) {
  const done = chosen(replies);
  return taps.map((tap) => {
    const isOnce = ['reply_button', 'template_button'].includes(tap.kind);
    // Not `disabled`, which would take the focus away from who has just tapped it.
    const isDone = isOnce && done.size > 0;
    const isChosen = isOnce && done.has(idOf(tap));
    const name = ICONS[tap.kind];
    return html`<button type="button" class="tap" tabindex=${isFocused ? 0 : -1} aria-disabled=${isDone ? 'true' : nothing} aria-pressed=${isChosen ? 'true' : nothing}
      @click=${() => (isDone ? undefined : tapped(chat, line, tap))}>${isChosen ? '✓ ' : name ? icon(name, 16) : nothing}<span dir="auto">${tap.label || tap.kind.replaceAll('_', ' ')}</span></button>`;
  });
}

/** A button that opens what does not fit. @param {Of} of @param {any[]} taps @param {string} label */
function opener({ chat, line, isFocused }, taps, label) {
  return html`<button type="button" class="tap" tabindex=${isFocused ? 0 : -1} @click=${() => listSheet(label, taps, (tap) => tapped(chat, line, tap))}>${icon('list', 16)}<span dir="auto">${label}</span></button>`;
}

/** The cards of a carousel. @param {any} line */
function cardsOf(line) {
  const ofTemplate = list(line.content?.components).flatMap((it) => list(it?.cards));
  return line.type === 'template' ? ofTemplate : list(line.content?.action?.cards);
}

/** @param {Event & {currentTarget: any}} event @param {number} step */
function scroll(event, step) {
  const cards = event.currentTarget.closest('.carousel').querySelector('.cards');
  cards.scrollBy({ left: step * 236, behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
}

/** @param {Of} of @param {any[]} cards @param {any[]} taps */
function carousel(of, cards, taps) {
  const { line, isFocused } = of;
  const step = (/** @type {number} */ by) => html`<button type="button" class="icon" tabindex=${isFocused ? 0 : -1} aria-label=${by < 0 ? 'Earlier cards' : 'Later cards'}
    @click=${(/** @type {any} */ event) => scroll(event, by)}>${icon(by < 0 ? 'back' : 'next')}</button>`;
  return html`<div class="carousel"><ul class="cards" aria-label="Cards" tabindex="0">${cards.map((card, index) => html`<li>
      <small>card ${index + 1} of ${cards.length}</small>${cardContent(line, card, index)}
      <div class="taps">${buttons(of, taps.filter((tap) => tap.card === index))}</div></li>`)}</ul>
    ${cards.length > 1 ? html`<p class="steps">${step(-1)}${step(1)}</p>` : nothing}</div>`;
}

/** Everything on a message that can be tapped. @param {Of} of */
export function actions(of) {
  const taps = list(of.line.taps);
  const cards = cardsOf(of.line);
  const own = taps.filter((tap) => tap.card === null || tap.card === undefined);
  const on = cards.length ? carousel(of, cards, taps) : nothing;
  if (!own.length) return on;
  if (own[0].kind === 'list_row') return html`<div class="taps">${opener(of, own, of.line.content?.action?.button ?? 'Open the list')}</div>`;
  const shown = own.length > SHOWN ? own.slice(0, SHOWN - 1) : own;
  return html`${on}<div class="taps">${buttons(of, shown)}${own.length > SHOWN ? opener(of, own, 'See all options') : nothing}</div>`;
}
