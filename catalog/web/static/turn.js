// "View in 3D": a link to the page of the 3D view. With JavaScript that page comes in a frame, in the place of the picture,
// when it is asked for; closing the frame gives the memory of the graphics card back.

for (const link of document.querySelectorAll("[data-turns]")) {
  const stage = link.closest("figure").querySelector(".stage-picture");
  const words = link.querySelector("[data-words]");
  const before = words.textContent;
  link.setAttribute("role", "button");
  link.addEventListener("keydown", (event) => {
    if (event.key === " ") {
      event.preventDefault();
      link.click();
    }
  });
  link.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    const frame = stage.querySelector("iframe");
    if (frame) {
      frame.remove();
      stage.classList.remove("turned");
      words.textContent = before;
      return;
    }
    const fresh = document.createElement("iframe");
    fresh.src = link.href;
    fresh.title = link.dataset.turns;
    stage.append(fresh);
    stage.classList.add("turned");
    words.textContent = link.dataset.close;
    fresh.focus();
  });
}
