// The search page as one types and narrows it. htmx puts the answers in their place; everything works without either.

import { collect } from "./collect.js";
import { moveAmong } from "./grid.js";
import { glanceAt } from "./glance.js";
import { pickAmong } from "./pick.js";
import "./scrub.js";

document.documentElement.classList.add("scripted");
if (window.htmx) document.documentElement.classList.add("live");

const field = document.getElementById("q");
const said = document.getElementById("said");

// A letter in the making is no search yet: input methods for Chinese compose words, and say when one is whole.
function ask(event) {
  if (!event.isComposing) field.form.dispatchEvent(new Event("ask"));
}
field.addEventListener("input", ask);
field.addEventListener("compositionend", () => field.form.dispatchEvent(new Event("ask")));
field.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) event.preventDefault();
});

const found = () => document.getElementById("found");
document.addEventListener("htmx:before:request", () => found().setAttribute("aria-busy", "true"));
document.addEventListener("htmx:finally:request", () => found().removeAttribute("aria-busy"));
document.addEventListener("htmx:after:swap", () => {
  if (document.activeElement !== field) field.value = found().dataset.text;
  said.textContent = document.getElementById("results-title").textContent;
  pick.show();
});

const pick = pickAmong(document.getElementById("picked"), collect);
const glance = glanceAt(document.getElementById("glance"));
moveAmong({ field, pick, glance, collect });
