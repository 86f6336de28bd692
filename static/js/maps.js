// Starts what needs a map when it comes into the page, also by an htmx swap, and takes it down when it leaves.
// Leaflet and the map data are loaded only then.
const kinds = [
  ["[data-checkin-map]", () => import("./checkin-map.js")],
  ["[data-place-picker]", () => import("./place-picker.js")],
  ["[data-route-map]", () => import("./route-map.js")],
  ["[data-small-map]", () => import("./small-map.js")],
];
const running = new Map();

function startIn(scope) {
  for (const [selector, load] of kinds) {
    for (const root of [scope, ...scope.querySelectorAll(selector)]) {
      if (root.matches(selector) && !running.has(root)) running.set(root, started(root, load));
    }
  }
}

async function started(root, load) {
  try {
    const module = await load();
    return root.isConnected ? module.start(root) : null;
  } catch (error) {
    root.classList.add("map-failed");
    console.error(error);
    return null;
  }
}

function stop(root) {
  const start = running.get(root);
  running.delete(root);
  start?.then((made) => made?.destroy());
}

document.addEventListener("htmx:load", (event) => startIn(event.detail.elt));
document.addEventListener("htmx:beforeCleanupElement", (event) => stop(event.detail.elt));
startIn(document.body);
