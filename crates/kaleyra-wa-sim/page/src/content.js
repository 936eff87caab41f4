// What a message shows, for every kind, in both directions.

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { icon } from './icons.js';
import { day, link, paragraph, time } from './text.js';

/** @param {any} value @returns {any[]} */
export const list = (value) => (Array.isArray(value) ? value : []);

/** @param {unknown} value */
export function json(value) {
  if (typeof value === 'string') {
    try { return JSON.stringify(JSON.parse(value), null, 2); } catch { return value; }
  }
  return JSON.stringify(value, null, 2) ?? '';
}

/**
 * Where a file can be shown from; `''` where it lies on another host, from which nothing is fetched.
 * @param {any} line @param {any} file
 */
export function fileUrl(line, file) {
  if (line.from === 'user') {
    const hosted = /^https?:\/\/[^/]+\/media\/([\w-]+)$/.exec(line.media_url ?? '');
    return hosted ? `/sim/files/${hosted[1]}` : '';
  }
  return typeof file?.id === 'string' ? `/sim/media/${encodeURIComponent(file.id)}` : '';
}

/** @param {string} kind @param {any} line @param {any} file */
export function media(kind, line, file) {
  if (!file) return nothing;
  const url = fileUrl(line, file);
  const name = file.filename ?? kind;
  if (!url) {
    return html`<div class="card file">${icon('file', 28)}<span><strong dir="auto">${name}</strong><small>on another host, so not shown here</small>
      ${link(file.link ?? line.media_url ?? '')}</span></div>`;
  }
  switch (kind) {
    case 'image': return html`<img class="photo" src=${url} alt=${file.caption || 'Photo'} loading="lazy">`;
    case 'sticker': return html`<img class="sticker" src=${url} alt="Sticker" loading="lazy">`;
    case 'video': return html`<video class="photo" src=${url} controls preload="metadata" aria-label=${file.caption || 'Video'}></video>`;
    case 'audio': return html`<div class="audio">${file.voice ? html`<small>${icon('voice', 16)}Voice note</small>` : nothing}
      <audio src=${url} controls preload="metadata" aria-label=${file.voice ? 'Voice note' : 'Audio'}></audio></div>`;
    default: return html`<div class="card file">${icon('file', 28)}<span><strong dir="auto">${name}</strong><a href=${url} download=${name}>Save the file</a></span></div>`;
  }
}

/** @param {any} place */
function location(place) {
  const address = place?.address && place.address !== place.name ? html`<span dir="auto">${place.address}</span>` : nothing;
  return html`<div class="card place"><span class="pin" aria-hidden="true"></span><strong dir="auto">${place?.name ?? 'Location'}</strong>
    ${address}<small>${place?.latitude}, ${place?.longitude}</small></div>`;
}

/** @param {any} contacts */
function contacts(contacts) {
  return list(contacts).map((contact) => {
    const name = contact?.name?.formatted_name ?? contact?.name?.first_name ?? 'Contact';
    return html`<div class="card file">${icon('person', 28)}<span><strong dir="auto">${name}</strong>
      ${list(contact?.phones).map((phone) => html`<span>${phone?.phone}</span>`)}${list(contact?.emails).map((email) => html`<span>${email?.email}</span>`)}
      ${list(contact?.urls).map((url) => link(url?.url))}</span></div>`;
  });
}

/** A product, of which the simulator knows nothing but the id. @param {any} id @param {unknown} [more] */
export function product(id, more = nothing) {
  const name = String(id ?? '');
  return html`<div class="product"><span class="thumb" aria-hidden="true">${name.slice(0, 1).toUpperCase()}</span><span><strong dir="auto">${name}</strong>${more}</span></div>`;
}

/** @param {any} order what a user ordered */
function order(order) {
  const items = list(order?.product_items);
  const total = items.reduce((sum, item) => sum + Number(item?.quantity ?? 0) * Number(item?.item_price ?? 0), 0);
  return html`<div class="card"><strong>Order of ${items.length === 1 ? 'one product' : `${items.length} products`}</strong>
    ${items.map((item) => product(item?.product_retailer_id, html`<small>${item?.quantity} × ${item?.item_price} ${item?.currency}</small>`))}
    <small>${total.toLocaleString()} ${items[0]?.currency} in all, from catalog ${order?.catalog_id}</small></div>${paragraph(order?.text)}`;
}

/** @param {any} amount @param {unknown} currency */
const money = (amount, currency) => (amount?.value === undefined ? '' : `${(amount.value / (amount.offset || 1)).toLocaleString()} ${currency ?? ''}`);

/** What is to be paid, or how that stands. @param {any} parameters */
function payment(parameters) {
  const { currency, order } = parameters;
  return html`<div class="card"><strong>Order ${parameters.reference_id ?? ''}</strong>
    ${list(order?.items).map((item) => html`<span dir="auto">${item?.quantity} × ${item?.name} <small>${money(item?.amount, currency)}</small></span>`)}
    ${order?.status ? html`<small>${String(order.status).replaceAll('_', ' ')}</small>` : nothing}
    ${parameters.total_amount ? html`<strong>${money(parameters.total_amount, currency)}</strong>` : nothing}</div>`;
}

/** @param {any} header @param {any} line */
function header(header, line) {
  if (!header) return nothing;
  if (header.type === 'text') return paragraph(header.text, 'header');
  return media(header.type, line, header[header.type]);
}

