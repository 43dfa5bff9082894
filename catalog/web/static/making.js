// While what shows a version is made: asks whether anything is new, as seldom as it is told. What is new is put in its place
// by htmx, which leaves alone what people have begun there, and is fetched only then.

import { prepareHtmx } from "./htmx.js";

const placeOf = (page) => page.getElementById("looking");
let timer = 0;

function wait() {
  clearTimeout(timer);
  const looking = placeOf(document);
  if (looking?.dataset.htmx) timer = setTimeout(look, looking.dataset.wait * 1000, looking);
}

async function look(looking) {
  const answer = await fetch(looking.dataset.look, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok) return wait();
  const told = new DOMParser().parseFromString(await answer.text(), "text/html");
  const next = placeOf(told);
  if (!next) return;
  looking.replaceWith(next);
  if (next.dataset.look) return wait();
  document.getElementById("made").replaceChildren(...(told.getElementById("made")?.childNodes ?? []));
  await prepareHtmx(looking.dataset.htmx);
  window.htmx?.process(next);
}

document.addEventListener("htmx:after:swap", wait);
wait();
