// Copy buttons. Over plain HTTP browsers offer no clipboard, so the text is selected and copied in the old way; where
// even that is refused it stays selected, and the button says which keys copy it.

const SAID_MS = 2500;

// Copy words that stand in no field; whether it was done.
export async function copyText(text) {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "unseen";
  document.body.append(field);
  const before = document.activeElement;
  try {
    return await copy(field);
  } finally {
    field.remove();
    before?.focus({ preventScroll: true });
  }
}

async function copy(field) {
  field.focus({ preventScroll: true });
  field.select();
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(field.value);
      return true;
    } catch {
      // Not permitted here: the old way may be.
    }
  }
  return document.execCommand("copy");
}

for (const button of document.querySelectorAll("[data-copies]")) {
  const field = document.getElementById(button.dataset.copies);
  const label = [...button.childNodes];
  button.hidden = false;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    const done = await (field ? copy(field) : copyText(button.dataset.copies));
    button.focus({ preventScroll: true });
    button.classList.toggle("done", done);
    button.replaceChildren(done ? button.dataset.done : button.dataset.refused);
    if (!done) field?.select();
    setTimeout(() => {
      button.classList.remove("done");
      button.replaceChildren(...label);
    }, SAID_MS);
  });
}
