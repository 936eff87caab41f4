// axe finds nothing, in light and dark, wide and narrow, with every kind shown; and at 200 % nothing is cut off.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { launch, MODES, openPage, sizeOf, skip, startDesk, USER } from './desk.js';
import { PICTURE, sent, WRITTEN } from './kinds.js';

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
  await desk.control(`/sim/users/${USER}/reaction`, { emoji: '👍' });
  await desk.control('/sim/clock', { advance: '25h' });
  await desk.send({ type: 'text', text: { body: 'Too late' } });
  await desk.control('/sim/faults', { spec: 'callback:duplicate' });
});
after(async () => { await browser?.close(); desk?.stop(); });

/** Lets axe look at the page as it is, or at a part of it. */
async function check(page, where, part = 'html') {
  // Not as a script element, which the page's policy refuses.
  await page.evaluate(`window.axe || (() => { ${axe} })()`);
  const { violations } = await page.evaluate((within) => globalThis.axe.run(within, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }), part);
  assert.deepEqual(violations.map((it) => `${where}: ${it.id}: ${it.nodes.slice(0, 3).map((node) => `${node.html.slice(0, 200)} ${node.failureSummary}`).join(' | ')}`), []);
}

for (const [scheme, width] of MODES) {
  test(`${scheme}, ${width}`, { skip, timeout: 120_000 }, async () => {
    const page = await openPage(browser, desk.url, { scheme, ...sizeOf(width) });
    await page.getByText('Too late').first().waitFor({ state: 'attached' });
    await check(page, 'chat');
    if (width === 'narrow') {
      await page.getByRole('button', { name: 'Back to the chats' }).click();
      await check(page, 'chats');
      await page.getByRole('button', { name: 'Inspector' }).click();
    }
    await page.locator('tbody tr').nth(2).click();
    await check(page, 'an exchange', '.side');
    await page.getByRole('region', { name: 'The exchange' }).getByRole('button', { name: 'Why?' }).click();
    await page.getByRole('region', { name: 'Why?' }).waitFor();
    await check(page, 'why', '.side');
    for (const name of ['Faults', 'Clock', 'Phone']) {
      await page.getByRole('tab', { name }).click();
      await check(page, name, '.side');
    }
    if (width === 'narrow') await page.getByRole('button', { name: 'Close the inspector' }).click();
    for (const name of ['Look around', 'Measure', 'Provide address', 'View', 'Send location', 'Open the shop', 'Allow', 'See all options']) {
      await page.locator('.taps').getByRole('button', { name, exact: true }).first().click();
      await page.getByRole('dialog').waitFor();
      await check(page, name, 'dialog');
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
    }
    for (const name of ['Attach', 'Emoji']) {
      await page.getByLabel(name, { exact: true }).first().click();
      await check(page, name, '.composer');
      await page.keyboard.press('Escape');
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
