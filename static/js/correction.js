// Correcting a form: the names of chosen files stand beside their button, and the first bad answer gets the focus.
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-chosen-files]")) return;
  const names = [...event.target.files].map((file) => file.name);
  event.target.closest("fieldset").querySelector("[data-chosen-names]").textContent = names.join(", ");
});

const bad = document.querySelector("[data-correction] .fill .fill-foot > .error:not([hidden])")?.closest(".fill");
bad?.querySelector("input, select, textarea")?.focus();
