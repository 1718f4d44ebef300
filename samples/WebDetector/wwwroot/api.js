// What the server says when it refuses is in "detail" of its problem details; that is what people read.
async function send(path, options) {
  const response = await fetch(path, options);
  const body = await response.json().catch(() => ({}));
  if (response.ok) return body;
  if (response.status === 429) throw new Error('Too many questions at once; wait a second.');
  if (response.status === 504) throw new Error('The server is busy and gave up; try again.');
  throw Object.assign(new Error(body.detail ?? body.title ?? `The server answered ${response.status}.`), { status: response.status });
}

export const limits = () => send('api/limits');

export const addPicture = (blob, signal) => send('api/pictures', { method: 'POST', headers: { 'Content-Type': 'application/octet-stream' }, body: blob, signal });

export const detect = (id, names, signal) =>
  send(`api/pictures/${id}/detections`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ names }), signal });
