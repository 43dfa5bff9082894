// A quick look at an asset, over the results: Space opens and closes it, arrows step through the results.

import { cards, goTo, linkOf } from "./grid.js";
import { keepResults } from "./results.js";

export function glanceAt(dialog) {
  const body = dialog.querySelector("[data-body]");
  let shown = null;

  function show(card) {
    shown = card;
    if (!window.htmx) {
      location.href = linkOf(card).href;
      return;
    }
    body.setAttribute("aria-busy", "true");
    window.htmx.ajax("GET", `${linkOf(card).pathname}/glance`, { target: body, swap: "innerHTML", source: dialog })
      .finally(() => body.removeAttribute("aria-busy"));
    if (!dialog.open) dialog.showModal();
  }

  dialog.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step) {
      const all = cards();
      const next = all[all.indexOf(shown) + step];
      event.preventDefault();
      if (next) show(next);
    } else if (event.key === "Escape" || (event.key === " " && !event.target.closest("a, button, input"))) {
      event.preventDefault();
      dialog.close();
      goTo(shown); // at once: the next key means what was shown last
    }
  });
  dialog.addEventListener("htmx:error", () => {
    location.href = linkOf(shown).href; // the browser says what is wrong, and tries again
  });
  dialog.addEventListener("close", () => {
    body.replaceChildren();
    goTo(shown);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-glance]");
    if (button) show(button.closest(".card"));
    if (event.target.closest?.("#cards a, #glance a")) keepResults(cards().map(linkOf));
  });

  return { open: show };
}
