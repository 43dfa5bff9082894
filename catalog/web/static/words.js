// What scripts say, in the language of the page that they are on: it hands them the texts.

const words = JSON.parse(document.querySelector("[data-words]").dataset.words);

// The text of this name with its values in it; where it counts, the one that fits ``count``.
export function said(name, values = {}) {
  const text = Array.isArray(words[name]) ? words[name][values.count === 1 ? 0 : 1] : words[name];
  return text.replace(/%\((\w+)\)s/g, (_, key) => shown(values[key])).replaceAll("%%", "%");
}

const shown = (value) => (typeof value === "number" ? value.toLocaleString(document.documentElement.lang) : value);
