// The page of a collection: the keys of the search page, and items that are dragged to another place.

import { collect } from "./collect.js";
import { referenceOf } from "./drag.js";
import { glanceAt } from "./glance.js";
import { moveAmong } from "./grid.js";
import { pickAmong } from "./pick.js";

document.documentElement.classList.add("scripted");

const pick = pickAmong(document.getElementById("picked"), collect);
const glance = glanceAt(document.getElementById("glance"));
moveAmong({ field: document.getElementById("q"), pick, glance, collect });

// Whoever may edit drags a card before another one. The form that is sent is one that browsers know.
let dragged = null;
let was = null;
const revision = () => document.getElementById("reorder")?.elements.namedItem("revision").value;
const cardAt = (event) => event.target.closest?.("#cards > .card");
const itemOf = (card) => card.querySelector("[data-item]").dataset.item;
const forget = () => document.querySelectorAll(".drop-before, .drop-after, .dragged").forEach(
  (card) => card.classList.remove("drop-before", "drop-after", "dragged"),
);

function isAfter(card, event) {
  const box = card.getBoundingClientRect();
  const upright = card.parentElement.classList.contains("list");
  return upright ? event.clientY > box.top + box.height / 2 : event.clientX > box.left + box.width / 2;
}

function prepare() {
  if (!document.querySelector("[data-orders]")) return;
  for (const card of document.querySelectorAll("#cards > .card")) {
    card.draggable = true;
    for (const one of card.querySelectorAll("a, img")) one.draggable = false;
  }
}

document.addEventListener("dragstart", (event) => {
  dragged = event.target.matches?.(".card") ? cardAt(event) : null; // selected text is dragged, too
  if (!dragged) return;
  dragged.classList.add("dragged");
  event.dataTransfer.effectAllowed = "copyMove";
  event.dataTransfer.setData("text/plain", referenceOf(dragged));
});
document.addEventListener("dragover", (event) => {
  const card = dragged && cardAt(event);
  if (!card || card === dragged) return;
  event.preventDefault();
  document.querySelectorAll(".drop-before, .drop-after").forEach((one) => one.classList.remove("drop-before", "drop-after"));
  card.classList.add(isAfter(card, event) ? "drop-after" : "drop-before");
});
document.addEventListener("dragend", () => {
  dragged = null;
  forget();
});
document.addEventListener("drop", (event) => {
  const card = dragged && cardAt(event);
  if (!card || card === dragged) return;
  event.preventDefault();
  const form = document.getElementById("reorder");
  const set = (name, value) => {
    form.elements.namedItem(name).value = value; // `elements.item` is a method
  };
  const next = isAfter(card, event) ? card.nextElementSibling : card;
  const before = next === dragged ? dragged.nextElementSibling : next;
  if (before && before.previousElementSibling === dragged) return;
  set("item", itemOf(dragged));
  set("before", before ? itemOf(before) : "");
  // At the end of the page: behind its last card, which need not be the last of the collection.
  const last = dragged.parentElement.lastElementChild.querySelector(".item-place .number");
  set("position", before ? "" : last.textContent.replace(/\D/g, ""));
  form.requestSubmit();
});
prepare();

// The list in its new order is put in the place of the old one. Forms beside it go on fitting, unless others changed more.
document.addEventListener("htmx:before:swap", () => {
  was = revision();
});
document.addEventListener("htmx:after:swap", () => {
  const now = revision();
  prepare();
  pick.show();
  if (Number(now) !== Number(was) + 1) return;
  for (const one of document.querySelectorAll("main input[name=revision]")) if (!one.closest("#results")) one.value = now;
});
// What is refused, as when the session has ended, is sent once more as a page, which says why.
document.addEventListener("as-a-page", (event) => {
  if (event.target.id === "reorder") event.target.submit();
});
