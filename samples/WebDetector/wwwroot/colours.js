// One colour for each name, the same that the library draws with.
const hues = [0, 14, 26, 38, 48, 58, 80, 120, 160, 176, 188, 200, 215, 232, 255, 275, 292, 310, 328, 345];

function hash(text) {
  let h = 2166136261;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 16777619);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function toRgb(hue, saturation, lightness) {
  const a = saturation * Math.min(lightness, 1 - lightness);
  const channel = n => {
    const k = (n + hue / 30) % 12;
    return Math.round(255 * (lightness - a * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return [channel(0), channel(8), channel(4)];
}

export function colourOf(name) {
  const h = hash(name);
  const [r, g, b] = toRgb(hues[h % hues.length], 0.85, (38 + (Math.floor(h / 1024) % 3) * 11) / 100);
  return { colour: `rgb(${r} ${g} ${b})`, on: 0.299 * r + 0.587 * g + 0.114 * b > 140 ? '#000' : '#fff' };
}
