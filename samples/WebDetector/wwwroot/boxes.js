import { colourOf } from './colours.js';

const samePlace = 0.6; // IoU

function iou(a, b) {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  const area = box => (box[2] - box[0]) * (box[3] - box[1]);
  return (width * height) / (area(a) + area(b) - width * height);
}

// Names are scored each by itself, so several may claim one place: the best one wins there, if that is wanted.
export function choose(detections, threshold, onePerPlace) {
  const shown = [];
  for (const found of detections.filter(d => d.score >= threshold).sort((a, b) => b.score - a.score))
    if (!onePerPlace || shown.every(s => iou(s.box, found.box) < samePlace)) shown.push(found);
  return shown;
}

export function draw(container, detections, width, height) {
  const percent = (value, whole) => `${(100 * value) / whole}%`;
  container.replaceChildren(...detections.map(({ label, score, box: [x0, y0, x1, y1] }) => {
    const box = document.createElement('div');
    const name = document.createElement('span');
    const { colour, on } = colourOf(label);
    box.className = 'box';
    box.classList.toggle('top', y0 < 0.06 * height);
    box.classList.toggle('right', x0 > 0.62 * width);
    box.dataset.label = label;
    box.title = `${label}, ${score.toFixed(3)}`;
    box.style.cssText = `--colour: ${colour}; --on: ${on}; left: ${percent(x0, width)}; top: ${percent(y0, height)}; width: ${percent(x1 - x0, width)}; height: ${percent(y1 - y0, height)}`;
    name.textContent = `${label} ${Math.round(100 * score)}`;
    box.append(name);
    return box;
  }));
}

export function list(container, names, shown, onHover) {
  container.replaceChildren(...names.map(name => {
    const item = document.createElement('li');
    const [dot, count] = [document.createElement('i'), document.createElement('b')];
    const number = shown.filter(d => d.label === name).length;
    item.className = number ? '' : 'none';
    item.style.setProperty('--colour', colourOf(name).colour);
    count.textContent = number;
    item.append(dot, name, count);
    item.addEventListener('pointerenter', () => onHover(name));
    item.addEventListener('pointerleave', () => onHover(null));
    return item;
  }));
}
