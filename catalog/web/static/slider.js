// Two pictures on top of each other, with a hand that uncovers the second. Without JavaScript they stand side by side.

for (const slider of document.querySelectorAll("[data-slider]")) {
  const hand = slider.querySelector(".slider-hand");
  const range = hand.querySelector("input");
  const show = () => slider.style.setProperty("--shown", `${range.value}%`);
  slider.classList.add("live");
  hand.hidden = false;
  range.addEventListener("input", show);
  show();
}
