// Two pictures on top of each other, with a hand that uncovers the second. Without JavaScript they stand side by side.

for (const slider of document.querySelectorAll("[data-slider]")) {
  const range = slider.querySelector("input");
  const show = () => slider.style.setProperty("--shown", `${range.value}%`);
  range.addEventListener("input", show);
  show();
}
