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
let removed = -1; // the place of the filter that is being taken away
document.addEventListener("htmx:before:request", (event) => {
  found().setAttribute("aria-busy", "true");
  const chip = event.target.closest?.(".chips li");
  removed = chip ? [...chip.parentElement.children].indexOf(chip) : -1;
});
document.addEventListener("htmx:finally:request", () => found().removeAttribute("aria-busy"));
document.addEventListener("htmx:after:swap", () => {
  if (document.activeElement !== field) field.value = found().dataset.text;
  const title = document.getElementById("results-title");
  said.textContent = title.textContent;
  if (removed >= 0) (document.querySelectorAll(".chips .chip")[removed] ?? title).focus();
  removed = -1;
  unreached.hidden = true;
  pick.show();
});

// Where the server is away, the results are old: that is said, and the same is asked again by hand or once there is a way.
const unreached = document.querySelector("#unreached > div");
let asking = field.form;
document.addEventListener("htmx:error", (event) => {
  if (event.target.closest?.("dialog")) return;
  asking = event.target;
  unreached.hidden = false;
});
function askAgain() {
  if (asking.matches("a") && asking.isConnected) asking.click();
  else if (asking.matches(".filters-body") && asking.isConnected) asking.dispatchEvent(new Event("change"));
  else field.form.dispatchEvent(new Event("ask"));
}
unreached.querySelector("button").addEventListener("click", () => {
  askAgain();
  field.focus();
});
window.addEventListener("online", () => unreached.hidden || askAgain());

const pick = pickAmong(document.getElementById("picked"), collect);
const glance = glanceAt(document.getElementById("glance"));
moveAmong({ field, pick, glance, collect });
