// What the person writes: a text, an emoji, a file, a place, a contact.

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { live } from '../vendor/lit-html/directives/live.js';
import { post, userPath, write } from './api.js';
import { EMOJI } from './emoji.js';
import { icon } from './icons.js';
import { contactSheet, locationSheet, otherSheet, show } from './sheets.js';
import { attempt, changed, key, linesOf, logOf, nameOf, state } from './store.js';
import { brief } from './text.js';

/** @typedef {import('./store.js').Chat} Chat */

/** The chats whose newest message is to be seen after what was written. @type {Set<string>} */
export const sticky = new Set();

/** @param {Chat} chat @returns {HTMLTextAreaElement | null} */
const field = (chat) => /** @type {HTMLTextAreaElement | null} */ (document.getElementById(`write-${key(chat)}`));

/** @param {Chat} chat */
export const focusComposer = (chat) => field(chat)?.focus();

/** @param {Chat} chat */
function send(chat) {
  const log = logOf(chat);
  const body = log.draft.trim();
  if (!body) return;
  const message = log.quote?.message_id ?? log.quote?.id;
  log.draft = '';
  log.quote = null;
  sticky.add(key(chat));
  void attempt(() => write(chat, 'text', { body, message }));
}

/** @param {KeyboardEvent} event @param {Chat} chat */
function keys(event, chat) {
  const log = logOf(chat);
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) { event.preventDefault(); send(chat); }
  if (event.key === 'Escape' && log.quote) { log.quote = null; changed(); }
  if (event.key === 'ArrowUp' && !log.draft) {
    const last = linesOf(chat).findLast((it) => it.from === 'user' && it.type === 'text');
    if (last) { event.preventDefault(); log.draft = last.content.body; changed(); }
  }
}

/** Puts an emoji where the caret is. @param {Chat} chat @param {string} emoji */
function insert(chat, emoji) {
  const log = logOf(chat);
  const at = field(chat)?.selectionStart ?? log.draft.length;
  log.draft = log.draft.slice(0, at) + emoji + log.draft.slice(at);
  changed();
  requestAnimationFrame(() => requestAnimationFrame(() => { focusComposer(chat); field(chat)?.setSelectionRange(at + emoji.length, at + emoji.length); }));
}

/** As what a phone sends a file of this type. @param {string} type */
function kindOf(type) {
  const [family] = type.split('/');
  if (type === 'image/webp') return 'sticker';
  return ['image', 'video', 'audio'].includes(family) ? family : 'document';
}

/** Asks for a caption, and sends it. @param {Chat} chat @param {File | null | undefined} file */
export function attach(chat, file) {
  if (!file) return;
  const kind = kindOf(file.type);
  const url = ['image', 'sticker'].includes(kind) ? URL.createObjectURL(file) : '';
  show({
    title: `Send ${kind === 'image' ? 'a photo' : kind === 'audio' ? 'an audio file' : `a ${kind}`}`,
    action: 'Send',
    body: html`${url ? html`<img class="photo" src=${url} alt="The photo to send">` : html`<p class="card file">${icon('file', 28)}<strong>${file.name}</strong></p>`}
      ${['image', 'video', 'document'].includes(kind) ? html`<label>Caption<input name="caption"></label>` : nothing}
      ${kind === 'audio' ? html`<label class="row"><input type="checkbox" name="voice" value="yes" ?checked=${/ogg/.test(file.type)}>As a voice note</label>` : nothing}`,
    done: (form) => {
      if (url) URL.revokeObjectURL(url);
      /** @type {Record<string, string>} */
      const more = kind === 'document' ? { filename: file.name } : {};
      for (const name of ['caption', 'voice']) if (form.get(name)) more[name] = String(form.get(name));
      sticky.add(key(chat));
      return write(chat, kind, file, more);
    },
  });
}

/** @param {any} event shuts the menu that it comes from */
const shut = (event) => { event.target.closest('details').open = false; };

/** @param {Chat} chat */
function menu(chat) {
  /** @type {[string, Parameters<typeof icon>[0], () => unknown][]} */
  const deeds = [
    ['Location', 'pin', () => locationSheet(chat)],
    ['Contact', 'person', () => contactSheet(chat)],
    ['Other kind', 'form', () => otherSheet(chat)],
    ['Mark all as read', 'read', () => attempt(() => post(userPath(chat, 'read')))],
  ];
  return html`<details class="more"><summary aria-label="Attach" title="Attach">${icon('plus', 20)}</summary><div class="menu">
    <label class="button">${icon('file')}Photo or file<input type="file" class="hidden"
      @change=${(/** @type {any} */ event) => { const [file] = event.target.files; event.target.value = ''; shut(event); attach(chat, file); }}></label>
    ${deeds.map(([label, name, deed]) => html`<button type="button" @click=${(/** @type {Event} */ event) => { shut(event); deed(); }}>${icon(name)}${label}</button>`)}</div></details>`;
}

/** @param {Chat} chat */
function emoji(chat) {
  return html`<details class="more"><summary aria-label="Emoji" title="Emoji">${icon('smile', 20)}</summary><div class="menu grid">${EMOJI.map(([emoji, name]) => html`<button type="button"
    aria-label=${name} title=${name} @click=${(/** @type {Event} */ event) => { shut(event); insert(chat, emoji); }}>${emoji}</button>`)}</div></details>`;
}

/** @param {Chat} chat */
export function composer(chat) {
  const log = logOf(chat);
  const id = `write-${key(chat)}`;
  return html`${log.quote ? html`<p class="quoting"><span dir="auto">${brief(log.quote)}</span><button type="button" class="icon" aria-label="Quote nothing" @click=${() => { log.quote = null; changed(); }}>${icon('close')}</button></p>` : nothing}
  <form class="composer" @submit=${(/** @type {Event} */ event) => { event.preventDefault(); send(chat); }}
    @drop=${(/** @type {DragEvent} */ event) => { event.preventDefault(); attach(chat, event.dataTransfer?.files[0]); }} @dragover=${(/** @type {Event} */ event) => event.preventDefault()}>
    ${menu(chat)}${emoji(chat)}
    <label class="hidden" for=${id}>Message of ${nameOf(chat)}</label>
    <textarea id=${id} rows="1" placeholder=${`Message as ${nameOf(chat).split(' ')[0]}`} dir="auto" .value=${live(log.draft)}
      @input=${(/** @type {any} */ event) => { log.draft = event.target.value; }} @keydown=${(/** @type {KeyboardEvent} */ event) => keys(event, chat)}
      @paste=${(/** @type {ClipboardEvent} */ event) => { const [file] = event.clipboardData?.files ?? []; if (file) { event.preventDefault(); attach(chat, file); } }}></textarea>
    <button class="send" aria-label="Send"><svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true"><path d="M4 4l17 8-17 8 3-8z"></path></svg></button></form>`;
}

/** Shuts the menus that are open, but for the one that the event is in. @param {Event} event */
export function shutMenus(event) {
  for (const menu of /** @type {NodeListOf<HTMLDetailsElement>} */ (document.querySelectorAll('details.more[open]'))) {
    if (!menu.contains(/** @type {Node} */ (event.target))) menu.open = false;
    else if (event instanceof KeyboardEvent) { menu.open = false; menu.querySelector('summary')?.focus(); event.stopPropagation(); }
  }
}
