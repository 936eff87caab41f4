// Icons are drawn, since a font may not have them.

import { html, svg } from '../vendor/lit-html/lit-html.js';

const PATHS = {
  plus: 'M8 3v10M3 8h10',
  back: 'm10 3-5 5 5 5',
  next: 'm6 3 5 5-5 5',
  close: 'm4 4 8 8m0-8-8 8',
  beside: 'M2 3h5v10H2zM9 3h5v10H9z',
  smile: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2ZM6 6.2v.6M10 6.2v.6M5.4 9.4c1.2 1.8 4 1.8 5.2 0',
  reply: 'M7 4 3 8l4 4M3 8h6a4 4 0 0 1 4 4',
  link: 'M9 3h4v4M13 3 7.5 8.5M11 9v4H3V5h4',
  call: 'M4.5 2.5 6.3 6 5 7.3A8 8 0 0 0 8.7 11L10 9.7l3.5 1.8-1 2.5C7 14 2 9 2 3.5z',
  copy: 'M6 6h7v7H6zM10 6V3H3v7h3',
  pin: 'M8 14s4.5-4.3 4.5-7.5a4.5 4.5 0 0 0-9 0C3.5 9.7 8 14 8 14ZM8 6v1',
  list: 'M3 4h10M3 8h10M3 12h10',
  cart: 'M2 3h2l1.5 7h6L13 5H4.5M6 13v.4M11 13v.4',
  form: 'M4 2h8v12H4zM6 5h4M6 8h4M6 11h2',
  file: 'M4 2h5l3 3v9H4zM9 2v3h3',
  person: 'M8 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM3.5 14a4.5 4.5 0 0 1 9 0',
  voice: 'M8 2a2 2 0 0 1 2 2v4a2 2 0 0 1-4 0V4a2 2 0 0 1 2-2ZM4 8a4 4 0 0 0 8 0M8 12v2',
  waiting: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2Zm0 3v3l2 2',
  sent: 'm3 8.5 3 3 6-7',
  taken: 'm1 8.5 3 3 6-7m-2.5 6.5.5.5 6-7',
  read: 'm1 8.5 3 3 6-7m-2.5 6.5.5.5 6-7',
  failed: 'M8 3v6m0 3v.5',
};

/** @param {keyof typeof PATHS} name */
export const icon = (name, size = 18) =>
  html`<svg class="drawn" viewBox="0 0 16 16" width=${size} height=${size} aria-hidden="true">${svg`<path d=${PATHS[name]}></path>`}</svg>`;
