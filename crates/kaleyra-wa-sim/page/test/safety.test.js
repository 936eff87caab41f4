// Nothing that anybody writes runs, no foreign page gets in, and no size makes the page slow.

import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { launch, openPage, skip, startDesk, USER } from './desk.js';
import { PICTURE, poisoned, sent, WRITTEN } from './kinds.js';

let browser;
let desk;

before(async () => { if (!skip) [browser, desk] = [await launch(), await startDesk({ bot: () => [] })]; });
after(async () => { await browser?.close(); desk?.stop(); });

test('a script in every text of every kind stays a text', { skip }, async () => {
  const picture = await desk.upload(PICTURE, 'image/png');
  for (const [what, body] of WRITTEN) await desk.control(`/sim/users/${USER}/${what}`, { ...poisoned(body), name: '<img src=x onerror="window.ran=1">' });
  for (const message of sent(picture)) await desk.send(poisoned(message));
  const page = await openPage(browser, desk.url);
  await page.getByText('onerror').first().waitFor();
  const rows = await page.evaluate(async () => {
    const drawn = () => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); });
    const all = [...document.querySelectorAll('tbody tr')];
    for (const row of all) {
      row.click();
      await drawn();
      for (const summary of document.querySelectorAll('.detail summary')) summary.click();
      await drawn();
    }
    for (const summary of document.querySelectorAll('.log summary')) summary.click();
    return all.length;
  });
  assert.ok(rows > 60, `${rows}`);
  for (const name of ['Faults', 'Clock', 'Phone', 'Exchanges']) await page.getByRole('tab', { name }).click();
  const taps = await page.locator('.taps button').elementHandles();
  for (const tap of taps) {
    const isOpen = await tap.evaluate(async (it) => {
      if (it.getAttribute('aria-disabled')) return false;
      it.click();
      await new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); });
      return document.querySelector('dialog').open;
    });
    if (isOpen) await page.keyboard.press('Escape');
  }
  assert.ok(taps.length > 25);
  await page.waitForTimeout(200);
  assert.equal(await page.evaluate(() => 'ran' in window), false);
  assert.equal(await page.locator('[onerror]').count(), 0);
  await assert.rejects(page.evaluate(() => { document.createElement('p').innerHTML = '<b>x</b>'; }), /TrustedHTML/);
  assert.deepEqual(page.problems.filter((it) => !/404|clipboard|TrustedHTML/.test(it)), []);
  await page.context().close();
});

test('a file that is a web page runs nothing', { skip }, async () => {
  await fetch(`${desk.url}/sim/users/${USER}/document?filename=a.html`, { method: 'POST', headers: { 'content-type': 'text/html' }, body: '<script>document.title="ran"</script>' });
  const line = (await desk.control(`/sim/conversations/${USER}`)).at(-1);
  const page = await browser.newPage();
  for (const url of [line.media_url, line.media_url.replace('/media/', '/sim/files/')]) {
    await page.goto(url);
    assert.notEqual(await page.title(), 'ran');
  }
  await page.close();
});

/** What the page's address responds to a request with these headers. */
function status(path, headers, method = 'GET') {
  return new Promise((done, fail) => {
    const request = http.request(desk.url + path, { method, headers }, (response) => { response.resume(); done(response.statusCode); });
    request.on('error', fail);
    request.end();
  });
}

test('foreign hosts and origins are refused, for the page and its parts as well', { skip }, async () => {
  for (const path of ['/', '/page/src/main.js', '/sim/log', '/sim/conversations', '/sim/files/x']) {
    assert.equal(await status(path, { host: 'evil.example', accept: 'text/html' }), 421, path);
    assert.equal(await status(path, { origin: 'http://evil.example', accept: 'text/event-stream' }), 403, path);
    assert.equal(await status(path, { 'sec-fetch-site': 'cross-site' }), 403, path);
  }
  assert.equal(await status('/page/../Cargo.toml', {}), 404);
  assert.equal(await status('/page/%2e%2e/Cargo.toml', {}), 404);
  const curl = await fetch(`${desk.url}/`, { headers: { accept: '*/*' } });
  assert.match(await curl.text(), /^A simulated Kaleyra/);
});

/** A state with so many messages of one user. */
async function many(count) {
  await desk.control('/sim/state', undefined, 'DELETE');
  await desk.control(`/sim/users/${USER}/text`, { body: 'Message' });
  const state = await desk.control('/sim/state');
  const [{ lines: [line] }] = state.conversations;
  state.conversations[0].lines = Array.from({ length: count }, (_, index) => ({
    user: { ...line.user, id: `${line.user.id}${index}`, content: { body: `Message ${index + 1}` } },
  }));
  return desk.control('/sim/state', state, 'PUT');
}

test('10,000 messages', { skip, timeout: 60_000 }, async () => {
  await many(10_000);
  const began = performance.now();
  const page = await openPage(browser, desk.url);
  await page.getByRole('article').nth(199).waitFor();
  const loaded = performance.now() - began;
  assert.equal(await page.getByRole('article').count(), 200);
  await page.getByRole('article').filter({ hasText: 'Message 10000' }).waitFor();
  // A generous limit, as the machine may be busy; alone it takes less than a second.
  assert.ok(loaded < 10_000, `${loaded} ms`);
  await page.getByRole('button', { name: 'Older messages' }).click();
  await page.getByRole('article').filter({ hasText: /^\s*Message 9601/ }).waitFor();
  assert.equal(await page.getByRole('article').count(), 400);
  const typed = performance.now();
  await page.getByRole('textbox', { name: /^Message of/ }).fill('One more');
  await page.keyboard.press('Enter');
  await page.getByRole('article').filter({ hasText: 'One more' }).waitFor();
  assert.ok(performance.now() - typed < 10_000, `${performance.now() - typed} ms`);
  await page.context().close();
});
