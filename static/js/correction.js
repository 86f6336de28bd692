// Correcting a form: the names of chosen files stand beside their button, and the first bad answer gets the focus.
function named(input) {
  const names = [...input.files].map((file) => file.name);
  input.closest("fieldset").querySelector("[data-chosen-names]").textContent = names.join(", ");
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-chosen-files]")) named(event.target);
});
document.querySelectorAll("[data-chosen-files]").forEach(named); // chosen while this script was on its way

const bad = document.querySelector("[data-correction] .fill .fill-foot > .error:not([hidden])")?.closest(".fill");
bad?.querySelector("input, select, textarea")?.focus();