/** What a user chose or filled in. @param {any} line @param {any} content */
function chosen(line, content) {
  const reply = content?.button_reply ?? content?.list_reply;
  if (reply) return html`${paragraph(reply.title)}${paragraph(reply.description, 'footer')}`;
  const form = content?.nfm_reply;
  if (form) return html`${paragraph(form.body ?? 'Form sent')}<details><summary>What was filled in</summary><pre>${json(form.response_json)}</pre></details>`;
  if (content?.call_permission_reply) return paragraph(content.call_permission_reply.response === 'accept' ? 'Calls allowed' : 'Calls declined');
  return unknown(line);
}

/** @param {any} line @param {any} content */
function interactive(line, content) {
  if (line.from === 'user') return chosen(line, content);
  const action = content?.action ?? {};
  const products = [...list(action.sections).flatMap((section) => list(section?.product_items)), action].map((it) => it?.product_retailer_id).filter(Boolean);
  const isCatalog = content?.type === 'catalog_message';
  return html`${header(content?.header, line)}${paragraph(content?.body?.text)}
    ${products.length || isCatalog ? html`<div class="card">${products.slice(0, 3).map((id) => product(id))}
      ${isCatalog ? product('Catalog', html`<small>all products</small>`) : nothing}${products.length > 3 ? html`<small>and ${products.length - 3} more</small>` : nothing}</div>` : nothing}
    ${/^order_/.test(content?.type) ? payment(action.parameters ?? {}) : nothing}${paragraph(content?.footer?.text, 'footer')}`;
}

/** The parameters of a template's part. @param {any} content @param {string} kind */
const parameters = (content, kind) => list(content?.components).filter((it) => String(it?.type).toLowerCase() === kind).flatMap((it) => list(it?.parameters));

/** A file, a place or a product at a template's head. @param {any} line @param {any} content */
function head(line, content) {
  return parameters(content, 'header').map((it) => {
    const given = it?.[it?.type];
    if (it?.type === 'location') return location(given);
    if (it?.type === 'product') return product(given?.product_retailer_id);
    return given?.id || given?.link ? media(it.type, line, given) : nothing;
  });
}

/** @param {any} it a parameter */
const value = (it) => it?.text ?? it?.[it?.type]?.fallback_value ?? '';

/** @param {any} line @param {any} content */
function template(line, content) {
  const { says } = line;
  const offer = parameters(content, 'limited_time_offer')[0]?.limited_time_offer?.expiration_time_ms;
  const ends = offer ? html`<p class="footer">Offer ends ${day(offer / 1000)}, ${time(offer / 1000)}</p>` : nothing;
  if (says) return html`${head(line, content)}${paragraph(says.header, 'header')}${paragraph(says.body)}${ends}${paragraph(says.footer, 'footer')}`;
  const given = [...parameters(content, 'header'), ...parameters(content, 'body')].map(value).filter(Boolean);
  const isBare = !given.length && !list(content?.components).length;
  return html`${head(line, content)}<p class="header">Template ${content?.name} <small>${content?.language?.code}</small></p>${given.map((it) => paragraph(it))}${ends}
    ${isBare ? html`<p class="footer">without parameters; start with a folder of definitions to see its text</p>` : nothing}`;
}

/** A card of a carousel, of a message or of a template. @param {any} line @param {any} card @param {number} index */
export function cardContent(line, card, index) {
  if (line.type !== 'template') return interactive({ ...line, type: 'interactive' }, card);
  return html`${head(line, card)}${paragraph(line.says?.cards?.[index] || parameters(card, 'body').map(value).join(', '))}`;
}

/** @param {any} line */
function unknown(line) {
  return html`<p class="header">${line.type}</p><details><summary>JSON</summary><pre>${json(line.content)}</pre></details>`;
}

/** What brought the user, or what the message is about. @param {any} riders */
function riders(riders) {
  const { referral, context } = riders ?? {};
  const about = context?.referred_product;
  return html`${context?.forwarded || context?.frequently_forwarded ? html`<p class="footer">Forwarded</p>` : nothing}
    ${referral ? html`<div class="card"><small>From an advertisement</small><strong dir="auto">${referral.headline ?? ''}</strong><span dir="auto">${referral.body ?? ''}</span>${link(referral.source_url)}</div>` : nothing}
    ${about ? html`<div class="card"><small>About a product</small>${product(about.product_retailer_id)}</div>` : nothing}`;
}

/** @param {any} line */
function said(line) {
  const { content } = line;
  switch (line.type) {
    case 'text': return paragraph(content?.body);
    case 'button': return paragraph(content?.text);
    case 'image': case 'video': case 'audio': case 'document': case 'sticker': return html`${media(line.type, line, content)}${paragraph(content?.caption)}`;
    case 'location': return location(content);
    case 'contacts': return contacts(content);
    case 'order': return order(content);
    case 'interactive': return interactive(line, content);
    case 'template': return template(line, content);
    case 'system': return paragraph(content?.body);
    case 'unsupported': return html`<p class="footer">A kind that businesses are not shown: ${content?.type ?? ''}</p>`;
    default: return unknown(line);
  }
}

/** What a message shows, without what can be tapped. @param {any} line */
export const content = (line) => html`${riders(line.riders)}${said(line)}`;
