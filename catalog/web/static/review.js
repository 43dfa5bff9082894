// Going through the queue by keys: j to the next version that waits, k to the one before. Nothing is decided by a key.

import { isInDialog, isShortcut } from "./keys.js";

const WAYS = { j: "next", k: "prev" };

document.addEventListener("keydown", (event) => {
  if (isShortcut(event) && !isInDialog(event) && WAYS[event.key]) document.querySelector(`a[rel="${WAYS[event.key]}"]`)?.click();
});
