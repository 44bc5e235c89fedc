// @ts-check
// Keys; each has a control that does the same.

/** @param {{search: () => void, walk: (step: number) => void, open: () => void, back: () => void, help: () => void,
 *   trace: () => void}} acts */
export function listen(acts) {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) {
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
  const scrolls = target.matches('pre,.scroll,#panel') || document.querySelector('dialog[open]');
  const steps = {ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1};
  const step = steps[/** @type {'ArrowDown'} */ (event.key)];
  if (step && !scrolls) {
    acts.walk(step);
  } else if (event.key === '/') {
    acts.search();
  } else if (event.key === 't') {
    acts.trace();
  } else if (event.key === '?') {
    acts.help();
  } else if (event.key === 'Enter' && !target.matches('button,a')) {
    acts.open();
  } else {
    return;
  }
  event.preventDefault();
}
