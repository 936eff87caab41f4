// The cart: products of a catalog's message, and how many of each.

import { html } from '../vendor/lit-html/lit-html.js';
import { write } from './api.js';
import { list, product } from './content.js';
import { show } from './sheets.js';

/** @param {any} line @param {any} tap */
function offered(line, tap) {
  if (tap.product) return [tap.product];
  const sections = list(line.content?.action?.sections);
  // A template names its products in its button's parameter.
  const ofTemplate = list(line.content?.components).flatMap((it) => list(it?.parameters)).flatMap((it) => list(it?.action?.sections));
  const ids = [...sections, ...ofTemplate].flatMap((section) => list(section?.product_items)).map((item) => item?.product_retailer_id).filter(Boolean);
  return ids.length ? ids : ['product-1', 'product-2'];
}

/** @param {import('./store.js').Chat} chat @param {any} line @param {any} tap */
export function orderSheet(chat, line, tap) {
  const products = offered(line, tap);
  show({
    title: 'Your cart',
    action: 'Send the order',
    body: html`<p class="hint">The simulator has no catalog: prices are yours to set.</p>
      ${products.map((id, index) => html`<fieldset class="item"><legend class="hidden">${id}</legend>${product(id)}
        <label>Quantity<input name=${`count ${index}`} type="number" min="0" max="99" value=${index === 0 ? '1' : '0'}></label>
        <label>Price<input name=${`price ${index}`} type="number" min="0" step="any" value="100"></label></fieldset>`)}
      <label>Catalog<input name="catalog" required .value=${tap.catalog_id || 'catalog-1'}></label>
      <label>Currency<input name="currency" required value="INR" maxlength="3" pattern="[A-Z]{3}"></label>
      <label>Note<input name="text"></label>`,
    done: (form) => {
      const items = products.map((id, index) => ({
        product_retailer_id: id, quantity: Number(form.get(`count ${index}`)), item_price: Number(form.get(`price ${index}`)), currency: String(form.get('currency')),
      })).filter((it) => it.quantity > 0);
      if (!items.length) throw new Error('The cart is empty: set a quantity.');
      return write(chat, 'order', { catalog_id: form.get('catalog'), text: form.get('text'), product_items: items, message: line.message_id });
    },
  });
}
