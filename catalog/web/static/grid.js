// Keys on the search page: arrows go from card to card, and single keys do what the help dialog lists.

import { codeOf } from "./drag.js";
import { isInDialog, isShortcut, isTyping } from "./keys.js";

export const cards = () => [...document.querySelectorAll("#cards > .card")];
export const linkOf = (card) => card.querySelector(".card-name a");
export const cardOf = (element) => element?.closest?.("#cards > .card") ?? null;

export function columns(all) {
  const top = all[0].getBoundingClientRect().top;
  const second = all.findIndex((card) => card.getBoundingClientRect().top > top + 1);
  return second === -1 ? all.length : second;
}

// What only scripts can do stands in the page once; each card gets its own of it, behind its name.
export function dress() {
  const acts = document.getElementById("card-acts").content;
  for (const card of cards()) {
    if (card.querySelector(".pick")) continue;
    const name = linkOf(card);
    const own = acts.cloneNode(true);
    for (const one of own.children) one.ariaLabel = one.ariaLabel.replace("%(name)s", name.textContent);
    name.parentElement.after(own);
  }
}

export function goTo(card) {
  if (!card) return;
  const link = linkOf(card);
  link.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest" });
}

export function moveAmong({ field, pick, glance, collect }) {
  const steps = {
    ArrowRight: () => 1,
    ArrowLeft: () => -1,
    ArrowDown: columns,
    ArrowUp: (all) => -columns(all),
    j: columns,
    k: (all) => -columns(all),
    Home: (all) => -all.length,
    End: (all) => all.length,
  };

  const acts = {
    f: () => document.querySelector("#filters a, #filters input")?.focus(),
    " ": (card) => card && glance.open(card),
    x: (card) => card && pick.toggle(card),
    y: (card) => card && pick.copy([card]),
    c: (card) => collect(pick.codes().length ? pick.codes() : card ? [codeOf(card)] : []),
    v: () => pick.compare(),
    e: () => pick.edit(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.metaKey) return;
    if (event.key === "Escape" && event.target === field && !event.isComposing && event.keyCode !== 229) {
      event.preventDefault(); // browsers would empty the field, and the results would be those of the text
      goTo(cards()[0]);
      return;
    }
    if (isTyping(event) || isInDialog(event)) return;
    const card = cardOf(event.target);
    const all = cards();
    if (event.ctrlKey) {
      if (event.key === "a" && card) {
        event.preventDefault();
        pick.all(all);
      }
      return;
    }
    if (event.key.length === 1 && event.key !== " " && !isShortcut(event)) return;
    if (card && steps[event.key]) {
      event.preventDefault();
      const at = all.indexOf(card);
      const next = all[Math.min(all.length - 1, Math.max(0, at + steps[event.key](all)))];
      if (event.shiftKey && event.key.startsWith("Arrow")) pick.extend(card, next);
      goTo(next);
    } else if (acts[event.key] && (card || "fcve".includes(event.key))) {
      event.preventDefault();
      acts[event.key](card);
    } else if (!card && all.length && (event.key === "j" || event.key === "k")) {
      goTo(all[0]);
    }
  });
}
