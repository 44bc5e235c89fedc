// @ts-check
// The table of all Services, and the panel of one.
import {namesBox} from './names.js';
import {stop, traceBox} from './trace.js';

/** @param {string} id */
const at = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @param {string} tag @param {string} text @param {...Node} children */
function element(tag, text, ...children) {
  const made = document.createElement(tag);
  made.textContent = text;
  made.append(...children);
  return made;
}

/** What each Service's row was made of. @type {Map<string, {text: string, element: HTMLElement}>} */
let shown = new Map();

/** Rows that say the same stay. @param {any[]} rows @param {(key: string) => void} open */
export function showRows(rows, open) {
  const focused = document.activeElement?.getAttribute('data-key');
  const before = shown;
  shown = new Map(rows.map((row) => {
    const [key, text] = [`${row.namespace}/${row.name}`, JSON.stringify(row)];
    const kept = before.get(key);
    return [key, kept?.text === text ? kept : {text, element: tableRow(row, open)}];
  }));
  at('rows').replaceChildren(...[...shown.values()].map((row) => row.element));
  at('nothing').hidden = rows.length > 0;
  if (focused) {
    /** @type {HTMLElement | null} */ (at('rows').querySelector(`[data-key="${CSS.escape(focused)}"]`))?.focus();
  }
}

/** @param {any} row @param {(key: string) => void} open */
function tableRow(row, open) {
  const key = `${row.namespace}/${row.name}`;
  const button = element('button', row.name);
  button.setAttribute('type', 'button');
  button.dataset.key = key;
  button.addEventListener('click', () => open(key));
  const made = document.createElement('tr');
  made.dataset.row = key;
  const ready = row.type === 'ExternalName' ? '' : `${row.ready} of ${row.endpoints}`;
  made.append(element('td', '', button));
  made.append(...[row.namespace, row.type, row.addresses, row.ports, ready, ''].map((text) => element('td', text)));
  return made;
}

/** @param {Record<string, number>} rates new connections a second by `NAMESPACE/NAME` */
export function showRates(rates) {
  for (const row of at('rows').children) {
    const rate = rates[String(/** @type {HTMLElement} */ (row).dataset.row)];
    /** @type {Element} */ (row.lastElementChild).textContent = rate ? `${rate} a second` : '';
  }
}

/** @param {string} key */
export function markRow(key) {
  for (const row of at('rows').children) {
    const isMarked = /** @type {HTMLElement} */ (row).dataset.row === key;
    row.classList.toggle('marked', isMarked);
    row.toggleAttribute('aria-current', isMarked);
    if (isMarked) {
      row.scrollIntoView({block: 'nearest'});
    }
  }
}

/** @param {string} text @param {string} title @param {() => void} act */
function button(text, title, act) {
  const made = element('button', text);
  made.setAttribute('type', 'button');
  made.title = title;
  made.addEventListener('click', act);
  return made;
}

/** @param {any} service @param {{close: () => void, explain: () => void, names: () => void, trace: () => void}} acts
 * @param {{from: string, to: string} | undefined} ends of a trace, chosen at first */
export function showPanel(service, acts, ends) {
  const head = element('div', '', element('h2', `${service.name} in ${service.namespace}`),
    button('Explain', 'what is wrong (e)', acts.explain), button('DNS', 'what its name is (d)', acts.names),
    button('Trace', 'where a connection goes (t)', acts.trace), button('Close', 'back (Esc)', acts.close));
  head.className = 'head';
  const panel = at('panel');
  const top = panel.hidden ? 0 : panel.scrollTop;
  const focused = /** @type {HTMLElement | null} */ (document.activeElement);
  const isAtFindings = focused?.parentElement === panel && focused.tagName === 'H3';
  panel.replaceChildren(head, ...findings(service), ...pods(service), ...drops(service), ...traces(service, ends), ...names(service),
    ...policies(service), ...events(service), element('h3', 'YAML'), focusable(element('pre', service.yaml)));
  panel.hidden = false;
  panel.scrollTop = top;
  if (isAtFindings) {
    showFindings();
  } else {
    focused?.focus({preventScroll: true});
  }
}

/** @param {any} service @param {{from: string, to: string} | undefined} ends */
function traces(service, ends) {
  return service.targets?.length ? [element('h3', 'Trace'), traceBox(service, ends)] : [];
}

/** @param {any} service */
function names(service) {
  return [element('h3', 'DNS'), namesBox(service)];
}

/** Leads to what explain says. */
export function showFindings() {
  const head = at('panel').querySelector('h3');
  head?.scrollIntoView({block: 'nearest'});
  head?.focus({preventScroll: true});
}

/** @param {HTMLElement} box */
function focusable(box) {
  box.tabIndex = 0;
  return box;
}

export function hidePanel() {
  at('panel').hidden = true;
  stop();
}

/** @param {any} service */
function findings(service) {
  const head = element('h3', 'What explain says');
  head.tabIndex = -1;
  if (service.findings.length === 0) {
    const fine = element('p', 'nothing wrong found in the objects of the API');
    fine.className = 'well';
    return [head, fine];
  }
  return [head, ...service.findings.map((/** @type {any} */ finding) => {
    const made = element('div', '', element('strong', `${finding.code} ${finding.severity}: ${finding.sentence}`),
      element('ul', '', ...finding.evidence.map((/** @type {string} */ fact) => element('li', fact))),
      focusable(element('pre', finding.fix)), element('div', 'read ' + finding.page));
    made.className = 'finding';
    return made;
  })];
}

/** @param {any} service */
function pods(service) {
  const head = element('h3', 'Pods');
  if (!service.pods?.length) {
    return [head, element('p', 'none')];
  }
  const columns = ['Name', 'State', 'Address', 'Node', 'Port', 'Connections'].map((text) => {
    const column = element('th', text);
    column.setAttribute('scope', 'col');
    return column;
  });
  const rows = service.pods.map((/** @type {any} */ pod) => element('tr', '',
    ...[pod.name, pod.state, pod.addresses, pod.node, pod.ports, pod.connections].map((text) => element('td', text))));
  const box = element('div', '', element('table', '', element('thead', '', element('tr', '', ...columns)),
    element('tbody', '', ...rows)));
  box.className = 'scroll';
  box.setAttribute('role', 'region');
  box.setAttribute('aria-label', 'Pods');
  return [head, focusable(box)];
}

/** @param {any} service */
function drops(service) {
  const head = element('h3', 'Last drop');
  if (service.drops.length === 0) {
    return [head, element('p', 'none: no node has refused or dropped a packet to it')];
  }
  return [head, element('ul', '', ...service.drops.map((/** @type {any} */ drop) => element('li',
    `${when(drop)}: ${drop.frontend} on ${drop.node} ${drop.reason} (${drop.packets} so far)`)))];
}

/** Two looks at the kernel's counter tell when. @param {{after: number, until: number}} drop milliseconds */
function when({after, until}) {
  const [from, to] = [after, until].map((millis) => new Date(millis).toLocaleTimeString());
  return until - after < 5000 ? to : after ? `between ${from} and ${to}` : `before ${to}`;
}

/** @param {any} service */
function policies(service) {
  const list = element('dl', '');
  for (const [name, value] of Object.entries(service.policies)) {
    list.append(element('dt', name), element('dd', String(value)));
  }
  return [element('h3', 'Policies'), list];
}

/** @param {any} service */
function events(service) {
  return [element('h3', 'Events'), service.events.length === 0 ? element('p', 'none') : element('ul', '',
    ...service.events.map((/** @type {any} */ event) => element('li', `${event.type} ${event.reason}: ${event.message}`)))];
}
