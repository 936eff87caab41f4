// A bubble: what a message shows, what can be tapped on it, and what became of it.

import { html, nothing, svg } from '../vendor/lit-html/lit-html.js';
import { write } from './api.js';
import { content, list } from './content.js';
import { tick } from './exchanges.js';
import { callSheet, formSheet, linkSheet, listSheet, locationSheet, orderSheet, permissionSheet } from './sheets.js';
import { attempt, changed, complain, logOf, state } from './store.js';
import { brief, time } from './text.js';

/** @typedef {import('./store.js').Chat} Chat */

const PATHS = {
  waiting: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2Zm0 3v3l2 2',
  sent: 'm3 8.5 3 3 6-7',
  taken: 'm1 8.5 3 3 6-7m-2.5 6.5.5.5 6-7',
  read: 'm1 8.5 3 3 6-7m-2.5 6.5.5.5 6-7',
  failed: 'M8 3v6m0 3v.5',
};

/** @param {{name: string, says: string}} it */
function tickIcon(it) {
  const path = /** @type {Record<string, string>} */ (PATHS)[it.name];
  return html`<span class="tick ${it.name}" title=${it.says}><svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">${svg`<path d=${path}></path>`}</svg><span class="hidden">${it.says}</span></span>`;
}

/** What a tap on it does. @param {Chat} chat @param {any} line @param {any} tap */
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
    case 'call': return callSheet();
    case 'copy_code':
      navigator.clipboard.writeText(tap.code).then(() => complain(`Copied ${tap.code}`), complain);
      return undefined;
    default: return undefined;
  }
}

/** The labels that the user has chosen on a message. @param {any} line @param {any[]} lines */
function chosen(line, lines) {
  const replies = lines.filter((it) => it.from === 'user' && it.quotes === line.id);
  return new Set(replies.map((it) => it.content?.button_reply?.id ?? it.content?.list_reply?.id ?? it.content?.payload).filter((it) => it !== undefined));
}

/** @param {Chat} chat @param {any} line @param {any[]} taps @param {Set<string>} done */
function buttons(chat, line, taps, done) {
  return taps.map((tap) => {
    const id = tap.id ?? tap.payload;
    const isOnce = ['reply_button', 'template_button'].includes(tap.kind);
    // Not `disabled`, which would take the focus away from who has just tapped it.
    const isDone = isOnce && done.size > 0;
    const isChosen = isOnce && done.has(id);
    return html`<button type="button" class="tap" aria-disabled=${isDone ? 'true' : nothing} aria-pressed=${isChosen ? 'true' : nothing}
      @click=${() => (isDone ? undefined : tapped(chat, line, tap))}>${isChosen ? '✓ ' : ''}${tap.label || tap.kind.replaceAll('_', ' ')}</button>`;
  });
}

/** How many things can be tapped on a card. @param {any} card */
function tapsOfCard(card) {
  const action = card?.action ?? {};
  return card?.type === 'product' || action.parameters?.url ? 1 : list(action.buttons).length;
}

/** @param {Chat} chat @param {any} line @param {any[]} lines */
function actions(chat, line, lines) {
  const taps = list(line.taps);
  const done = chosen(line, lines);
  const cards = list(line.content?.action?.cards);
  if (cards.length) {
    let first = 0;
    return html`<ul class="cards" aria-label="Cards">${cards.map((card, index) => {
      const own = taps.slice(first, first += tapsOfCard(card));
      const inner = { ...line, type: 'interactive', content: card };
      return html`<li><small>card ${index + 1} of ${cards.length}</small>${content(inner)}<div class="taps">${buttons(chat, line, own, done)}</div></li>`;
    })}</ul>`;
  }
  if (!taps.length) return nothing;
  if (taps[0].kind === 'list_row') {
    const label = line.content?.action?.button ?? 'Open the list';
    return html`<div class="taps"><button type="button" class="tap" @click=${() => listSheet(chat, line, taps, (tap) => tapped(chat, line, tap))}>${label}</button></div>`;
  }
  const shown = taps.length > 3 ? taps.slice(0, 2) : taps;
  return html`<div class="taps">${buttons(chat, line, shown, done)}${taps.length > 3
    ? html`<button type="button" class="tap" @click=${() => listSheet(chat, line, taps, (tap) => tapped(chat, line, tap))}>See all options</button>` : nothing}</div>`;
}

