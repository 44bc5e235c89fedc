// @ts-check
// What is looked at is in the URL; one stream brings what changes.
import {draw, highlight, onClick, savePng, saveSvg, showTraffic} from './picture.js';
import {hidePanel, markRow, showPanel, showRates, showRows} from './panel.js';
import {listen} from './keys.js';
import {traceNow} from './trace.js';

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
    showPanel(service, back);
  }
}

/** @param {string} key */
function mark(key) {
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

function trace() {
  if (isOpen) {
    traceNow();
  } else if (marked) {
    open(marked);
  }
}

function back() {
  if (isOpen) {
    isOpen = false;
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

function help() {
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById('keys'));
  if (!dialog.open) {
    dialog.showModal();
  }
}

function start() {
  const given = new URLSearchParams(location.search);
  offer([given.get('ns') ?? 'default'].filter((name) => name !== ''));
  FILTERS.forEach((name) => { field(name).value = given.get(name) ?? (name === 'ns' ? 'default' : ''); });
  isOpen = given.has('open');
  marked = given.get('open') ?? given.get('svc') ?? '';
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
  onClick((id) => {
    const row = rows.find((one) => id === `svc.${one.namespace}.${one.name}`
      || id.startsWith(`svc.${one.namespace}.${one.name}.`));
    if (row) {
      open(`${row.namespace}/${row.name}`);
    }
  });
  listen({search: () => field('q').focus(), walk, open: () => marked && open(marked), back, help, trace});
  connect();
}

start();
