// @ts-check
// The picture: its elements are kept, and only those that changed are made anew.

const SVG = 'http://www.w3.org/2000/svg';
const place = /** @type {HTMLElement} */ (document.getElementById('picture'));
/** @type {Map<string, SVGElement>} */
const elements = new Map();
/** @type {SVGSVGElement | undefined} */
let svg;

/** @param {string} name @param {string} id */
function named(name, id) {
  const element = document.createElementNS(SVG, name);
  element.id = id;
  return element;
}

function begin() {
  svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('role', 'graphics-document document');
  svg.setAttribute('aria-labelledby', 'title description');
  svg.setAttribute('font-family', "Helvetica,Arial,'Liberation Sans','DejaVu Sans',sans-serif");
  svg.append(named('title', 'title'), named('desc', 'description'));
  place.replaceChildren(svg);
  return svg;
}

/** @param {string} text */
function parsed(text) {
  const document_ = new DOMParser().parseFromString(`<svg xmlns="${SVG}">${text}</svg>`, 'image/svg+xml');
  return /** @type {SVGElement} */ (document.importNode(document_.documentElement.firstElementChild, true));
}

/** @param {any} change what the server says */
export function draw(change) {
  const root = svg ?? begin();
  root.setAttribute('width', change.width);
  root.setAttribute('height', change.height);
  root.setAttribute('viewBox', `0 0 ${change.width} ${change.height}`);
  root.children[0].textContent = change.title;
  root.children[1].textContent = change.description;
  for (const [key, text] of Object.entries(change.parts)) {
    const made = parsed(text);
    elements.get(key)?.replaceWith(made);
    elements.set(key, made);
  }
  if (change.order) {
    arrange(root, change.order);
  }
}

/** @param {SVGSVGElement} root @param {string[]} order */
function arrange(root, order) {
  const wanted = new Set(order);
  for (const [key, element] of elements) {
    if (!wanted.has(key)) {
      element.remove();
      elements.delete(key);
    }
  }
  root.append(...order.map((key) => /** @type {SVGElement} */ (elements.get(key))));
}

/** Shows one Service with its pods, and the rest pale. @param {string} service `NAMESPACE/NAME`, empty for all
 * @param {string[]} pods */
export function highlight(service, pods) {
  const [namespace, name] = service.split('/');
  const own = `svc.${namespace}.${name}`;
  const ends = new Set(pods.map((pod) => `pod.${namespace}.${pod}`));
  for (const group of place.querySelectorAll('g[id^="svc."],g[id^="pod."]')) {
    const isOwn = group.id === own || group.id.startsWith(own + '.') || group.querySelector(`[id="${CSS.escape(own)}"]`)
      || ends.has(group.id);
    group.classList.toggle('dimmed', service !== '' && !isOwn);
    group.classList.toggle('marked', service !== '' && group.id === own);
  }
}

/** Lets the arrows of Services move that get connections, and says how many.
 * @param {Record<string, number>} rates new connections a second by `NAMESPACE/NAME` */
export function showTraffic(rates) {
  for (const lane of /** @type {NodeListOf<SVGGElement>} */ (place.querySelectorAll('g[id^="lane."]'))) {
    const key = Object.keys(rates).find((name) => lane.id.startsWith(`lane.${name.replace('/', '.')}.`));
    const title = /** @type {Element} */ (lane.firstElementChild);
    lane.dataset.title ??= title.textContent ?? '';
    title.textContent = lane.dataset.title + (key ? `: the Service gets ${rates[key]} new connections a second` : '');
    lane.classList.toggle('busy', key !== undefined);
  }
}

export function clearHops() {
  place.querySelectorAll('.hop').forEach((group) => group.classList.remove('hop'));
  place.querySelectorAll('.packet').forEach((packet) => packet.remove());
}

/** Marks an element that a connection passes, and moves a packet to it.
 * @param {string} id @param {string | undefined} before where the packet comes from
 * @param {number} millis for the way, 0 for no movement */
export function showHop(id, before, millis) {
  const group = /** @type {SVGGElement | null} */ (place.querySelector(`[id="${CSS.escape(id)}"]`));
  if (!group || !svg) {
    return;
  }
  group.classList.add('hop');
  const start = before && place.querySelector(`[id="${CSS.escape(before)}"]`);
  if (!start || !millis) {
    return;
  }
  const packet = document.createElementNS(SVG, 'circle');
  packet.classList.add('packet');
  packet.setAttribute('r', '8');
  svg.append(packet);
  const [from, to] = [/** @type {SVGGElement} */ (start), group].map(middle);
  packet.animate([{transform: from}, {transform: to}], {duration: millis, easing: 'ease-in-out'})
    .finished.finally(() => packet.remove());
}

/** @param {SVGGElement} group */
function middle(group) {
  const box = group.getBBox();
  return `translate(${box.x + box.width / 2}px, ${box.y + box.height / 2}px)`;
}

/** @param {(id: string) => void} open called with the id of the band that was clicked */
export function onClick(open) {
  place.addEventListener('click', (event) => {
    const band = /** @type {Element} */ (event.target).closest('g[id^="svc."]');
    if (band) {
      open(band.id);
    }
  });
}

/** @param {string} href @param {string} name */
function save(href, name) {
  const link = document.createElement('a');
  link.href = href;
  link.download = name;
  link.click();
}

/** @param {string} query */
export function saveSvg(query) {
  save('picture.svg' + query, 'fairway.svg');
}

/** @param {string} query */
export async function savePng(query) {
  const image = new Image();
  image.src = 'picture.svg' + query;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.naturalWidth * 2;
  canvas.height = image.naturalHeight * 2;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  canvas.toBlob((blob) => {
    if (blob) {
      const url = URL.createObjectURL(blob);
      save(url, 'fairway.png');
      setTimeout(() => URL.revokeObjectURL(url), 10000);
    }
  });
}
