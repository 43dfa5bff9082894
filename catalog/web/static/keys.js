// Keys that every page has, and which keys are anybody's: where somebody types, composes a word or holds a modifier they
// are theirs. One cookie turns single keys off, on all pages.

const TYPED_IN = "input, textarea, select, [contenteditable]";

export const isTyping = (event) =>
  event.isComposing || event.keyCode === 229 || Boolean(event.target.closest?.(TYPED_IN));

// Whether a page may take this key for a shortcut of its own.
export const isShortcut = (event) =>
  document.body.dataset.keys !== "off" && !event.ctrlKey && !event.altKey && !event.metaKey && !isTyping(event);

// Whether a dialog is before the page. One that has just closed holds the focus until the next frame is painted.
export const isInDialog = (event) => Boolean(event.target.closest?.("dialog[open]"));

const field = document.getElementById("q");
const help = document.getElementById("help");

const CHORD_MS = 1500;
let begun = -Infinity; // when g was pressed, which waits for its letter

document.addEventListener("keydown", (event) => {
  if (!isShortcut(event) || isInDialog(event)) return;
  const to = event.timeStamp - begun < CHORD_MS && help?.querySelector(`[data-goes="${CSS.escape(event.key)}"]`);
  begun = event.key === "g" ? event.timeStamp : -Infinity;
  if (to) {
    event.stopImmediatePropagation(); // on pages where the letter alone means something
    event.preventDefault();
    to.click();
  } else if (event.key === "/" && field) {
    event.preventDefault();
    field.focus();
    field.select();
  } else if (event.key === "?" && help) {
    event.preventDefault();
    help.showModal();
  }
});

for (const button of document.querySelectorAll("[data-keys-help]")) {
  button.hidden = false;
  button.addEventListener("click", () => help.showModal());
}

for (const dialog of document.querySelectorAll("dialog")) {
  dialog.addEventListener("click", (event) => {
    if (event.target !== dialog && !event.target.closest("[data-close]")) return;
    event.preventDefault();
    dialog.close();
  });
}
