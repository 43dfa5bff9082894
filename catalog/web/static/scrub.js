// Turning what a card shows under the pointer: its strip of frames is fetched when a pointer or the focus rests on it,
// once, and given up when they leave. Nothing moves by itself, and the keys , and . go frame by frame. The picture of an
// asset's own page also turns for as long as somebody wants it to.

import { isShortcut } from "./keys.js";

const INTENT_MS = 120;
const IN_FLIGHT_MAX = 2;
const KEPT_MAX = 24;
const PLAYED_MS = 90;
const HOLDER = ".card, .glance-picture, .stage-picture";
const TURNS = "[data-strip]:not(.turned)"; // which a 3D view has not taken the place of

const kept = new Map(); // address -> bitmap, the longest unused first
const flights = new Map(); // picture -> what comes, and how it is given up
const waiting = new Map(); // picture -> timer
const frames = new WeakMap(); // picture -> the frame that it shows
let pointed = null; // the picture under the pointer
let x = 0; // and where on it

const pictureIn = (element) => {
  const holder = element?.closest?.(HOLDER);
  return (holder?.matches(TURNS) ? holder : holder?.querySelector(TURNS)) ?? null;
};

// Whoever asks while a strip is on its way waits for the same one: no key that is pressed meanwhile is lost.
function fetchStrip(picture) {
  const address = picture.dataset.strip;
  if (kept.has(address)) {
    const bitmap = kept.get(address);
    kept.delete(address);
    kept.set(address, bitmap);
    return bitmap;
  }
  if (flights.has(picture)) return flights.get(picture).arrival;
  for (const other of flights.keys()) if (flights.size >= IN_FLIGHT_MAX) giveUp(other);
  const flight = new AbortController();
  const arrival = fly(address, flight.signal).finally(() => flights.get(picture)?.arrival === arrival && flights.delete(picture));
  flights.set(picture, { arrival, flight });
  return arrival;
}

async function fly(address, signal) {
  try {
    const answer = await fetch(address, { signal, headers: { Accept: "image/webp" } });
    if (!answer.ok) return null;
    const bitmap = await createImageBitmap(await answer.blob());
    kept.set(address, bitmap);
    for (const oldest of kept.keys()) if (kept.size > KEPT_MAX) kept.delete(oldest);
    return signal.aborted ? null : bitmap;
  } catch {
    return null; // given up, or not there any more: the picture stays
  }
}

function giveUp(picture) {
  flights.get(picture)?.flight.abort();
  flights.delete(picture);
}

function draw(picture, bitmap, frame) {
  const [count, columns, width, height] = picture.dataset.frames.split(" ").map(Number);
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
  const count = Number.parseInt(picture.dataset.frames, 10);
  if (bitmap && picture.isConnected) draw(picture, bitmap, ((frame % count) + count) % count);
}

function frameAt(picture, x) {
  const box = picture.getBoundingClientRect();
  const share = Math.min(Math.max((x - box.left) / box.width, 0), 0.9999);
  return Math.floor(share * Number.parseInt(picture.dataset.frames, 10));
}

// Where the pointer has come meanwhile is shown, also when it was the focus that rested there first.
function rest(picture) {
  if (waiting.has(picture)) return;
  waiting.set(picture, setTimeout(async () => {
    if ((await fetchStrip(picture)) && pointed === picture && picture !== played) show(picture, frameAt(picture, x));
  }, INTENT_MS));
}

function leave(picture) {
  if (picture === played) return;
  clearTimeout(waiting.get(picture));
  waiting.delete(picture);
  giveUp(picture);
  picture.querySelector("canvas")?.remove();
  frames.delete(picture);
}

let played = null;
let ticking = 0;

function stop() {
  clearInterval(ticking);
  document.querySelector("[data-plays]")?.setAttribute("aria-pressed", "false");
  played = null;
}

async function play(picture) {
  if (played) return stop();
  if (!picture || !(await fetchStrip(picture)) || played) return;
  played = picture;
  document.querySelector("[data-plays]").setAttribute("aria-pressed", "true");
  ticking = setInterval(() => {
    if (picture.isConnected && picture.matches(TURNS) && kept.has(picture.dataset.strip)) show(picture, (frames.get(picture) ?? -1) + 1);
    else stop();
  }, PLAYED_MS);
}

document.documentElement.classList.add("scripted");
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-plays]");
  if (button) play(button.closest("figure").querySelector(TURNS));
});

document.addEventListener("pointermove", (event) => {
  if (event.pointerType === "touch") return;
  const picture = pictureIn(event.target);
  if (pointed && pointed !== picture && pictureIn(document.activeElement) !== pointed) leave(pointed);
  pointed = picture;
  if (!picture) return;
  if (picture === played) return;
  x = event.clientX;
  if (kept.has(picture.dataset.strip)) show(picture, frameAt(picture, x));
  else rest(picture);
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
  const step = { ",": -1, ".": 1, " ": 0 }[event.key];
  if (step === undefined || !isShortcut(event)) return;
  const own = document.querySelector(`.stage-picture${TURNS}`);
  if (!step) {
    if (!own || own !== pointed || event.target.closest?.("button, [role=button], summary, dialog, video")) return;
    event.preventDefault();
    play(own);
    return;
  }
  const picture = document.querySelector("dialog[open] .picture[data-strip]") ?? pictureIn(event.target) ?? own;
  if (!picture) return;
  event.preventDefault();
  if (played) stop();
  if (await fetchStrip(picture)) show(picture, (frames.get(picture) ?? 0) + step);
});
