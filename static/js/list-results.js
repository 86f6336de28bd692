// What a list's results need beside HTML: shift-click on a head, a click on a row, where focus and menus are after a
// swap, what is announced, and asking now and then whether something new came in.
const POLL_EVERY = 20_000;
const results = () => document.getElementById("results");
let kept = null;

document.addEventListener("click", (event) => {
  const head = event.target.closest("a[data-add-href]");
  if (!head || !event.shiftKey) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  window.htmx.ajax("GET", head.dataset.addHref, { source: head, target: "#results", swap: "outerHTML" });
}, true);

document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-row]");
  if (!row || event.target.closest("a, button, input, label") || String(window.getSelection())) return;
  const link = row.querySelector("[data-row-link]");
  if (event.ctrlKey || event.metaKey) window.open(link.href, "_blank", "noopener");
  else link.click();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-close-menu]")) event.target.closest("details.menu")?.removeAttribute("open");
});

const forResults = (event) => event.detail.target?.id === "results";

document.addEventListener("htmx:beforeRequest", (event) => {
  if (forResults(event)) results()?.setAttribute("aria-busy", "true");
});

// An error goes to #problem, and then `detail.target` is that: what was asked for is in the request.
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.requestConfig.target.id === "results") results()?.removeAttribute("aria-busy");
  event.target.closest?.(".toast")?.remove();
});

document.addEventListener("htmx:beforeSwap", (event) => {
  if (!forResults(event)) return;
  const region = results();
  kept = {
    open: [...region.querySelectorAll("details[data-keep-open][open]")].map((menu) => menu.id),
    focus: region.contains(document.activeElement) ? document.activeElement.id : null,
  };
});

document.addEventListener("htmx:afterSwap", (event) => {
  const region = results();
  if (!kept || !region || event.detail.target?.id !== "results") return;
  for (const id of kept.open) document.getElementById(id)?.setAttribute("open", "");
  if (kept.focus !== null && !region.contains(document.activeElement)) {
    (document.getElementById(kept.focus) ?? region).focus({ preventScroll: true });
  }
  kept = null;
  announce(region);
});

function announce(region) {
  const words = region.querySelector("[data-count]")?.textContent.replace(/\s+/g, " ").trim() ?? "";
  const place = document.getElementById("announcement");
  if (place) place.textContent = words;
}

window.setInterval(() => {
  const place = document.querySelector("[data-poll]");
  if (place && document.visibilityState === "visible" && !results()?.hasAttribute("aria-busy")) {
    window.htmx.trigger(place, "poll");
  }
}, POLL_EVERY);
