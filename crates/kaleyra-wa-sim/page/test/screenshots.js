// Takes pictures of the page in its four modes: into `shots/`, or with `readme` the two of the README.

import { mkdir } from 'node:fs/promises';
import { launch, MODES, openPage, startDesk, USER } from './desk.js';
import { PICTURE, sent, WRITTEN } from './kinds.js';

const folder = new URL('../shots/', import.meta.url).pathname;
await mkdir(folder, { recursive: true });
const [browser, desk] = [await launch(), await startDesk()];
await desk.control('/sim/settings', { statuses: 'sent:0,delivered:0,read:manual' }, 'PATCH');
for (const [what, body] of WRITTEN) await desk.control(`/sim/users/${USER}/${what}`, body);
const picture = await desk.upload(PICTURE, 'image/png');
for (const message of sent(picture)) await desk.send(message);
for (const [scheme, width] of MODES) {
  const size = width === 'wide' ? { width: 1440, height: 900 } : { width: 390, height: 844 };
  const page = await openPage(browser, desk.url, { scheme, ...size });
  await page.waitForTimeout(500);
  const log = page.getByRole('log').first();
  const steps = Number(process.env.STEPS ?? 6);
  for (let step = 0; step < steps; step += 1) {
    await log.evaluate((it, at) => { it.scrollTop = at * it.clientHeight * 0.9; }, step);
    await page.waitForTimeout(150);
    await page.screenshot({ path: `${folder}${scheme}-${width}-${step}.png` });
  }
  if (width === 'wide') {
    await page.locator('tbody tr').nth(2).click();
    await page.waitForTimeout(200);
    await page.screenshot({ path: `${folder}${scheme}-${width}-exchange.png` });
    for (const name of ['Faults', 'Clock', 'Phone']) {
      await page.getByRole('tab', { name }).click();
      await page.waitForTimeout(150);
      await page.screenshot({ path: `${folder}${scheme}-${width}-${name}.png` });
    }
  }
  await page.context().close();
}
await browser.close();
desk.stop();
