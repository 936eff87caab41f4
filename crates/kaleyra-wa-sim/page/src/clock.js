// What time it is in the simulator, and how fast it goes by.

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { post } from './api.js';
import { now, set, state, submitted } from './store.js';
import { day, time } from './text.js';

/** How fast it may go: seconds in a second. @type {[number, string][]} */
const SPEEDS = [[0, 'Frozen'], [1, 'As any clock'], [10, '× 10'], [60, '× 60, a minute a second'], [3600, '× 3600, an hour a second']];

/** @param {any} body */
const change = (body) => set(() => post('/sim/clock', body));

/** How it goes, where it does not go as all clocks do. */
export function pace() {
  const { clock } = state;
  if (!clock) return '';
  return clock.frozen ? ' frozen' : clock.speed === 1 ? '' : ` × ${clock.speed}`;
}

export function clock() {
  const { clock } = state;
  if (!clock) return nothing;
  const due = clock.next_due ? `Next is due at ${time(clock.next_due, true)} on ${day(clock.next_due)}.` : 'Nothing is due.';
  return html`<div class="panel">
    <h3>The simulator’s clock</h3>
    <p class="time">${time(now() / 1000, true)}${pace()}<small>${day(now() / 1000)}</small></p>
    <p class="hint">${due} What falls due on the way comes in order.</p>
    <p class="bar">${['1m', '1h', '25h', '31d'].map((by) => html`<button type="button" @click=${() => change({ advance: by })}>+ ${by}</button>`)}</p>
    <fieldset class="speeds"><legend>Speed</legend><div class="bar">${SPEEDS.map(([speed, label]) => html`<button type="button" aria-pressed=${clock.speed === speed}
      @click=${() => change({ speed })}>${label}</button>`)}</div></fieldset>
    <form class="line" @submit=${(/** @type {SubmitEvent} */ event) => change({ advance: submitted(event).advance })}>
      <label>Put forward by<input name="advance" required autocomplete="off" placeholder="90m"></label><button>Go</button></form>
  </div>`;
}
