// What is drawn to make the inspector wider or narrower: by the mouse, a finger, or the arrows.

import { html } from '../vendor/lit-html/lit-html.js';

const [NARROWEST, WIDEST, STEP] = [340, 900, 24];

let width = Number(localStorage.getItem('side')) || 430;

/** @param {number} wanted */
function set(wanted) {
  width = Math.round(Math.min(Math.max(wanted, NARROWEST), WIDEST));
  localStorage.setItem('side', String(width));
  apply();
}

/** A policy forbids styles in the page's text, not those of its own scripts. */
function apply() {
  const grip = document.querySelector('.grip');
  /** @type {HTMLElement | null} */ (document.querySelector('.columns'))?.style.setProperty('--wanted', `${width}px`);
  grip?.setAttribute('aria-valuenow', String(width));
}

/** @param {PointerEvent & {currentTarget: any}} event */
function take(event) {
  const grip = event.currentTarget;
  grip.setPointerCapture(event.pointerId);
  const move = (/** @type {PointerEvent} */ to) => set(innerWidth - to.clientX);
  grip.addEventListener('pointermove', move);
  grip.addEventListener('lostpointercapture', () => grip.removeEventListener('pointermove', move), { once: true });
}

/** @param {KeyboardEvent} event */
function keys(event) {
  const to = { ArrowLeft: width + STEP, ArrowRight: width - STEP, Home: NARROWEST, End: WIDEST }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  set(to);
}

export function grip() {
  requestAnimationFrame(apply);
  return html`<div class="grip" role="separator" aria-orientation="vertical" aria-label="Width of the inspector" title="Wider or narrower" tabindex="0"
    aria-valuemin=${NARROWEST} aria-valuemax=${WIDEST} aria-valuenow=${width} @pointerdown=${take} @keydown=${keys}></div>`;
}
