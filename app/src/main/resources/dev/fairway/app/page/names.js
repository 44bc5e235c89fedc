// @ts-check
// What the name server of a node says of a Service's name.

/** @type {HTMLElement | undefined} */
let box;
let boxKey = '';

/** The form of one Service; the same one as long as the Service is the same, so that its answer stays.
 * @param {any} service */
export function namesBox(service) {
  const key = `${service.namespace}/${service.name}`;
  if (box && boxKey === key) {
    return box;
  }
  boxKey = key;
  const button = document.createElement('button');
  button.textContent = 'Ask DNS';
  button.title = 'ask the name server of a node for the name (d)';
  const answer = document.createElement('ul');
  answer.className = 'trace';
  answer.setAttribute('aria-live', 'polite');
  box = document.createElement('form');
  box.append(button, answer);
  box.addEventListener('submit', (event) => {
    event.preventDefault();
    ask(service, answer);
  });
  return box;
}

/** Does what the button of the open panel does. */
export function namesNow() {
  box?.querySelector('button')?.click();
}

/** @param {any} service @param {HTMLElement} answer */
async function ask(service, answer) {
  const said = await fetch('names?' + new URLSearchParams({ns: service.namespace, name: service.name})).catch(() => null);
  const lines = said?.ok ? (await said.json()).lines : [said ? await said.text() : 'the server does not answer'];
  answer.replaceChildren(...lines.map((/** @type {string} */ text) => {
    const line = document.createElement('li');
    line.textContent = text;
    return line;
  }));
}
