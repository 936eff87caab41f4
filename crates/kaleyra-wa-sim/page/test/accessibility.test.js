// axe finds nothing, in light and dark, wide and narrow, with every kind shown; and at 200 % nothing is cut off.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { hasBrowser, launch, MODES, openPage, startDesk, USER } from './desk.js';
import { PICTURE, sent, WRITTEN } from './kinds.js';

const skip = hasBrowser ? false : 'there is no chromium';
let browser;
let desk;
let axe;

before(async () => {
  if (skip) return;
  [browser, desk] = [await launch(), await startDesk()];
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  await desk.control('/sim/settings', { statuses: 'sent:0,delivered:0,read:manual' }, 'PATCH');
  for (const [what, body] of WRITTEN) await desk.control(`/sim/users/${USER}/${what}`, body);
  const picture = await desk.upload(PICTURE, 'image/png');
  for (const message of sent(picture)) await desk.send(message);
  await desk.control('/sim/users/919800000001/reaction', { emoji: '👍' });
  await desk.control('/sim/clock', { advance: '25h' });
  await desk.send({ type: 'text', text: { body: 'Too late' } });
});
after(async () => { await browser?.close(); desk?.stop(); });

async function check(page, where) {
  // Not as a script element, which the page's policy refuses.
  await page.evaluate(`window.axe || (() => { ${axe} })()`);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  assert.deepEqual(violations.map((it) => `${where}: ${it.id}: ${it.nodes.slice(0, 3).map((node) => `${node.html.slice(0, 200)} ${node.failureSummary}`).join(' | ')}`), []);
}

for (const [scheme, width] of MODES) {
  test(`${scheme}, ${width}`, { skip, timeout: 120_000 }, async () => {
    const size = width === 'wide' ? { width: 1440, height: 900 } : { width: 390, height: 844 };
    const page = await openPage(browser, desk.url, { scheme, ...size });
    await page.getByText('Too late').first().waitFor({ state: 'attached' });
    await check(page, 'chat');
    if (width === 'narrow') {
      await page.getByRole('button', { name: 'Chats', exact: true }).click();
      await check(page, 'chats');
      await page.getByRole('button', { name: 'Inspector' }).click();
    }
    await page.locator('tbody tr').nth(2).click();
    await check(page, 'an exchange');
    for (const name of ['Faults', 'Clock', 'Phone']) {
      await page.getByRole('tab', { name }).click();
      await check(page, name);
    }
    if (width === 'narrow') await page.getByRole('button', { name: 'Close the inspector' }).click();
    for (const name of ['Look around', 'Measure', 'Provide address', 'View', 'Send location', 'Open the shop', 'Allow']) {
      await page.locator('.taps').getByRole('button', { name, exact: true }).first().click();
      await page.getByRole('dialog').waitFor();
      await check(page, name);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' }).catch(() => {});
    }
    assert.deepEqual(page.problems.filter((it) => !/404/.test(it)), []);
    await page.context().close();
  });
}

test('at 200 % nothing has to be scrolled sideways', { skip }, async () => {
  for (const [width, height] of [[720, 450], [320, 568]]) {
    const page = await openPage(browser, desk.url, { width, height });
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${width}`);
    await page.getByRole('textbox', { name: /^Message of/ }).fill('x');
    const box = await page.getByRole('button', { name: 'Send', exact: true }).boundingBox();
    assert.ok(box && box.x + box.width <= width && box.y + box.height <= height);
    await page.context().close();
  }
});
