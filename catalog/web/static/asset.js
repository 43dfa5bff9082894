// The pages of an asset by keys: 1 to 8 go to its tabs, y copies its reference, [ and ] go to the results before and after it.

import { copyText } from "./copy.js";
import { isShortcut } from "./keys.js";
import { readResults } from "./results.js";

const SAID_MS = 2500;
const tabs = [...document.querySelectorAll(".tabs a")];
const way = document.querySelector("[data-results]");
const said = document.querySelector("[data-reference]");

const paths = readResults().paths;
const at = paths.indexOf(tabs[0].pathname);
if (at >= 0) {
  const [before, back, after] = way.children;
  const lead = (link, to) => (to ? (link.href = to) : (link.hidden = true));
  lead(before, paths[at - 1]);
  lead(back, readResults().address);
  lead(after, paths[at + 1]);
  back.textContent = way.dataset.results.replace("%(at)s", at + 1).replace("%(all)s", paths.length);
  way.classList.add("known");
}

async function copyReference() {
  said.textContent = (await copyText(said.dataset.reference)) ? said.dataset.copied : said.dataset.refused;
  setTimeout(() => said.replaceChildren(), SAID_MS);
}

document.addEventListener("keydown", (event) => {
  if (!isShortcut(event) || event.target.closest?.("dialog")) return;
  if (event.key === "y") copyReference();
  else if (event.key === "[") way.querySelector("a[rel=prev][href]")?.click();
  else if (event.key === "]") way.querySelector("a[rel=next][href]")?.click();
  else if (/^[1-8]$/.test(event.key)) tabs[event.key - 1]?.click();
});
