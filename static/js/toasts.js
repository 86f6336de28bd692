// Toasts in the polite live region #toasts: they leave by themselves after eight seconds, errors stay.
const LASTS = 8000;
const region = () => document.getElementById("toasts");

export function toast(text, level = "success") {
  const item = document.createElement("div");
  item.className = `toast toast-${level}`;
  const words = document.createElement("span");
  words.textContent = text;
  const close = document.createElement("button");
  close.className = "btn btn-quiet btn-icon btn-s";
  close.type = "button";
  close.dataset.dismiss = "";
  close.setAttribute("aria-label", "Dismiss");
  close.textContent = "×";
  item.append(words, close);
  region()?.append(item);
}

function leaveLater(item) {
  if (item.matches(".toast-error, .toast-danger, .toast-warning")) return;
  const leave = () => {
    if (item.matches(":hover, :focus-within")) window.setTimeout(leave, 2000);
    else item.remove();
  };
  window.setTimeout(leave, LASTS);
}

function watch() {
  for (const item of region().children) leaveLater(item);
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) if (node.nodeType === 1) leaveLater(node);
  }).observe(region(), { childList: true });
}

document.addEventListener("click", (event) => {
  event.target.closest("[data-dismiss]")?.closest(".toast, .problem, .note")?.remove();
});

if (region()) watch();
