// Turning what a card shows under the pointer: its strip of frames is fetched when a pointer or the focus rests on it,
// once, and given up when they leave. Nothing moves by itself, and the keys , and . go frame by frame.

import { isShortcut } from "./keys.js";

const INTENT_MS = 120;
const IN_FLIGHT_MAX = 2;
const KEPT_MAX = 24;
const HOLDER = ".card, .glance-picture";

const kept = new Map(); // address -> bitmap, the longest unused first
const flights = new Map(); // picture -> AbortController
const waiting = new Map(); // picture -> timer
const frames = new WeakMap(); // picture -> the frame that it shows

const pictureIn = (element) => element?.closest?.(HOLDER)?.querySelector(".picture[data-strip]") ?? null;

async function fetchStrip(picture) {
  const address = picture.dataset.strip;
  if (kept.has(address)) {
    const bitmap = kept.get(address);
    kept.delete(address);
    kept.set(address, bitmap);
    return bitmap;
  }
  if (flights.has(picture)) return null;
  for (const [other, flight] of flights) if (flights.size >= IN_FLIGHT_MAX) flight.abort(flights.delete(other));
  const flight = new AbortController();
  flights.set(picture, flight);
  try {
    const answer = await fetch(address, { signal: flight.signal, headers: { Accept: "image/webp" } });
    if (!answer.ok) return null;
    const bitmap = await createImageBitmap(await answer.blob());
    kept.set(address, bitmap);
    for (const oldest of kept.keys()) if (kept.size > KEPT_MAX) kept.delete(oldest);
    return bitmap;
  } catch {
    return null; // given up, or not there any more: the picture stays
  } finally {
    if (flights.get(picture) === flight) flights.delete(picture);
  }
}

function draw(picture, bitmap, frame) {
  const { columns, frames: count } = picture.dataset;
  const [width, height] = picture.dataset.frame.split(" ").map(Number);
  let canvas = picture.querySelector("canvas");
  if (!canvas) {
    canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    canvas.setAttribute("aria-hidden", "true");
    picture.append(canvas);
  }
  const drawn = canvas.getContext("2d");
  drawn.drawImage(bitmap, (frame % columns) * width, Math.floor(frame / columns) * height, width, height, 0, 0, width, height);
  drawn.fillStyle = "rgb(108 178 255)";
  drawn.fillRect((frame / count) * width, height - 3, width / count, 3);
  frames.set(picture, frame);
}

function show(picture, frame) {
  const bitmap = kept.get(picture.dataset.strip);
  const count = Number(picture.dataset.frames);
  if (bitmap && picture.isConnected) draw(picture, bitmap, ((frame % count) + count) % count);
}

function frameAt(picture, x) {
  const box = picture.getBoundingClientRect();
  const share = Math.min(Math.max((x - box.left) / box.width, 0), 0.9999);
  return Math.floor(share * Number(picture.dataset.frames));
}

function rest(picture, then) {
  if (waiting.has(picture)) return;
  waiting.set(picture, setTimeout(async () => {
    if (await fetchStrip(picture)) then?.();
  }, INTENT_MS));
}

function leave(picture) {
  clearTimeout(waiting.get(picture));
  waiting.delete(picture);
  flights.get(picture)?.abort();
  picture.querySelector("canvas")?.remove();
  frames.delete(picture);
}

let pointed = null;
let x = 0;

document.addEventListener("pointermove", (event) => {
  if (event.pointerType === "touch") return;
  const picture = pictureIn(event.target);
  if (pointed && pointed !== picture && pictureIn(document.activeElement) !== pointed) leave(pointed);
  pointed = picture;
  if (!picture) return;
  x = event.clientX;
  if (kept.has(picture.dataset.strip)) show(picture, frameAt(picture, x));
  else rest(picture, () => pointed === picture && show(picture, frameAt(picture, x)));
});
document.documentElement.addEventListener("pointerleave", () => {
  if (pointed) leave(pointed);
  pointed = null;
});
document.addEventListener("focusin", (event) => {
  const picture = pictureIn(event.target);
  if (picture) rest(picture);
});
document.addEventListener("focusout", (event) => {
  const picture = pictureIn(event.target);
  if (picture && picture !== pointed && picture !== pictureIn(event.relatedTarget)) leave(picture);
});
document.addEventListener("keydown", async (event) => {
  const step = { ",": -1, ".": 1 }[event.key];
  if (!step || !isShortcut(event)) return;
  const picture = document.querySelector("dialog[open] .picture[data-strip]") ?? pictureIn(event.target);
  if (!picture) return;
  event.preventDefault();
  if (await fetchStrip(picture)) show(picture, (frames.get(picture) ?? 0) + step);
});
