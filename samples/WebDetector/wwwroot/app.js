import { addPicture, detect, limits } from './api.js';
import { choose, draw, list } from './boxes.js';

const pause = 250; // milliseconds after the last key before names are asked
const byId = id => document.getElementById(id);
const [stage, picture, image, boxes, names, chips, threshold, onePerPlace, status, error] =
  ['stage', 'picture', 'image', 'boxes', 'names', 'chips', 'threshold', 'onePerPlace', 'status', 'error'].map(byId);

let current = null; // { id, width, height, blob, known: what was found of each name }
let working = new AbortController();
let maxNames = 50;

// Two names that differ in capitals only are one to the server.
function typedNames() {
  const typed = new Map();
  for (const name of names.value.split(/[,\n]/).map(n => n.trim().replace(/\s+/g, ' ')).filter(n => n))
    if (!typed.has(name.toLowerCase())) typed.set(name.toLowerCase(), name.toLowerCase());
  return [...typed.values()];
}

function show() {
  byId('thresholdValue').textContent = Number(threshold.value).toFixed(2);
  if (!current) return;
  const typed = typedNames();
  const found = typed.flatMap(name => current.known.get(name) ?? []);
  const shown = choose(found, Number(threshold.value), onePerPlace.checked);
  draw(boxes, shown, current.width, current.height);
  list(chips, typed.filter(name => current.known.has(name)), shown, name => {
    boxes.classList.toggle('faded', name !== null);
    for (const box of boxes.children) box.classList.toggle('lit', box.dataset.label === name);
  });
}

// A name's score depends on no other name: what was asked once is not asked again.
async function ask() {
  const unknown = typedNames().filter(name => !current?.known.has(name));
  if (!current || unknown.length === 0) return show();
  const asked = current;
  await attempt(async signal => {
    status.textContent = `Looking for ${unknown.length === 1 ? unknown[0] : `${unknown.length} names`} …`;
    const answer = await detect(asked.id, unknown.slice(0, maxNames), signal);
    for (const name of unknown.slice(0, maxNames)) asked.known.set(name, answer.detections.filter(d => d.label === name));
    status.textContent = `${unknown.length === 1 ? 'One name' : `${unknown.length} names`} in ${answer.milliseconds} ms`;
    show();
  });
}

async function take(blob) {
  if (!blob) return;
  await attempt(async signal => {
    status.textContent = 'Sending the picture …';
    const added = await addPicture(blob, signal);
    if (current) URL.revokeObjectURL(image.src);
    current = { ...added, blob, known: new Map() };
    image.src = URL.createObjectURL(blob);
    image.alt = `${added.width} × ${added.height} pixels`;
    picture.style.setProperty('--ratio', added.width / added.height);
    picture.hidden = false;
    stage.classList.add('filled');
    boxes.replaceChildren();
    chips.replaceChildren();
    status.textContent = typedNames().length ? '' : 'Now type what you are looking for.';
  });
  if (current?.blob === blob) await ask();
}

// One thing at a time: what is begun later ends what was begun before.
async function attempt(work) {
  working.abort();
  const mine = (working = new AbortController());
  error.hidden = true;
  try {
    await work(mine.signal);
  } catch (problem) {
    if (mine.signal.aborted) return;
    status.textContent = '';
    error.textContent = problem.message;
    error.hidden = false;
    if (problem.status === 404 && current) await sendAgain();
  }
}

// The server forgets pictures after a while; this page still has it.
async function sendAgain() {
  const { blob } = current;
  current = null;
  await take(blob);
}

let timer = 0;
names.addEventListener('input', () => {
  clearTimeout(timer);
  timer = setTimeout(ask, pause);
  show();
});
threshold.addEventListener('input', show);
onePerPlace.addEventListener('change', show);
byId('file').addEventListener('change', e => take(e.target.files[0]));
document.addEventListener('paste', e => take([...e.clipboardData.files].find(f => f.type.startsWith('image/'))));
for (const type of ['dragover', 'dragleave', 'drop'])
  stage.addEventListener(type, e => {
    e.preventDefault();
    stage.classList.toggle('over', type === 'dragover');
    if (type === 'drop') take(e.dataTransfer.files[0]);
  });
byId('samples').addEventListener('click', async e => {
  const button = e.target.closest('button');
  if (!button) return;
  names.value = button.dataset.names;
  const response = await fetch(button.querySelector('img').src);
  await take(await response.blob());
});

const allowed = await limits();
maxNames = allowed.maxNames;
threshold.min = allowed.scoreThreshold;
threshold.value = Math.max(0.2, allowed.scoreThreshold);
byId('limits').textContent = `JPEG, PNG, WebP, … up to ${Math.round(allowed.maxPictureBytes / 1048576)} MB`;
show();
