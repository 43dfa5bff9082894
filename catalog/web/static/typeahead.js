// Suggestions below the search field of every page but the search itself. Enter without one chosen searches; Esc closes them; a letter in the
// making asks for nothing. The field stays the focus: the chosen one is told by aria-activedescendant.

const PAUSE_MS = 60;

const field = document.getElementById("q");
// Where results follow each letter they are the suggestions, and a list would only cover them.
const live = window.htmx && document.getElementById("found");
if (field && !live) suggestTo(field);

function suggestTo(field) {
  const place = document.createElement("div");
  place.className = "typeahead-place";
  place.hidden = true;
  field.form.append(place);
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", "typeahead");
  field.setAttribute("aria-expanded", "false");
  let asked = new AbortController();
  let pause = 0;

  const options = () => [...place.querySelectorAll("[role=option]")];
  const chosen = () => place.querySelector("[aria-selected=true]");

  function show(open) {
    place.hidden = !open;
    field.setAttribute("aria-expanded", String(open));
    if (!open) choose(null);
  }

  function choose(option) {
    for (const each of options()) each.setAttribute("aria-selected", String(each === option));
    if (option) field.setAttribute("aria-activedescendant", option.id);
    else field.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }

  function close() {
    clearTimeout(pause);
    asked.abort();
    show(false);
  }

  async function ask() {
    asked.abort();
    asked = new AbortController();
    const text = field.value.trim();
    if (!text) return show(false);
    try {
      const answer = await fetch(`/assets/typeahead?q=${encodeURIComponent(text)}`, {
        headers: { "HX-Request-Type": "partial" },
        redirect: "error",
        signal: asked.signal,
      });
      if (!answer.ok) return show(false);
      const list = document.createRange().createContextualFragment(await answer.text());
      const before = chosen()?.href;
      place.replaceChildren(list);
      choose(options().find((option) => option.href === before) ?? null);
      show(options().length > 0 && document.activeElement === field);
    } catch {
      // Another letter came, or the server is away: the search itself says so.
    }
  }

  function askSoon(event) {
    if (event.isComposing) return;
    clearTimeout(pause);
    pause = setTimeout(ask, PAUSE_MS);
  }

  field.addEventListener("input", askSoon);
  field.addEventListener("compositionend", askSoon);
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    const all = options();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && !place.hidden) {
      event.preventDefault();
      // One step beyond either end is the field itself, with nothing chosen.
      choose([null, ...all].at((all.indexOf(chosen()) + 1 + step) % (all.length + 1)));
    } else if (event.key === "ArrowDown" && all.length) {
      event.preventDefault();
      show(true);
    } else if (event.key === "Enter") {
      const option = chosen();
      if (option) {
        event.preventDefault();
        location.href = option.href;
      }
      close();
    } else if (event.key === "Escape" && !place.hidden) {
      event.preventDefault();
      event.stopImmediatePropagation();
      close();
    }
  });
  field.addEventListener("blur", () => setTimeout(() => place.contains(document.activeElement) || close()));
  place.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus until the click is done
}
