// A part that is swapped while it holds the focus keeps it: htmx gives it to what has the same id, and where that is
// gone (a pressed Cancel) it goes to what `data-focus-after` of the part names.
let lost = null;

document.addEventListener("htmx:beforeSwap", ({ detail: { target } }) => {
  lost = target?.contains(document.activeElement) ? (target.dataset.focusAfter ?? null) : null;
});

document.addEventListener("htmx:afterSwap", () => {
  if (lost && document.activeElement === document.body) document.getElementById(lost)?.focus({ preventScroll: true });
  lost = null;
});
