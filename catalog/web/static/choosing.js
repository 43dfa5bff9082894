// Files that people choose or drop: each with the path that it has in the tree they come from.

import { said } from "./words.js";

const RUBBISH = /^(\..*|thumbs\.db|ehthumbs\.db|desktop\.ini|__macosx|\$recycle\.bin|@eadir|lost\+found|.*~|.*\.swp)$/i;

const isRubbish = (path) => path.split("/").some((name) => RUBBISH.test(name));

// What a folder holds is the tree: its own name is no part of the paths.
const beneath = (path) => (path.includes("/") ? path.slice(path.indexOf("/") + 1) : path);

function sorted(found) {
  const kept = found.filter(({ path }) => !isRubbish(path)).map(({ path, file }) => ({ path: path.normalize("NFC"), file }));
  return { files: kept, leftOut: found.length - kept.length };
}

export function chosenIn(input) {
  const found = [...input.files].map((file) => ({ path: beneath(file.webkitRelativePath) || file.name, file }));
  input.value = "";
  return sorted(found);
}

export async function droppedIn(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const found = [];
  for (const entry of entries) await walk(entry, entries.length > 1 ? entry.name : "", found);
  return sorted(found);
}

async function walk(entry, path, found) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    found.push({ path: path || entry.name, file });
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return;
    for (const one of some) await walk(one, path ? `${path}/${one.name}` : one.name, found);
  }
}

// Let buttons open the inputs they stand for, and hear what is chosen.
export function wireChoice(root, take) {
  for (const button of root.querySelectorAll("[data-choose]")) {
    const input = document.getElementById(button.dataset.choose);
    button.addEventListener("click", () => input.click());
    input.addEventListener("change", () => take(chosenIn(input)));
    if (input.files.length) queueMicrotask(() => take(chosenIn(input))); // chosen before this script had come
  }
}

const UNITS = ["", "kB", "MB", "GB", "TB"];

// 1.4 GB, as the pages say it.
export function sizeOf(bytes) {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  if (unit === 0) return said("bytes", { count: bytes });
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`;
}
