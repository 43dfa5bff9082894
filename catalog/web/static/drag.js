// Dragging an asset, or a file whose path was let out, into another program. docs/reference/dragging.md says what it carries.

const JSON_TYPE = "application/x-vfx-asset+json";

// How cards name an asset: what has no code of its own is called by it.
export const codeOf = (card) => card.dataset.code ?? card.id.slice("card-".length);
export const referenceOf = (card) => `catalog://assets/${codeOf(card)}`;

function carriedBy(element) {
  const carrier = element.closest?.("[data-carries]");
  if (carrier) return JSON.parse(carrier.dataset.carries);
  const card = element.closest?.(".card");
  if (!card) return null;
  const reference = referenceOf(card);
  const named = { schema: 1, reference, code: codeOf(card), files: [] };
  return { "text/plain": reference, "text/uri-list": reference, [JSON_TYPE]: named };
}

document.addEventListener("dragstart", (event) => {
  const carried = carriedBy(event.target);
  if (!carried) return;
  event.dataTransfer.effectAllowed = "copy";
  event.dataTransfer.clearData();
  for (const [type, value] of Object.entries(carried)) {
    event.dataTransfer.setData(type, typeof value === "string" ? value : JSON.stringify(value));
  }
});

for (const carrier of document.querySelectorAll("[data-carries]")) carrier.hidden = false;
