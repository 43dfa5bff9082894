// Adding assets to a collection from wherever one is: a dialog over the page, or, where nothing can fill it, a page.

import { prepareHtmx } from "./htmx.js";
import { isInDialog, isShortcut } from "./keys.js";

const dialog = document.getElementById("collect");

export async function collect(codes) {
  if (!dialog || !codes.length) return;
  const asked = new URLSearchParams(codes.map((code) => ["asset", code]));
  asked.append("next", location.pathname + location.search);
  const address = `${dialog.dataset.address}?${asked}`;
  await prepareHtmx(dialog.dataset.htmx);
  if (!window.htmx) {
    location.href = address;
    return;
  }
  const body = dialog.querySelector("[data-body]");
  body.setAttribute("aria-busy", "true");
  window.htmx.ajax("GET", address, { target: body, swap: "innerHTML", source: dialog }).finally(() => {
    body.removeAttribute("aria-busy");
    if (!body.contains(document.activeElement)) body.querySelector("button, input:not([type=hidden])")?.focus();
  });
  if (!dialog.open) dialog.showModal();
}

if (dialog) {
  let opener = null;
  dialog.addEventListener("htmx:error", () => {
    const said = document.createElement("p");
    said.className = "note bad";
    said.setAttribute("role", "alert");
    said.textContent = dialog.dataset.unreached;
    dialog.querySelector(".note.bad")?.remove();
    dialog.querySelector("[data-body]").prepend(said);
  });
  dialog.addEventListener("toggle", () => {
    if (dialog.open) opener = document.activeElement;
  });
  dialog.addEventListener("close", () => {
    dialog.querySelector("[data-body]").replaceChildren();
    opener?.focus?.({ preventScroll: true });
  });
}

// What the server does not answer in place, such as a form whose session has ended, is sent once more as a page: it asks to
// sign in, and keeps what was typed.
let pressed = null;
dialog?.addEventListener("submit", (event) => {
  pressed = event.submitter;
});
dialog?.addEventListener("as-a-page", (event) => {
  const form = event.target.closest("form");
  form.elements.dialog.remove();
  if (pressed?.name) {
    const chosen = document.createElement("input");
    Object.assign(chosen, { type: "hidden", name: pressed.name, value: pressed.value });
    form.append(chosen);
  }
  form.submit();
});

// A page of one asset has a link for it, and the same key.
const link = document.querySelector("a[data-collects]");
if (dialog && link) {
  const open = (event) => {
    event.preventDefault();
    collect([link.dataset.collects]);
  };
  link.addEventListener("click", (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey) open(event);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "c" && isShortcut(event) && !isInDialog(event)) open(event);
  });
}
