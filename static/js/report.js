// The dialog of report options: it opens when its form has come, and closes when the report is under way.
document.addEventListener("htmx:afterSwap", (event) => {
  const dialog = event.detail.target;
  if (dialog.id !== "report-dialog" || dialog.open) return;
  dialog.showModal();
  dialog.querySelector("input[type=radio]:checked")?.focus();
});

document.addEventListener("htmx:afterRequest", (event) => {
  const dialog = event.target.closest?.("#report-dialog");
  if (dialog && event.detail.elt.matches("form")) dialog.close(); // a refusal is told on the page behind it
});

document.addEventListener("click", (event) => {
  event.target.closest("#report-dialog [data-close]")?.closest("dialog").close();
});
