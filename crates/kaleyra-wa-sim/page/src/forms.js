// Forms that a message opens: a flow, an address.

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { write } from './api.js';
import { show } from './sheets.js';

const ADDRESS = ['name', 'phone_number', 'in_pin_code', 'floor_number', 'building_name', 'address', 'landmark_area', 'city', 'state'];

/** What is known of a form's fields: those that the message fills in, or an address's. @param {any} line @param {boolean} isAddress */
function fields(line, isAddress) {
  const parameters = line.content?.action?.parameters ?? {};
  const known = isAddress ? parameters.values : parameters.flow_action_payload?.data;
  const given = known && typeof known === 'object' ? known : {};
  const names = isAddress ? [...new Set([...ADDRESS, ...Object.keys(given)])] : Object.keys(given);
  return { parameters, given, names: names.length ? names : ['answer'] };
}

/** @param {import('./store.js').Chat} chat @param {any} line @param {any} tap */
export function formSheet(chat, line, tap) {
  const isAddress = tap.name === 'address_message';
  const { parameters, given, names } = fields(line, isAddress);
  const screen = parameters.flow_action_payload?.screen;
  const field = (/** @type {string} */ name) => html`<label>${name.replace(/^in_/, '').replaceAll('_', ' ')}
    <input name=${`field ${name}`} .value=${['string', 'number'].includes(typeof given[name]) ? String(given[name]) : ''}></label>`;
  show({
    title: isAddress ? 'Address' : tap.label || 'Form',
    action: 'Send',
    body: html`${isAddress ? nothing : html`<p class="hint">Form ${parameters.flow_id ?? parameters.flow_name ?? ''}${screen ? `, screen ${screen}` : ''}: the simulator does not know its fields, so these are the ones that the message fills in.</p>`}
      ${names.map(field)}
      <details><summary>Send other JSON instead</summary><label>Response<textarea name="json" rows="4" spellcheck="false" placeholder='{"size": "42"}'></textarea></label></details>`,
    done: (form) => {
      const raw = String(form.get('json') ?? '').trim();
      const filled = Object.fromEntries(names.map((name) => [name, form.get(`field ${name}`)]).filter(([, value]) => value !== '' || !isAddress));
      const token = parameters.flow_token ? { flow_token: parameters.flow_token } : {};
      const response = raw ? JSON.parse(raw) : isAddress ? { values: filled } : { ...filled, ...token };
      const body = isAddress ? Object.values(filled).join('\n') : 'Sent';
      return write(chat, 'form', { form: tap.name, body: body || 'Sent', response, message: line.message_id });
    },
  });
}
