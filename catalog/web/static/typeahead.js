// Suggestions while one types, where a letter in the making asks for nothing. On the search itself, whose results follow each letter, they
// are chips above these; on every other page a list below the field. Enter without one chosen searches; Esc closes the list. The field stays
// the focus: what is chosen in the list is told by aria-activedescendant.

const LIST_PAUSE_MS = 60;
const CHIPS_PAUSE_MS = 150; // the results, which are asked for at once, go first

const field = document.getElementById("q");
const hints = document.getElementById("hints");
if (field) window.htmx && hints ? hintAt(field, hints) : suggestTo(field);

// Asks once typing rests, for one text at a time; ``show`` is handed the answer, or null where there is nothing to show.
function following(field, pauseMs, addressOf, show) {
  let asked = new AbortController();
  let pause = 0;

  function stop() {
    clearTimeout(pause);
    asked.abort();
  }

  async function ask() {
    asked.abort();
    asked = new AbortController();
    const text = field.value.trim();
    if (!text) return show(null);
    try {
      const answer = await fetch(addressOf(text), {
        headers: { "HX-Request-Type": "partial" },
        redirect: "error",
        signal: asked.signal,
      });
      show(answer.ok ? document.createRange().createContextualFragment(await answer.text()) : null);
    } catch {
      // Another letter came, or the server is away: the search itself says so.
    }
  }

  function askSoon(event) {
    if (event.isComposing) return;
    clearTimeout(pause);
    pause = setTimeout(ask, pauseMs);
  }

  field.addEventListener("input", askSoon);
  field.addEventListener("compositionend", askSoon);
  return stop;
}

function hintAt(field, place) {
  const row = place.querySelector("div");
  const said = place.querySelector("[role=status]");
  const links = () => [...row.querySelectorAll("a")];

  function show(list) {
    const before = row.contains(document.activeElement) && document.activeElement.href;
    row.replaceChildren(list ?? "");
    if (before) (links().find((one) => one.href === before) ?? links()[0] ?? field).focus();
    said.textContent = row.firstElementChild?.dataset.said ?? "";
  }

  const stop = following(field, CHIPS_PAUSE_MS, addressOf, show);

  function addressOf(text) {
    const asked = new URLSearchParams(location.search);
    asked.set("q", text);
    asked.set("as", "chips");
    return `/assets/typeahead?${asked}`;
  }

  // What is swapped in by a filter, a notice or the way back is another search than what was suggested for.
  document.addEventListener("htmx:after:swap", () => {
    if (document.activeElement === field || place.contains(document.activeElement)) return;
    stop();
    show(null);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" || event.isComposing || event.keyCode === 229 || !links().length) return;
    event.preventDefault();
    links()[0].focus();
  });
  row.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) links()[links().indexOf(document.activeElement) + step]?.focus();
    else if (event.key === "ArrowUp" || event.key === "Escape") field.focus();
    else return;
    event.preventDefault();
  });
}

function suggestTo(field) {
  const place = document.createElement("div");
  place.className = "typeahead-place";
  place.hidden = true;
  field.form.append(place);
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", "typeahead");
  field.setAttribute("aria-expanded", "false");

  const options = () => [...place.querySelectorAll("[role=option]")];
  const chosen = () => place.querySelector("[aria-selected=true]");

  function open(wide) {
    place.hidden = !wide;
    field.setAttribute("aria-expanded", String(wide));
    if (!wide) choose(null);
  }

  function choose(option) {
    for (const each of options()) each.setAttribute("aria-selected", String(each === option));
    if (option) field.setAttribute("aria-activedescendant", option.id);
    else field.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }

  function show(list) {
    if (!list) return open(false);
    const before = chosen()?.href;
    place.replaceChildren(list);
    choose(options().find((option) => option.href === before) ?? null);
    open(options().length > 0 && document.activeElement === field);
  }

  const stop = following(field, LIST_PAUSE_MS, (text) => `/assets/typeahead?q=${encodeURIComponent(text)}`, show);

  function close() {
    stop();
    open(false);
  }

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
      open(true);
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
