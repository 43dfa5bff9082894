// Selecting assets, and the bar that says how many and what can be done with them. The selection outlives a new search.

import { copyText } from "./copy.js";
import { cardOf, cards } from "./grid.js";

export function pickAmong(bar, collect) {
  const picked = new Map();
  const count = bar.querySelector("[data-count]");
  const label = bar.querySelector("[data-label]");

  function set(card, on) {
    if (on) picked.set(card.dataset.code, card.dataset.reference);
    else picked.delete(card.dataset.code);
  }

  function show() {
    for (const card of cards()) {
      const on = picked.has(card.dataset.code);
      card.classList.toggle("picked", on);
      card.querySelector(".pick input").checked = on;
    }
    bar.hidden = picked.size === 0;
    bar.classList.toggle("none", bar.hidden);
    count.textContent = picked.size.toLocaleString(document.documentElement.lang);
  }

  async function copy(references) {
    const done = await copyText(references.join("\n"));
    label.textContent = done ? bar.dataset.copied : bar.dataset.refused;
    bar.hidden = false;
    setTimeout(() => {
      label.textContent = bar.dataset.selected;
      show();
    }, 2500);
  }

  document.addEventListener("change", (event) => {
    if (!event.target.matches(".pick input")) return;
    set(cardOf(event.target), event.target.checked);
    show();
  });
  bar.addEventListener("click", (event) => {
    const act = event.target.closest("button")?.dataset.act;
    if (act === "copy") copy([...picked.values()]);
    if (act === "collect") collect([...picked.keys()]);
    if (act === "clear") {
      picked.clear();
      show();
      document.getElementById("results").focus();
    }
  });

  bar.addEventListener("submit", (event) => {
    event.target.closest("[data-codes]").elements.assets.value = [...picked.keys()].join("\n");
  });

  return {
    show,
    toggle(card) {
      set(card, !picked.has(card.dataset.code));
      show();
    },
    extend(...some) {
      some.forEach((card) => set(card, true));
      show();
    },
    all(some) {
      some.forEach((card) => set(card, true));
      show();
    },
    codes: () => [...picked.keys()],
    copy: (some) => copy(some.map((card) => card.dataset.reference)),
  };
}
