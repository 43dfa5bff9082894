// Selecting assets, and the bar that says how many and what can be done with them. The selection outlives a new search.

import { copyText } from "./copy.js";
import { codeOf, referenceOf } from "./drag.js";
import { cardOf, cards, dress } from "./grid.js";

export function pickAmong(bar, collect) {
  const picked = new Map();
  const count = bar.querySelector("[data-count]");
  const label = bar.querySelector("[data-label]");

  function set(card, on) {
    if (on) picked.set(codeOf(card), referenceOf(card));
    else picked.delete(codeOf(card));
  }

  function show() {
    dress();
    for (const card of cards()) {
      const on = picked.has(codeOf(card));
      card.classList.toggle("picked", on);
      card.querySelector(".pick").checked = on;
    }
    bar.hidden = picked.size === 0;
    bar.classList.toggle("none", bar.hidden);
    count.textContent = picked.size.toLocaleString(document.documentElement.lang);
  }

  function say(number, words) {
    count.textContent = number.toLocaleString(document.documentElement.lang);
    label.textContent = words;
    bar.hidden = false;
    setTimeout(() => {
      label.textContent = bar.dataset.selected;
      show();
    }, 2500);
  }

  async function copy(references) {
    const done = await copyText(references.join("\n"));
    say(references.length, done ? bar.dataset.copied : bar.dataset.refused);
  }

  function compare() {
    const { address, wrong } = bar.querySelector("[data-act=compare]").dataset;
    if (picked.size < 2 || picked.size > 4) say(picked.size, wrong);
    else location.href = `${address}?${new URLSearchParams([...picked.keys()].map((code) => ["asset", code]))}`;
  }

  dress();
  document.addEventListener("change", (event) => {
    if (!event.target.matches(".pick")) return;
    set(cardOf(event.target), event.target.checked);
    show();
  });
  bar.addEventListener("click", (event) => {
    const act = event.target.closest("button")?.dataset.act;
    if (act === "copy") copy([...picked.values()]);
    if (act === "collect") collect([...picked.keys()]);
    if (act === "compare") compare();
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
    compare,
    edit: () => picked.size && bar.querySelector("[data-codes]")?.requestSubmit(),
    show,
    toggle(card) {
      set(card, !picked.has(codeOf(card)));
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
    copy: (some) => copy(some.map(referenceOf)),
  };
}
