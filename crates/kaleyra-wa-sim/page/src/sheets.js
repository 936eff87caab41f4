// Sheets over the page: lists, forms, orders, places, and what is asked before something happens.

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { write } from './api.js';
import { json, list } from './content.js';
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

/** @param {Chat} _chat @param {any} line @param {any[]} taps @param {(tap: any) => unknown} tapped */
export function listSheet(_chat, line, taps, tapped) {
  const sections = Map.groupBy(taps, (tap) => tap.section ?? '');
  show({
    title: line.content?.action?.button ?? 'All options',
    action: 'Send',
    body: [...sections].map(([title, rows]) => html`<fieldset>${title ? html`<legend>${title}</legend>` : html`<legend class="hidden">Options</legend>`}
      ${rows.map((row) => html`<label class="row"><input type="radio" name="row" required value=${String(taps.indexOf(row))}>
        <span dir="auto">${row.label}${row.description ? html`<small>${row.description}</small>` : nothing}</span></label>`)}</fieldset>`),
    done: (form) => tapped(taps[Number(form.get('row'))]),
  });
}

/** @param {Chat} chat @param {any} line @param {any} tap */
export function formSheet(chat, line, tap) {
  const parameters = line.content?.action?.parameters ?? {};
  const known = { ...parameters.values, ...parameters.flow_action_payload?.data };
  const isAddress = tap.name === 'address_message';
  const names = Object.keys(known).length ? Object.keys(known) : isAddress ? ['name', 'phone_number', 'in_pin_code', 'address', 'city', 'state'] : ['answer'];
  show({
    title: isAddress ? 'Address' : tap.label || 'Form',
    action: 'Send',
    body: html`${names.map((name) => html`<label>${name.replaceAll('_', ' ')}<input name=${`field ${name}`} .value=${typeof known[name] === 'string' ? known[name] : ''}></label>`)}
      <details><summary>Send this JSON instead</summary><label>Response<textarea name="json" rows="4" placeholder='{"size": "42"}'></textarea></label></details>`,
    done: (form) => {
      const raw = String(form.get('json') ?? '').trim();
      const fields = Object.fromEntries(names.map((name) => [name, form.get(`field ${name}`)]));
      const values = isAddress ? { values: fields } : { ...fields, ...(parameters.flow_token ? { flow_token: parameters.flow_token } : {}) };
      return write(chat, 'form', { form: tap.name, response: raw ? JSON.parse(raw) : values, message: line.message_id });
    },
  });
}

/** @param {Chat} chat @param {any} line @param {any} tap */
export function orderSheet(chat, line, tap) {
  const offered = list(line.content?.action?.sections).flatMap((section) => list(section?.product_items)).map((it) => it?.product_retailer_id);
  const products = tap.product ? [tap.product] : offered.length ? offered : [''];
  show({
    title: 'Order', action: 'Send the order',
    body: html`<label>Catalog<input name="catalog" required .value=${tap.catalog_id || 'catalog'}></label>
      ${products.map((product, index) => html`<fieldset><legend>Product ${index + 1}</legend>
        <label>Id<input name=${`product ${index}`} ?required=${index === 0} .value=${product}></label>
        <label>Quantity<input name=${`count ${index}`} type="number" min="0" value=${index === 0 ? '1' : '0'}></label>
        <label>Price<input name=${`price ${index}`} type="number" min="0" step="any" value="100"></label></fieldset>`)}
      <label>Currency<input name="currency" required value="INR" maxlength="3"></label>
      <label>Note<input name="text"></label>`,
    done: (form) => {
      const items = products.map((_, index) => ({
        product_retailer_id: String(form.get(`product ${index}`)), quantity: Number(form.get(`count ${index}`)),
        item_price: Number(form.get(`price ${index}`)), currency: String(form.get('currency')),
      })).filter((it) => it.quantity > 0);
      return write(chat, 'order', { catalog_id: form.get('catalog'), text: form.get('text'), product_items: items, message: line.message_id });
    },
  });
}

/** @param {Chat} chat @param {string} [message] */
export function locationSheet(chat, message) {
  show({
    title: 'Send a location', action: 'Send',
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
    title: 'Send a contact', action: 'Send',
    body: html`<label>Name<input name="contact" required value="Ravi Example"></label><label>Number<input name="phone" required value="+919800000002"></label>`,
    done: (form) => write(chat, 'contact', { contact: form.get('contact'), phone: form.get('phone') }),
  });
}

/** @param {Chat} chat @param {string} message */
export function permissionSheet(chat, message) {
  show({
    title: 'May the business call you?', action: 'Send',
    body: html`<fieldset><legend class="hidden">Calls</legend><label class="row"><input type="radio" name="accept" value="yes" checked>Allow</label>
      <label class="row"><input type="radio" name="accept" value="no">Decline</label></fieldset>`,
    done: (form) => write(chat, 'call-permission', { accept: form.get('accept') === 'yes', message }),
  });
}

/** @param {string} url */
export function linkSheet(url) {
  const isSafe = /^https?:/i.test(url);
  show({ title: 'A link', body: html`<p>The phone would open:</p><p class="address">${url}</p>
    ${isSafe ? html`<p><a href=${url} target="_blank" rel="noopener noreferrer nofollow">Open it in a new tab</a></p>` : html`<p>It is no http or https address, so it can't be opened from here.</p>`}` });
}

export function callSheet() {
  show({ title: 'A call', body: html`<p>The phone would call the business now. Nothing is called back.</p>` });
}

/** Any kind of message, as JSON. @param {Chat} chat */
export function otherSheet(chat) {
  show({
    title: 'Send any other kind', action: 'Send',
    body: html`<label>Type<input name="type" required value="hologram"></label><label>Content<textarea name="content" rows="4">${json({ depth: 3 })}</textarea></label>`,
    done: (form) => write(chat, 'other', { type: form.get('type'), content: JSON.parse(String(form.get('content'))) }),
  });
}
