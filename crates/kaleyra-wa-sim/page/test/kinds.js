// Every kind of message, in both directions.

/** A picture of 96 × 64 points, as a BMP would be refused and a PNG is small. */
export const PICTURE = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAFklEQVR4nGMs6ZvKgA0wYRUdtBIAHegBqWjWpGAAAAAASUVORK5CYII=', 'base64');

/** A tenth of a second of silence, as a browser plays it whatever it is called: a WAV. */
export const SOUND = (() => {
  const samples = 800;
  const head = Buffer.alloc(44);
  head.write('RIFF'); head.writeUInt32LE(36 + samples, 4); head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16); head.writeUInt16LE(1, 20); head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8000, 24); head.writeUInt32LE(8000, 28); head.writeUInt16LE(1, 32); head.writeUInt16LE(8, 34);
  head.write('data', 36); head.writeUInt32LE(samples, 40);
  return Buffer.concat([head, Buffer.alloc(samples, 128)]);
})();

const buttons = (titles) => titles.map((title, index) => ({ type: 'reply', reply: { id: `b${index}`, title } }));
const interactive = (content) => ({ type: 'interactive', interactive: content });

/** What a business sends; `picture` is an upload's id. */
export function sent(picture) {
  return [
    { type: 'text', text: { body: 'Welcome to *Example Shoes*. _Today_ ~12~ 8 pairs, code `SHOE-8`, see https://example.com/shoes' } },
    { type: 'image', image: { id: picture, caption: 'The blue one' } },
    { type: 'image', image: { link: 'https://example.com/red.jpg', caption: 'The red one' } },
    { type: 'document', document: { id: picture, filename: 'sizes.pdf', caption: 'All sizes' } },
    { type: 'audio', audio: { id: picture, voice: true } },
    { type: 'video', video: { id: picture, caption: 'How it is made' } },
    { type: 'sticker', sticker: { id: picture } },
    { type: 'location', location: { latitude: 12.9716, longitude: 77.5946, name: 'Example Shoes', address: 'MG Road, Bengaluru' } },
    { type: 'contacts', contacts: [{ name: { formatted_name: 'Ravi Example', first_name: 'Ravi' }, phones: [{ phone: '+919800000002', type: 'WORK' }], emails: [{ email: 'ravi@example.com' }] }] },
    interactive({ type: 'button', header: { type: 'text', text: 'Sizes' }, body: { text: 'Which size do you need?' }, footer: { text: 'European sizes' }, action: { buttons: buttons(['41', '42', '43']) } }),
    interactive({ type: 'list', body: { text: 'What are you looking for?' }, action: { button: 'Look around', sections: [{ title: 'Shoes', rows: [{ id: 'run', title: 'Running', description: 'Light and fast' }, { id: 'hike', title: 'Hiking' }] }] } }),
    interactive({ type: 'cta_url', body: { text: 'Our shop' }, action: { name: 'cta_url', parameters: { display_text: 'Open the shop', url: 'https://example.com/' } } }),
    interactive({ type: 'carousel', body: { text: 'New this week' }, action: { cards: [0, 1, 2].map((index) => ({ card_index: index, type: 'button', body: { text: `Shoe ${index + 1}` }, action: { buttons: [{ type: 'quick_reply', quick_reply: { id: `take${index}`, title: 'Take it' } }] } })) } }),
    interactive({ type: 'location_request_message', body: { text: 'Where should it go?' }, action: { name: 'send_location' } }),
    interactive({ type: 'request_contact_info', body: { text: 'May we have your number?' }, action: { name: 'request_contact_info' } }),
    interactive({ type: 'address_message', body: { text: 'Your address, please' }, action: { name: 'address_message', parameters: { country: 'IN', values: { name: 'Asha Example', city: 'Bengaluru' } } } }),
    interactive({ type: 'flow', body: { text: 'Measure your foot' }, action: { name: 'flow', parameters: { flow_id: '1', flow_token: 't1', flow_cta: 'Measure', flow_action: 'navigate', flow_action_payload: { screen: 'SIZE', data: { length: '26' } } } } }),
    interactive({ type: 'product', body: { text: 'This one?' }, action: { catalog_id: 'c1', product_retailer_id: 'shoe-42' } }),
    interactive({ type: 'product_list', header: { type: 'text', text: 'Shoes' }, body: { text: 'Choose' }, action: { catalog_id: 'c1', sections: [{ title: 'All', product_items: [{ product_retailer_id: 'shoe-41' }, { product_retailer_id: 'shoe-42' }] }] } }),
    interactive({ type: 'catalog_message', body: { text: 'Everything we have' }, action: { name: 'catalog_message' } }),
    interactive({ type: 'call_permission_request', body: { text: 'May we call you?' }, action: { name: 'call_permission_request' } }),
    interactive({ type: 'voice_call', body: { text: 'Call us' }, action: { name: 'voice_call', parameters: { display_text: 'Call now' } } }),
    { type: 'template', template: { name: 'order_shipped', language: { code: 'en' }, components: [{ type: 'body', parameters: [{ type: 'text', text: 'Asha' }, { type: 'text', text: 'tomorrow' }] },
      { type: 'button', sub_type: 'quick_reply', index: '0', parameters: [{ type: 'payload', payload: 'track' }] }, { type: 'button', sub_type: 'url', index: '1', parameters: [{ type: 'text', text: 'order-17' }] },
      { type: 'button', sub_type: 'copy_code', index: '2', parameters: [{ type: 'coupon_code', coupon_code: 'SHOE-8' }] }] } },
    { type: 'template', template: { name: 'new_arrivals', language: { code: 'en' }, components: [{ type: 'body', parameters: [{ type: 'text', text: 'This week' }] },
      { type: 'carousel', cards: [0, 1, 2].map((index) => ({ card_index: index, components: [
        { type: 'header', parameters: [{ type: 'image', image: { id: picture } }] }, { type: 'body', parameters: [{ type: 'text', text: `Shoe ${index + 1}` }] },
        { type: 'button', sub_type: 'quick_reply', index: '0', parameters: [{ type: 'payload', payload: `order ${index}` }] }] })) }] } },
    { type: 'template', template: { name: 'visit_us', language: { code: 'en' }, components: [
      { type: 'header', parameters: [{ type: 'location', location: { latitude: '12.9716', longitude: '77.5946', name: 'Example Shoes', address: 'MG Road' } }] },
      { type: 'body', parameters: [{ type: 'text', text: 'Asha' }] }] } },
    { type: 'template', template: { name: 'sale', language: { code: 'en' }, components: [
      { type: 'header', parameters: [{ type: 'image', image: { id: picture } }] },
      { type: 'limited_time_offer', parameters: [{ type: 'limited_time_offer', limited_time_offer: { expiration_time_ms: 1_800_000_000_000 } }] },
      ...['a', 'b', 'c', 'd'].map((payload, index) => ({ type: 'button', sub_type: 'quick_reply', index: String(index), parameters: [{ type: 'payload', payload: `choice ${payload}` }] }))] } },
    { type: 'template', template: { name: 'hello', language: { code: 'en' } } },
    interactive({ type: 'order_details', body: { text: 'Your order' }, action: { name: 'review_and_pay', parameters: { reference_id: 'order-17', type: 'digital-goods', currency: 'INR',
      total_amount: { value: 90000, offset: 100 }, order: { status: 'pending', items: [{ retailer_id: 'shoe-42', name: 'Blue shoe', quantity: 1, amount: { value: 90000, offset: 100 } }], subtotal: { value: 90000, offset: 100 } } } } }),
    interactive({ type: 'order_status', body: { text: 'On its way' }, action: { name: 'review_order', parameters: { reference_id: 'order-17', order: { status: 'shipped' } } } }),
    { type: 'hologram', hologram: { depth: 3 } },
  ];
}

