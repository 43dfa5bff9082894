// Dragging an asset, or a file whose path was let out, into another program. docs/reference/dragging.md says what it carries.

const JSON_TYPE = "application/x-vfx-asset+json";

function carriedBy(element) {
  const carrier = element.closest?.("[data-carries]");
  if (carrier) return JSON.parse(carrier.dataset.carries);
  const card = element.closest?.(".card[data-reference]");
  if (!card) return null;
  const { reference, code } = card.dataset;
  return { "text/plain": reference, "text/uri-list": reference, [JSON_TYPE]: { schema: 1, reference, code, files: [] } };
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
