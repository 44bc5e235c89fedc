// @ts-check
// Keys; each has a control that does the same.

/** @type {Record<string, string>} */
const LETTERS = {t: 'trace', e: 'explain', d: 'names', g: 'legend', '?': 'help'};

/** @param {{search: () => void, walk: (step: number) => void, open: () => void, back: () => void, help: () => void,
 *   trace: () => void, explain: () => void, names: () => void, legend: () => void}} acts */
export function listen(acts) {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector('dialog[open]')) {
      return;
    }
    const target = /** @type {HTMLElement} */ (event.target);
    const isTyping = target.matches('input,select,textarea');
    if (event.key === 'Escape') {
      target.blur();
      acts.back();
    } else if (!isTyping) {
      act(event, target, acts);
    }
  });
}

/** @param {KeyboardEvent} event @param {HTMLElement} target @param {any} acts */
function act(event, target, acts) {
  const scrolls = target.matches('pre,.scroll,#panel');
  const steps = {ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1};
  const step = steps[/** @type {'ArrowDown'} */ (event.key)];
  if (step && !scrolls) {
    acts.walk(step);
  } else if (event.key === '/') {
    acts.search();
  } else if (LETTERS[event.key]) {
    acts[LETTERS[event.key]]();
  } else if (event.key === 'Enter' && !target.matches('button,a')) {
    acts.open();
  } else {
    return;
  }
  event.preventDefault();
}
