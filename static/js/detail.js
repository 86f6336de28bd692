// The page of one check-in: copy coordinates, step through the list by keys, the slider's words, printing.
import { shortcut } from "./keyboard.js";
import { text } from "./map-config.js";
import { toast } from "./toasts.js";

async function copy(words) {
  try {
    await navigator.clipboard.writeText(words);
    toast(text("copied", { text: words }));
  } catch {
    toast(text("copyFailed"), "error");
  }
}

// What is not in view yet would be missing on paper
for (const picture of document.querySelectorAll(".sheet img[loading=lazy]")) picture.loading = "eager";

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy], [data-print]");
  if (button?.dataset.copy) copy(button.dataset.copy);
  else if (button) window.print();
});

document.addEventListener("input", (event) => {
  const slider = event.target.closest("[data-words]");
  if (!slider) return;
  const words = slider.dataset.words.split("|")[slider.value];
  slider.setAttribute("aria-valuetext", words);
  slider.form.querySelector("[data-distance]").textContent = words;
});

function step(direction) {
  const link = document.querySelector(`[data-step="${direction}"]`);
  if (!link) return false;
  link.click();
  return true;
}

/** Arrow keys belong to a control that has the focus: the slider, the map. */
const free = (event) => !event.target.closest?.(".map, input, [role=slider]");

shortcut("j", () => step("next"));
shortcut("k", () => step("previous"));
shortcut("ArrowRight", (event) => free(event) && step("next"));
shortcut("ArrowLeft", (event) => free(event) && step("previous"));
