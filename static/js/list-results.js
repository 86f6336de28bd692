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

// Back from a check-in: focus is on its row again, so that `j` and Enter go on from there. Only once the browser has
// gone to the fragment itself, which takes focus away.
window.addEventListener("load", () => window.requestAnimationFrame(() => {
  const row = document.getElementById(window.location.hash.slice(1))?.closest("[data-row]");
  if (!row || document.activeElement !== document.body) return;
  row.scrollIntoView({ block: "center" });
  row.querySelector("[data-row-link]")?.focus({ preventScroll: true });
}));

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

// A saved view was renamed, started with or deleted: the button pressed is gone, the menu is still there.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id !== "saved-views" || document.activeElement !== document.body) return;
  document.querySelector("#saved-views > summary")?.focus();
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
