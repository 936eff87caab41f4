// WhatsApp's marks in a text, as nodes: what a user wrote never becomes HTML.

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
  const found = MARKS
    .map(([mark, make]) => ({ match: mark.exec(text), make }))
    .filter((it) => it.match !== null)
    .sort((a, b) => (a.match?.index ?? 0) - (b.match?.index ?? 0))[0];
  if (!found?.match) return text;
  const { match, make } = found;
  const end = match.index + match[0].length;
  return [text.slice(0, match.index), make(match[1] ?? match[0]), rich(text.slice(end))];
}

/** A link, where its scheme runs nothing; else the text. @param {string} url @param {string} [label] */
export function link(url, label = url) {
  if (!/^(https?:|tel:|mailto:)/i.test(url)) return html`<span>${label}</span>`;
  return html`<a href=${url} target="_blank" rel="noopener noreferrer nofollow">${label}</a>`;
}

/** A text with its line ends. @param {unknown} text */
export function paragraph(text, name = 'says') {
  if (text === undefined || text === null || text === '') return nothing;
  const shown = typeof text === 'string' ? text : JSON.stringify(text);
  return html`<p class=${name} dir="auto"><span class="pre">${rich(shown)}</span></p>`;
}

/** A time of the day. @param {string | number} at RFC 3339, or seconds since 1970 */
export function time(at) {
  const date = new Date(typeof at === 'number' ? at * 1000 : at);
  return Number.isNaN(date.valueOf()) ? '' : date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
}

/** One line that says what a message is. @param {any} line @returns {string} */
export function brief(line) {
  const content = line?.content ?? {};
  const reply = content.button_reply ?? content.list_reply ?? content.nfm_reply;
  const text = line?.says?.body || content.body?.text || (typeof content.body === 'string' ? content.body : '')
    || reply?.title || reply?.body || content.text || content.caption || content.name || content.emoji;
  return typeof text === 'string' && text ? text : String(line?.type ?? '').replaceAll('_', ' ');
}
