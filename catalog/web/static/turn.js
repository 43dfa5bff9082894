// "View in 3D": a link to the page of the 3D view. With JavaScript that page comes in a frame, in the place of the picture,
// when it is asked for; closing the frame gives the memory of the graphics card back.

const linkOf = (event) => event.target.closest?.("[data-turns]");

document.querySelector("[data-turns]")?.setAttribute("role", "button");
document.addEventListener("keydown", (event) => {
  if (event.key !== " " || !linkOf(event)) return;
  event.preventDefault();
  linkOf(event).click();
});
document.addEventListener("click", (event) => {
  const link = linkOf(event);
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  const stage = link.closest("figure").querySelector(".stage-picture");
  const words = link.querySelector("[data-words]");
  const frame = stage.querySelector("iframe");
  if (frame) {
    frame.remove();
    stage.classList.remove("turned");
    link.closest("figure").removeAttribute("hx-morph-skip");
    words.textContent = link.dataset.open;
    return;
  }
  const fresh = document.createElement("iframe");
  fresh.src = link.href;
  fresh.title = link.dataset.turns;
  stage.append(fresh);
  stage.classList.add("turned");
  link.closest("figure").setAttribute("hx-morph-skip", ""); // pictures that are made meanwhile wait
  words.textContent = link.dataset.close;
  fresh.focus();
});
