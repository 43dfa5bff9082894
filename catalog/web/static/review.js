// Going through the queue by keys: j to the next version that waits, k to the one before. Nothing is decided by a key.

const WAYS = { j: "next", k: "prev" };

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  if (WAYS[event.key]) document.querySelector(`a[rel="${WAYS[event.key]}"]`)?.click();
});
