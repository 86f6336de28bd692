// Where one is in a gallery: its page stands in the address, the exact place in this tab's memory.
const MEMORY = "gallery-place";
const settled = 150; // milliseconds without scrolling

const scrolls = (root) => getComputedStyle(root).overflowY === "auto";
const topOf = (root) => (scrolls(root) ? root.getBoundingClientRect().top : 0);
const edge = (sheet) => (sheet.querySelector(".shot") ?? sheet).getBoundingClientRect();

/** The first sheet that is still in sight at the top. */
function first(root) {
  const top = topOf(root);
  return [...root.querySelectorAll("[data-sheet]:not([hidden])")].find((sheet) => edge(sheet).bottom > top + 1);
}

export function keepPlace(root) {
  window.history.scrollRestoration = "manual";
  let timer = 0;
  const moved = () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => note(root), settled);
  };
  root.addEventListener("scroll", moved, { passive: true });
  const controller = new AbortController();
  window.addEventListener("scroll", () => (root.isConnected ? moved() : controller.abort()), {
    passive: true,
    signal: controller.signal,
  });
  restore(root);
}

function note(root) {
  const sheet = root.isConnected && !document.querySelector(".pswp") && first(root);
  if (!sheet) return;
  const page = String(Math.floor((Number(sheet.dataset.at) - 1) / Number(root.dataset.perPage)) + 1);
  const address = new URL(window.location.href);
  if ((address.searchParams.get("page") ?? "1") !== page) {
    if (page === "1") address.searchParams.delete("page");
    else address.searchParams.set("page", page);
    address.hash = "";
    window.history.replaceState(window.history.state, "", address);
  }
  const place = { address: address.pathname + address.search, sheet: sheet.dataset.sheet, by: edge(sheet).top - topOf(root) };
  window.sessionStorage.setItem(MEMORY, JSON.stringify(place));
}

/** After a step back or a reload: the same sheet at the same height. A check-in the address names comes first. */
function restore(root) {
  const named = /^#checkin-(\d+)$/.exec(window.location.hash);
  if (named) {
    const sheet = document.getElementById(`checkin-${named[1]}`);
    (sheet?.querySelector(".shot") ?? sheet)?.scrollIntoView({ block: "center" });
    return;
  }
  const { type } = window.performance.getEntriesByType("navigation")[0] ?? {};
  const place = JSON.parse(window.sessionStorage.getItem(MEMORY) ?? "null");
  const here = window.location.pathname + window.location.search;
  if (!["back_forward", "reload"].includes(type) || place?.address !== here) return;
  const sheet = document.getElementById(`checkin-${place.sheet}`);
  if (!sheet) return;
  const by = edge(sheet).top - topOf(root) - place.by;
  if (scrolls(root)) root.scrollBy(0, by);
  else window.scrollBy(0, by);
}