/** What a user sends: endpoint and body. */
export const WRITTEN = [
  ['text', { body: 'Hi! Is the *blue* one in stock?' }],
  ['location', { latitude: 12.97, longitude: 77.59, place: 'Home' }],
  ['contact', { contact: 'Ravi Example', phone: '+919800000002' }],
  ['own-contact', {}],
  ['order', { catalog_id: 'c1', text: 'Please wrap it', product_items: [{ product_retailer_id: 'shoe-42', quantity: 1, item_price: 100, currency: 'INR' }] }],
  ['form', { form: 'flow', body: 'Measured', response: { length: '26' } }],
  ['reply', { id: 'b1', title: '42' }],
  ['row', { id: 'run', title: 'Running', description: 'Light and fast' }],
  ['button', { payload: 'track', text: 'Track it' }],
  ['call-permission', { accept: true }],
  ['unsupported', { kind: 'poll_creation' }],
  ['other', { type: 'hologram', content: { depth: 3 } }],
  ['other', { type: 'system', content: { body: 'Asha changed the number' } }],
  ['image', { url: 'https://example.com/photo.jpg', caption: 'By the window' }],
  ['video', { url: 'https://example.com/film.mp4' }],
  ['document', { url: 'https://example.com/list.pdf' }],
];

const NAMES = new Set(['type', 'id', 'sub_type', 'index', 'name', 'code', 'currency', 'flow_action', 'link', 'url', 'messaging_product']);

/** The same with a script in every text. */
export function poisoned(value, name = '') {
  const script = '<img src=x onerror="window.ran=1"><script>window.ran=1</script>';
  if (typeof value === 'string') return NAMES.has(name) ? value : `${value}${script}`;
  if (Array.isArray(value)) return value.map((it) => poisoned(it));
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, it]) => [key, poisoned(it, key)]));
  return value;
}