/** The bot's message, as its developer is told of it. @param {any} line @param {() => void} why */
function statuses(line, why) {
  const failed = list(line.statuses).find((it) => it.error);
  const again = line.answered_again ? html`<p class="warning">Answered twice: another message answers the same one.</p>` : nothing;
  if (failed) {
    return html`${again}<p class="strip bad">never reached this phone: ${failed.error?.code} ${failed.error?.title ?? ''} <button type="button" class="inline" @click=${why}>Why?</button></p>`;
  }
  if (!state.showsStatuses || !list(line.statuses).length) return again;
  return html`${again}<p class="strip">${line.statuses.map((/** @type {any} */ it) => `${it.status} ${time(it.at)}`).join(' · ')}</p>`;
}

/**
 * @param {object} of
 * @param {Chat} of.chat @param {any} of.line @param {any[]} of.lines @param {any[]} of.reactions @param {any} of.edit
 * @param {boolean} of.isDeleted @param {boolean} of.isFirst @param {boolean} of.isFocused
 * @param {(line: any) => void} of.look opens its exchange @param {(line: any) => void} of.why @param {(id: string) => void} of.find
 */
export function bubble({ chat, line, lines, reactions, edit, isDeleted, isFirst, isFocused, look, why, find }) {
  const isMine = line.from === 'user';
  const isGhost = !isMine && list(line.statuses).some((it) => it.error);
  const quoted = line.quotes ? lines.find((it) => it.id === line.quotes) : null;
  const shown = edit ? { ...line, type: 'text', content: { body: edit.content?.message?.text?.body ?? edit.content?.text?.body ?? edit.content?.body } } : line;
  const classes = `bubble ${isMine ? 'mine' : 'theirs'} ${isGhost ? 'ghost' : ''} ${isFirst ? 'first' : ''} ${line.type === 'sticker' ? 'bare' : ''} ${state.flashed === line.entry ? 'flashed' : ''}`;
  return html`<article class=${classes} data-entry=${line.entry} tabindex=${isFocused ? 0 : -1} aria-label=${`${isMine ? 'You' : 'Bot'}: ${brief(line)}`}>
    <div class="body">
      ${line.forwarded ? html`<p class="footer">Forwarded</p>` : nothing}
      ${line.quotes ? html`<button type="button" class="quote" @click=${() => find(line.quotes)}><strong>${quoted ? (quoted.from === 'user' ? 'You' : 'Bot') : 'An older message'}</strong><span>${quoted ? brief(quoted) : ''}</span></button>` : nothing}
      ${isDeleted ? html`<p class="footer">You deleted this message</p>` : content(shown)}
      <p class="meta">${edit ? 'edited ' : ''}<time>${time(line.at)}</time>${isMine ? tickIcon(tick(line, state.exchanges.of(line))) : nothing}</p>
      ${isDeleted || isMine || isGhost ? nothing : actions(chat, line, lines)}
      ${reactions.length ? html`<p class="reactions" aria-label="Reactions">${reactions.join(' ')}</p>` : nothing}
    </div>
    ${isMine ? nothing : statuses(line, () => why(line))}
    <div class="tools">
      ${isGhost ? nothing : html`<button type="button" title="Reply (R)" @click=${() => { logOf(chat).quote = line; changed(); document.getElementById(`write-${chat.user}`)?.focus(); }}>Reply</button>`}
      ${isMine
    ? html`<button type="button" title="Delete for everyone" @click=${() => attempt(() => write(chat, 'delete', { original: line.id }))}>Delete</button>
           ${line.type === 'text' ? html`<button type="button" @click=${() => edited(chat, line)}>Edit</button>` : nothing}`
    : isGhost ? nothing : ['👍', '❤️', '😂'].map((emoji) => html`<button type="button" aria-label=${`React with ${emoji}`} @click=${() => react(chat, line, reactions.includes(emoji) ? undefined : emoji)}>${emoji}</button>`)}
      <button type="button" title="Why? (W)" @click=${() => why(line)}>Why?</button>
      <button type="button" title="Show its exchange (J)" @click=${() => look(line)}>Wire</button>
    </div>
  </article>`;
}

/** @param {Chat} chat @param {any} line @param {string | undefined} emoji */
export const react = (chat, line, emoji) => attempt(() => write(chat, 'reaction', emoji ? { emoji, message: line.message_id } : { message: line.message_id }));

/** @param {Chat} chat @param {any} line */
function edited(chat, line) {
  state.sheet = {
    title: 'Edit the message', action: 'Save',
    body: html`<label>Text<textarea name="body" rows="3" .value=${line.content?.body ?? ''}></textarea></label>`,
    done: (/** @type {FormData} */ form) => write(chat, 'edit', { original: line.id, body: form.get('body') }),
  };
  changed();
}
