// Texts: WhatsApp's marks as nodes, so that what a user wrote never becomes HTML; times; and what a message is, in a line.

import { html, nothing } from '../vendor/lit-html/lit-html.js';

/** @type {[RegExp, (inner: string) => unknown][]} */
const MARKS = [
  [/```([^]+?)```/, (inner) => html`<code>${inner}</code>`],
  [/`([^`\n]+)`/, (inner) => html`<code>${inner}</code>`],
  [/https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]]/, (url) => link(url)],
  [/(?<![\p{L}\p{N}])\*(?!\s)([^*\n]+?)(?<!\s)\*(?![\p{L}\p{N}])/u, (inner) => html`<strong>${rich(inner)}</strong>`],
  [/(?<![\p{L}\p{N}])_(?!\s)([^_\n]+?)(?<!\s)_(?![\p{L}\p{N}])/u, (inner) => html`<em>${rich(inner)}</em>`],
  [/(?<![\p{L}\p{N}])~(?!\s)([^~\n]+?)(?<!\s)~(?![\p{L}\p{N}])/u, (inner) => html`<s>${rich(inner)}</s>`],
];

/** @param {string} text @returns {unknown} */
export function rich(text) {
  const parts = [];
  let rest = text;
  for (;;) {
    const found = MARKS.map(([mark, make]) => ({ match: mark.exec(rest), make }))
      .filter((it) => it.match !== null)
      .sort((a, b) => (a.match?.index ?? 0) - (b.match?.index ?? 0))[0];
    if (!found?.match) return [...parts, rest];
    const { match, make } = found;
    parts.push(rest.slice(0, match.index), make(match[1] ?? match[0]));
    rest = rest.slice(match.index + match[0].length);
  }
}

/** A link, where its scheme runs nothing; else the text. @param {unknown} url @param {string} [label] */
export function link(url, label) {
  const address = String(url ?? '');
  if (!/^(https?:|tel:|mailto:)/i.test(address)) return html`<span>${label ?? address}</span>`;
  return html`<a href=${address} target="_blank" rel="noopener noreferrer nofollow">${label ?? address}</a>`;
}

/** A text with its line ends. @param {unknown} text */
export function paragraph(text, name = 'says') {
  if (text === undefined || text === null || text === '') return nothing;
  const shown = typeof text === 'string' ? text : JSON.stringify(text);
  return html`<p class=${name} dir="auto"><span class="pre">${rich(shown)}</span></p>`;
}

/** @param {string | number} at RFC 3339, or seconds since 1970 */
const date = (at) => new Date(typeof at === 'number' ? at * 1000 : at);

/** A time of the day: `12:31`, or with its seconds. @param {string | number} at @param {boolean} [hasSeconds] */
export function time(at, hasSeconds = false) {
  const moment = date(at);
  if (Number.isNaN(moment.valueOf())) return '';
  /** @type {Intl.DateTimeFormatOptions} */
  const format = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
  return moment.toLocaleTimeString([], hasSeconds ? { ...format, second: '2-digit' } : format);
}

/** A day: `Sat, 28 Nov 2026`. @param {string | number} at */
export function day(at) {
  const moment = date(at);
  if (Number.isNaN(moment.valueOf())) return '';
  return moment.toLocaleDateString([], { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });
}

/** One line that says what a message is. @param {any} line @returns {string} */
export function brief(line) {
  const content = line?.content ?? {};
  const reply = content.button_reply ?? content.list_reply ?? content.nfm_reply;
  const written = typeof content.body === 'string' ? content.body : '';
  const contact = Array.isArray(content) ? (content[0]?.name?.formatted_name ?? content[0]?.phones?.[0]?.phone) : '';
  const says = line?.says?.body || content.body?.text || written || reply?.title || reply?.body || content.text || content.caption;
  const text = says || content.filename || content.name || content.emoji || contact;
  return typeof text === 'string' && text ? text : String(line?.type ?? '').replaceAll('_', ' ');
}
