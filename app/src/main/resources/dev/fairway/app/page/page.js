// @ts-check
// What is looked at is in the URL; one stream brings what changes.
import {draw, highlight, onClick, savePng, saveSvg, showTraffic} from './picture.js';
import {hidePanel, markRow, showFindings, showPanel, showRates, showRows} from './panel.js';
import {listen} from './keys.js';
import {namesNow} from './names.js';
import {onTrace, traceNow} from './trace.js';

/** @param {string} id */
const field = (id) => /** @type {HTMLInputElement} */ (document.getElementById(id));
const banner = field('banner');
const FILTERS = ['q', 'ns', 'labels'];
/** @type {any[]} */
let rows = [];
/** @type {string[]} */
let pods = [];
/** @type {Record<string, number>} */
let rates = {};
let marked = '';
let isOpen = false;
/** The ends of the trace that is shown. @type {{from: string, to: string} | undefined} */
let ends;
/** What to do once the panel is there. @type {(() => void) | undefined} */
let next;
/** @type {EventSource | undefined} */
let stream;

function query() {
  const out = new URLSearchParams();
  FILTERS.filter((name) => name === 'ns' || field(name).value).forEach((name) => out.set(name, field(name).value));
  return out;
}

/** @param {URLSearchParams} parameters */
function text(parameters) {
  return parameters.size ? '?' + parameters : '';
}

function remember() {
  const out = query();
  if (marked) {
    out.set(isOpen ? 'open' : 'svc', marked);
  }
  if (isOpen && ends) {
    out.set('from', ends.from);
    out.set('to', ends.to);
  }
  history.replaceState(null, '', text(out) || location.pathname);
}

function connect() {
  stream?.close();
  stream = new EventSource('events' + text(query()));
  stream.onopen = () => say('');
  stream.onerror = () => lost();
  stream.onmessage = (message) => change(JSON.parse(message.data));
  stream.addEventListener('traffic', (message) => {
    rates = JSON.parse(message.data);
    traffic();
    if (isOpen) {
      load();
    }
  });
}

async function lost() {
  rates = {};
  traffic();
  say('The stream is lost: the picture may be old. Trying again.');
  if (stream?.readyState === EventSource.CLOSED) {
    const answer = await fetch('colours.css').catch(() => null);
    say(answer?.status === 401 ? 'Not logged in any more: open the address that "fairway status" prints.'
      : 'The server refuses the stream. Are the labels right? Trying again.');
    setTimeout(() => stream?.readyState === EventSource.CLOSED && connect(), 2000);
  }
}

/** @param {string} sentence */
function say(sentence) {
  banner.hidden = sentence === '';
  banner.textContent = sentence;
}

/** @param {any} news */
function change(news) {
  draw(news);
  if (news.namespaces) {
    offer(news.namespaces);
  }
  if (news.rows) {
    rows = news.rows;
    showRows(rows, open);
  }
  traffic();
  select();
}

function traffic() {
  showTraffic(rates);
  showRates(rates);
}

/** @param {string[]} namespaces */
function offer(namespaces) {
  const chosen = field('ns').value;
  const all = chosen && !namespaces.includes(chosen) ? [...namespaces, chosen] : namespaces;
  field('ns').replaceChildren(new Option('all', ''), ...all.map((name) => new Option(name, name)));
  field('ns').value = chosen;
}

function select() {
  markRow(marked);
  highlight(marked, pods);
  if (marked) {
    load();
  }
}

async function load() {
  const [ns, name] = marked.split('/');
  const wanted = marked;
  const answer = await fetch('service?' + new URLSearchParams({ns, name})).catch(() => null);
  if (wanted !== marked || !answer) {
    return;
  }
  if (!answer.ok) {
    back();
    return;
  }
  const service = await answer.json();
  pods = (service.pods ?? []).map((/** @type {any} */ pod) => pod.name);
  highlight(marked, pods);
  if (isOpen) {
    showPanel(service, {close: back, explain, names, trace}, ends);
    next?.();
    next = undefined;
  }
}

/** @param {string} key */
function mark(key) {
  if (key !== marked) {
    ends = undefined;
  }
  marked = key;
  pods = [];
  select();
  remember();
}

/** @param {string} key */
function open(key) {
  isOpen = true;
  mark(key);
}

/** Acts in the panel of the marked Service, open or not. @param {() => void} act */
function inPanel(act) {
  if (isOpen && document.querySelector('#panel h2')) {
    act();
  } else if (marked) {
    next = act;
    open(marked);
  }
}

const explain = () => inPanel(showFindings);
const names = () => inPanel(namesNow);
const trace = () => inPanel(traceNow);

function back() {
  if (isOpen) {
    isOpen = false;
    ends = undefined;
    next = undefined;
    hidePanel();
    remember();
  } else {
    mark('');
  }
}

/** @param {number} step */
function walk(step) {
  if (rows.length) {
    const keys = rows.map((row) => `${row.namespace}/${row.name}`);
    const now = keys.indexOf(marked);
    mark(keys[now < 0 ? (step > 0 ? 0 : keys.length - 1) : (now + step + keys.length) % keys.length]);
  }
}

/** @param {string} id */
function tell(id) {
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById(id));
  if (!document.querySelector('dialog[open]')) {
    dialog.showModal();
  }
}

const help = () => tell('keys');
const legend = () => tell('legend');

function start() {
  const given = new URLSearchParams(location.search);
  offer([given.get('ns') ?? 'default'].filter((name) => name !== ''));
  FILTERS.forEach((name) => { field(name).value = given.get(name) ?? (name === 'ns' ? 'default' : ''); });
  isOpen = given.has('open');
  marked = given.get('open') ?? given.get('svc') ?? '';
  const [from, to] = [given.get('from'), given.get('to')];
  if (isOpen && from && to) {
    ends = {from, to};
    next = traceNow;
  }
  onTrace((source, target) => {
    ends = {from: source, to: target};
    remember();
  });
  let timer = 0;
  field('filters').addEventListener('input', () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => { remember(); connect(); }, 150);
  });
  field('filters').addEventListener('submit', (event) => event.preventDefault());
  field('previous').addEventListener('click', () => walk(-1));
  field('next').addEventListener('click', () => walk(1));
  field('svg').addEventListener('click', () => saveSvg(text(query())));
  field('png').addEventListener('click', () => savePng(text(query())));
  field('help').addEventListener('click', help);
  field('legend-button').addEventListener('click', legend);
  onClick((id) => {
    const row = rows.find((one) => id === `svc.${one.namespace}.${one.name}`
      || id.startsWith(`svc.${one.namespace}.${one.name}.`));
    if (row) {
      open(`${row.namespace}/${row.name}`);
    }
  });
  listen({search: () => field('q').focus(), walk, open: () => marked && open(marked), back, help, legend, trace,
    explain, names});
  connect();
}

start();
