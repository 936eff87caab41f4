// Sheets over the page: lists, places, contacts, and what is asked before something happens.

import { html } from '../vendor/lit-html/lit-html.js';
import { write } from './api.js';
import { json } from './content.js';
import { EMOJI } from './emoji.js';
import { changed, state } from './store.js';

/** @typedef {import('./store.js').Chat} Chat */
/**
 * @typedef {object} Sheet
 * @property {string} title
 * @property {unknown} body
 * @property {string} [action] what its button says; none where there is nothing to send
 * @property {(form: FormData) => unknown} [done]
 */

/** @param {Sheet} sheet */
export function show(sheet) {
  state.sheet = sheet;
  changed();
}

export function close() {
  state.sheet = null;
  changed();
}

/** @param {string} title @param {any[]} taps @param {(tap: any) => unknown} tapped */
export function listSheet(title, taps, tapped) {
  /** @type {Map<string, any[]>} */
  const sections = new Map();
  for (const tap of taps) sections.set(tap.section ?? '', [...(sections.get(tap.section ?? '') ?? []), tap]);
  show({
    title,
    action: 'Send',
    body: [...sections].map(([section, rows]) => html`<fieldset><legend class=${section ? '' : 'hidden'} dir="auto">${section || 'Options'}</legend>
      ${rows.map((row) => html`<label class="row"><input type="radio" name="row" required value=${String(taps.indexOf(row))}>
        <span dir="auto">${row.label}<small>${row.description ?? ''}</small></span></label>`)}</fieldset>`),
    done: (form) => tapped(taps[Number(form.get('row'))]),
  });
}

/** @param {Chat} chat @param {string} [message] */
export function locationSheet(chat, message) {
  show({
    title: 'Send a location',
    action: 'Send',
    body: html`<label>Latitude<input name="latitude" type="number" step="any" min="-90" max="90" required value="12.9716"></label>
      <label>Longitude<input name="longitude" type="number" step="any" min="-180" max="180" required value="77.5946"></label>
      <label>Name of the place<input name="place"></label>`,
    done: (form) => write(chat, 'location', {
      latitude: Number(form.get('latitude')), longitude: Number(form.get('longitude')), place: form.get('place') || undefined, message,
    }),
  });
}

/** @param {Chat} chat */
export function contactSheet(chat) {
  show({
    title: 'Send a contact',
    action: 'Send',
    body: html`<label>Name<input name="contact" required value="Ravi Example"></label><label>Number<input name="phone" required value="+919800000002"></label>`,
    done: (form) => write(chat, 'contact', { contact: form.get('contact'), phone: form.get('phone') }),
  });
}

/** @param {Chat} chat @param {string} message */
export function permissionSheet(chat, message) {
  show({
    title: 'May the business call you?',
    action: 'Send',
    body: html`<fieldset><legend class="hidden">Calls</legend><label class="row"><input type="radio" name="accept" value="yes" checked>Allow</label>
      <label class="row"><input type="radio" name="accept" value="no">Decline</label></fieldset>`,
    done: (form) => write(chat, 'call-permission', { accept: form.get('accept') === 'yes', message }),
  });
}

/** @param {string} url */
export function linkSheet(url) {
  const isSafe = /^https?:/i.test(url);
  show({
    title: 'A link',
    body: html`<p>The phone would open:</p><p class="address">${url}</p>
      ${isSafe ? html`<p><a href=${url} target="_blank" rel="noopener noreferrer nofollow">Open it in a new tab</a></p>` : html`<p>It is no http or https address, so it can’t be opened from here.</p>`}`,
  });
}

export function callSheet() {
  show({ title: 'A call', body: html`<p>The phone would call the business now. Nothing is called back.</p>` });
}

/** @param {any} line */
export function paymentSheet(line) {
  const parameters = line.content?.action?.parameters;
  show({ title: 'Review and pay', body: html`<p>The phone would show the order, and pay with another app. Nothing is called back.</p><pre>${json(parameters)}</pre>` });
}

/** @param {Chat} chat @param {any} line */
export function editSheet(chat, line) {
  show({
    title: 'Edit the message',
    action: 'Save',
    body: html`<label>Text<textarea name="body" rows="3" .value=${line.content?.body ?? ''}></textarea></label>`,
    done: (form) => write(chat, 'edit', { original: line.id, body: form.get('body') }),
  });
}

/** @param {(emoji: string) => unknown} react */
export function emojiSheet(react) {
  show({
    title: 'React',
    action: 'React',
    body: html`<fieldset class="emoji"><legend class="hidden">Emoji</legend>${EMOJI.map(([emoji, name]) => html`<label title=${name}><input type="radio" name="emoji" value=${emoji} aria-label=${name}>${emoji}</label>`)}</fieldset>
      <label>Another<input name="other" maxlength="8"></label>`,
    done: (form) => {
      const emoji = form.get('other') || form.get('emoji');
      return emoji ? react(String(emoji)) : undefined;
    },
  });
}

/** Any kind of message, as JSON. @param {Chat} chat */
export function otherSheet(chat) {
  show({
    title: 'Send any other kind',
    action: 'Send',
    body: html`<label>Type<input name="type" required value="hologram"></label>
      <label>Content<textarea name="content" rows="4" spellcheck="false" .value=${json({ depth: 3 })}></textarea></label>`,
    done: (form) => write(chat, 'other', { type: form.get('type'), content: JSON.parse(String(form.get('content'))) }),
  });
}
