// What a message shows, for every kind, in both directions.

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { link, paragraph } from './text.js';

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
  const elsewhere = file.link ?? line.media_url ?? '';
  const name = file.filename ?? kind;
  if (!url) {
    return html`<div class="card"><strong>${name}</strong><small>on another host, so it is not shown here:</small>${link(elsewhere)}</div>`;
  }
  switch (kind) {
    case 'image': return html`<img class="photo" src=${url} alt=${file.caption || 'Photo'} loading="lazy">`;
    case 'sticker': return html`<img class="sticker" src=${url} alt="Sticker" loading="lazy">`;
    case 'video': return html`<video class="photo" src=${url} controls preload="metadata" aria-label=${file.caption || 'Video'}></video>`;
    case 'audio': return html`<div class="audio">${file.voice ? html`<small>Voice note</small>` : nothing}<audio src=${url} controls preload="metadata" aria-label=${file.voice ? 'Voice note' : 'Audio'}></audio></div>`;
    default: return html`<div class="card"><strong>${name}</strong><a href=${url} download=${name}>Save the file</a></div>`;
  }
}

/** @param {any} place */
function location(place) {
  return html`<div class="card place"><span class="pin" aria-hidden="true"></span><strong dir="auto">${place?.name ?? 'Location'}</strong>
    ${place?.address && place.address !== place.name ? html`<span dir="auto">${place.address}</span>` : nothing}<small>${place?.latitude}, ${place?.longitude}</small></div>`;
}

/** @param {any} contacts */
function contacts(contacts) {
  return list(contacts).map((contact) => html`<div class="card"><strong dir="auto">${contact?.name?.formatted_name ?? contact?.name?.first_name ?? 'Contact'}</strong>
    ${list(contact?.phones).map((phone) => html`<span>${phone?.phone}</span>`)}${list(contact?.emails).map((email) => html`<span>${email?.email}</span>`)}</div>`);
}

/** @param {any} order */
function order(order) {
  return html`<div class="card"><strong>Order</strong>${list(order?.product_items).map((item) => html`<span>${item?.quantity} × ${item?.product_retailer_id} at ${item?.item_price} ${item?.currency}</span>`)}
    ${paragraph(order?.text)}</div>`;
}

/** @param {any} header @param {any} line */
function header(header, line) {
  if (!header) return nothing;
  if (header.type === 'text') return html`<p class="header" dir="auto">${header.text}</p>`;
  return media(header.type, line, header[header.type]);
}

/** @param {any} line @param {any} content */
function interactive(line, content) {
  for (const [kind, says] of Object.entries({ button_reply: 'title', list_reply: 'title' })) {
    if (content?.[kind]) return html`${paragraph(content[kind][says])}${paragraph(content[kind].description, 'footer')}`;
  }
  if (content?.nfm_reply) {
    const form = content.nfm_reply;
    return html`${paragraph(form.body ?? 'Form sent')}<details><summary>What was filled in</summary><pre>${json(form.response_json)}</pre></details>`;
  }
  if (content?.call_permission_reply) return paragraph(content.call_permission_reply.response === 'accept' ? 'Calls allowed' : 'Calls declined');
  if (line.from === 'user') return unknown(line);
  return html`${header(content?.header, line)}${paragraph(content?.body?.text)}${paragraph(content?.footer?.text, 'footer')}
    ${content?.type === 'product_list' || content?.type === 'product' || content?.type === 'catalog_message' ? html`<div class="card">
      ${list(content?.action?.sections).flatMap((section) => list(section?.product_items)).map((item) => html`<span>${item?.product_retailer_id}</span>`)}
      <strong>${content?.action?.product_retailer_id ?? 'Catalog'}</strong></div>` : nothing}`;
}

/** @param {any} line @param {any} content */
function template(line, content) {
  const says = line.says;
  /** @param {string} kind */
  const parameters = (kind) => list(content?.components).filter((it) => String(it?.type).toLowerCase() === kind).flatMap((it) => list(it?.parameters));
  const files = parameters('header').filter((it) => it?.[it?.type]?.id || it?.[it?.type]?.link).map((it) => media(it.type, line, it[it.type]));
  if (says) return html`${files}${paragraph(says.header, 'header')}${paragraph(says.body)}${paragraph(says.footer, 'footer')}`;
  const given = parameters('body').map((it) => it?.text ?? it?.[it?.type]?.fallback_value ?? '').filter(Boolean);
  return html`${files}<p class="header">Template ${content?.name} <small>${content?.language?.code}</small></p>${given.map((it) => paragraph(it))}
    ${given.length ? nothing : html`<p class="footer">without parameters; start with a folder of definitions to see its text</p>`}`;
}

/** @param {any} line */
function unknown(line) {
  return html`<p class="header">${line.type}</p><details><summary>JSON</summary><pre>${json(line.content)}</pre></details>`;
}

/** What a message shows, without what can be tapped. @param {any} line */
export function content(line) {
  const content = line.content;
  switch (line.type) {
    case 'text': return paragraph(content?.body);
    case 'button': return paragraph(content?.text);
    case 'image': case 'video': case 'audio': case 'document': case 'sticker':
      return html`${media(line.type, line, content)}${paragraph(content?.caption)}`;
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

/** @param {any} value @returns {any[]} */
export function list(value) {
  return Array.isArray(value) ? value : [];
}

/** @param {unknown} value */
export function json(value) {
  if (typeof value === 'string') {
    try { return JSON.stringify(JSON.parse(value), null, 2); } catch { return value; }
  }
  return JSON.stringify(value, null, 2) ?? '';
}
