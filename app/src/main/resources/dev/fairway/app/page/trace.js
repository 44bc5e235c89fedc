// @ts-check
// A trace: what "fairway trace" tells, line by line, while the picture shows the hops one after another.
import {showHop, clearHops} from './picture.js';

const PACE = 400;
const still = matchMedia('(prefers-reduced-motion: reduce)');

/** @type {HTMLElement | undefined} */
let box;
let boxKey = '';
/** @type {(from: string, to: string) => void} */
let told = () => {};
let run = 0;

/** @param {string} label @param {string[]} values */
function choice(label, values) {
  const select = document.createElement('select');
  select.replaceChildren(...values.map((value) => new Option(value)));
  const made = document.createElement('label');
  made.append(label + ' ', select);
  return {made, select};
}

/** Who may connect: what the picture shows. */
function sources() {
  const ids = ['pod.', 'node.'].flatMap((kind) =>
    [...document.querySelectorAll(`#picture g[id^="${kind}"]`)].map((group) => group.id));
  return [...ids.map((id) => id.replace('.', '/').replace(/^(pod\/[^.]+)\./, '$1/')), 'outside'];
}

/** Chooses a value that may not be among those that are offered. @param {HTMLSelectElement} select
 * @param {string} value */
function choose(select, value) {
  if (![...select.options].some((option) => option.value === value)) {
    select.append(new Option(value));
  }
  select.value = value;
}

/** @param {(from: string, to: string) => void} heard called with both ends when a trace begins */
export function onTrace(heard) {
  told = heard;
}

/** The form of one Service; the same one as long as the Service is the same, so that its answer stays.
 * @param {any} service @param {{from: string, to: string} | undefined} ends chosen at first */
export function traceBox(service, ends) {
  const key = `${service.namespace}/${service.name}`;
  if (box && boxKey === key) {
    return box;
  }
  stop();
  boxKey = key;
  const from = choice('from', sources());
  const to = choice('to', service.targets ?? []);
  if (ends) {
    choose(from.select, ends.from);
    choose(to.select, ends.to);
  }
  const button = document.createElement('button');
  button.textContent = 'Trace';
  button.title = 'open a real connection and close it at once (t)';
  const answer = document.createElement('ol');
  answer.className = 'trace';
  answer.setAttribute('aria-live', 'polite');
  box = document.createElement('form');
  box.append(from.made, ' ', to.made, ' ', button, answer);
  box.addEventListener('submit', (event) => {
    event.preventDefault();
    told(from.select.value, to.select.value);
    trace(from.select.value, to.select.value, answer, `svc.${service.namespace}.${service.name}`);
  });
  return box;
}

/** Does what the button of the open panel does. */
export function traceNow() {
  box?.querySelector('button')?.click();
}

/** Ends what is shown of a trace. */
export function stop() {
  run++;
  clearHops();
}

/** @param {string} from @param {string} to @param {HTMLElement} answer @param {string} band */
async function trace(from, to, answer, band) {
  stop();
  const mine = run;
  answer.replaceChildren(line('asking the kernel'));
  const said = await fetch('trace?' + new URLSearchParams({from, to})).catch(() => null);
  if (mine !== run) {
    return;
  }
  if (!said?.ok) {
    answer.replaceChildren(line(said ? await said.text() : 'the server does not answer'));
    return;
  }
  const told = await said.json();
  const hops = told.hops.includes(band) ? told.hops : [told.hops[0], band, ...told.hops.slice(1)];
  answer.replaceChildren();
  for (let i = 0; i < Math.max(told.lines.length, hops.length); i++) {
    if (told.lines[i]) {
      answer.append(line(told.lines[i]));
    }
    if (hops[i]) {
      showHop(hops[i], hops[i - 1], still.matches ? 0 : PACE);
    }
    if (!still.matches) {
      await new Promise((resolve) => setTimeout(resolve, PACE));
    }
    if (mine !== run) {
      return;
    }
  }
}

/** @param {string} text */
function line(text) {
  const made = document.createElement('li');
  made.textContent = text;
  return made;
}
