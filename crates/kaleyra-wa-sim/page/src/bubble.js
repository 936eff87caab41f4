// A bubble: what a message shows, and what became of it.

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { write } from './api.js';
import { content, list } from './content.js';
import { tick } from './exchanges.js';
import { icon } from './icons.js';
import { editSheet, emojiSheet } from './sheets.js';
import { attempt, changed, key, logOf, state } from './store.js';
import { actions } from './taps.js';
import { brief, time } from './text.js';

/** @typedef {import('./store.js').Chat} Chat */

/** @param {{name: string, says: string}} it */
const tickIcon = (it) =>
  html`<span class="tick ${it.name}" title=${it.says}>${icon(/** @type {any} */ (it.name), 16)}<span class="hidden">${it.says}</span></span>`;

/** @param {string} name */
const marks = (name) => ({ accepted: '✓', submit: '✓', sent: '✓', delivered: '✓✓', read: '✓✓', played: '▶' })[name] ?? '';

/** Why the phone has not got a message of the bot's; `''` where it has. @param {any} line */
function missed(line) {
  const failed = list(line.statuses).find((it) => it.error);
  if (failed) return `never reached this phone: ${failed.error?.code} ${failed.error?.title ?? ''}`;
  return line.is_held ? 'waits for this phone, which can’t be reached now' : '';
}

/** The bot's message, as its developer is told of it. @param {any} line @param {() => void} why @param {any} twin @param {(id: string) => void} find */
function statuses(line, why, twin, find) {
  const again = line.answered_again
    ? html`<p class="warning">Answered twice: ${twin ? html`<button type="button" class="inline" @click=${() => find(twin.id)}>the other one</button> answers` : 'another message answers'} the same message.</p>` : nothing;
  const gap = missed(line);
  if (gap) return html`${again}<p class="strip bad">${gap} <button type="button" class="inline" @click=${why}>Why?</button></p>`;
  if (!state.showsStatuses || !list(line.statuses).length) return again;
  return html`${again}<p class="strip">${line.statuses.map((/** @type {any} */ it) => html`<span class=${it.status}>${marks(it.status)} ${it.status} ${time(it.at, true)}</span> `)}</p>`;
}

/** @param {Chat} chat @param {any} line @param {string} [emoji] none takes it back */
export const react = (chat, line, emoji) => attempt(() => write(chat, 'reaction', emoji ? { emoji, message: line.message_id } : { message: line.message_id }));

/** @param {Chat} chat @param {any} line */
export function quote(chat, line) {
  logOf(chat).quote = line;
  changed();
  document.getElementById(`write-${key(chat)}`)?.focus();
}

/**
 * @param {object} of
 * @param {Chat} of.chat @param {any} of.line @param {import('./thread.js').Thread} of.thread
 * @param {boolean} of.isFirst of those by the same side @param {boolean} of.isFocused whether the keys are on it
 * @param {(line: any) => void} of.look opens its exchange @param {(line: any) => void} of.why @param {(id: string) => void} of.find
 */
export function bubble({ chat, line, thread, isFirst, isFocused, look, why, find }) {
  const isMine = line.from === 'user';
  const isGhost = !isMine && missed(line) !== '';
  const quoted = line.quotes ? thread.byId.get(line.quotes) : null;
  const edit = thread.edits.get(line.id);
  const isDeleted = thread.deleted.has(line.id);
  const reactions = thread.reactionsOn(line.id);
  const shown = edit === undefined ? line : { ...line, type: 'text', content: { body: edit } };
  const names = ['bubble', isMine ? 'mine' : 'theirs', isGhost && 'ghost', isFirst && 'first', line.type === 'sticker' && 'bare', state.flashed === line.id && 'flashed'];
  const replies = thread.repliesTo.get(line.id) ?? [];
  /** @param {string} label @param {string} title @param {() => unknown} deed */
  const tool = (label, title, deed) => html`<button type="button" title=${title} tabindex=${isFocused ? 0 : -1} @click=${deed}>${label}</button>`;
  return html`<article class=${names.filter(Boolean).join(' ')} data-id=${line.id} tabindex=${isFocused ? 0 : -1} aria-label=${`${isMine ? 'You' : 'Bot'}: ${brief(line)}`}>
    <div class="body"><div class="said">
      ${line.quotes ? html`<button type="button" class="quote" tabindex=${isFocused ? 0 : -1} @click=${() => find(line.quotes)}>
        <strong>${quoted ? (quoted.from === 'user' ? 'You' : 'Bot') : 'An older message'}</strong><span dir="auto">${quoted ? brief(quoted) : ''}</span></button>` : nothing}
      ${isDeleted ? html`<p class="footer">You deleted this message</p>` : content(shown)}
      <p class="meta">${edit === undefined ? nothing : html`<span class="edited">edited</span>`}<time>${time(line.at)}</time>${isMine ? tickIcon(tick(line, state.exchanges.of(line))) : nothing}</p></div>
      ${isDeleted || isMine || isGhost ? nothing : actions({ chat, line, replies, isFocused })}
      ${reactions.length ? html`<p class="reactions" role="group" aria-label="Reactions">${reactions.join(' ')}</p>` : nothing}
    </div>
    ${isMine ? nothing : statuses(line, () => why(line), thread.twinOf(line), find)}
    <div class="tools">
      ${isGhost ? nothing : tool('Reply', 'Reply (R)', () => quote(chat, line))}
      ${isMine && !isDeleted && line.type === 'text' ? tool('Edit', 'Edit', () => editSheet(chat, line)) : nothing}
      ${isMine && !isDeleted ? tool('Delete', 'Delete for everyone', () => attempt(() => write(chat, 'delete', { original: line.id }))) : nothing}
      ${isMine || isGhost ? nothing : html`${['👍', '❤️', '😂'].map((emoji) => html`<button type="button" tabindex=${isFocused ? 0 : -1} aria-label=${`React with ${emoji}`}
        @click=${() => react(chat, line, reactions.includes(emoji) ? undefined : emoji)}>${emoji}</button>`)}
        ${tool('…', 'React with another emoji', () => emojiSheet((emoji) => react(chat, line, emoji)))}`}
      ${tool('Why?', 'Why? (W)', () => why(line))}${tool('Wire', 'Show its exchange (J)', () => look(line))}
    </div>
  </article>`;
}
