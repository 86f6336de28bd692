// The column chooser stands among the results and belongs to the filter form: its changes send that form.
const form = () => document.getElementById("filters");

document.addEventListener("input", (event) => {
  if (event.target.closest("[data-columns]")) form()?.requestSubmit();
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-move]");
  if (!button) return;
  const item = button.closest("[data-column]");
  const up = button.dataset.move === "-1";
  const other = up ? item.previousElementSibling : item.nextElementSibling;
  if (!other?.querySelector("input").checked) return;
  if (up) other.before(item);
  else other.after(item);
  form()?.requestSubmit();
});
