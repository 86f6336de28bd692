// A Leaflet map with its base layer: raster tiles when the site names some, otherwise coasts, borders and
// places drawn on canvas from data the site itself serves, so that it works without internet.
import { LabelLayer } from "./basemap-labels.js";
import { landLayer } from "./basemap-land.js";
import { config, loadScript, loadStyle } from "./map-config.js";

let leaflet = null;

/** Leaflet, loaded once and only on pages that show a map. */
export function loadLeaflet() {
  leaflet ??= Promise.all([loadStyle(config().leafletCss), loadScript(config().leaflet)]).then(() => window.L);
  return leaflet;
}

let clusters = null;

export async function loadClusters() {
  const L = await loadLeaflet();
  clusters ??= Promise.all([loadStyle(config().markerclusterCss), loadScript(config().markercluster)]);
  await clusters;
  return L;
}

/** Colours come from the style sheet, so that the canvas follows the theme. */
export function palette(element) {
  const style = getComputedStyle(element);
  const read = (name) => style.getPropertyValue(`--map-${name}`).trim();
  return Object.fromEntries(
    ["land", "border", "grid", "label", "faint", "halo", "dot"].map((name) => [name, read(name)]),
  );
}

/**
 * Makes a map in `element`. `destroy()` gives back everything: listeners, observers, canvas.
 * Options: Leaflet's own, over these defaults.
 */
export async function createMap(element, options = {}) {
  const L = await loadLeaflet();
  element.replaceChildren();
  const map = L.map(element, {
    attributionControl: false,
    worldCopyJump: true,
    minZoom: 2,
    maxZoom: 18,
    zoomSnap: 0.5,
    maxBounds: [[-85, -100000], [85, 100000]],
    ...options,
  });
  L.control.attribution({ prefix: false }).addAttribution(config().attribution).addTo(map);
  L.control.scale({ imperial: config().imperial, metric: !config().imperial, maxWidth: element.clientWidth < 400 ? 60 : 120 }).addTo(map);
  const restyle = config().tiles ? addTiles(L, map) : addOffline(L, map, element);
  const stopWatching = watch(element, map, restyle);
  return {
    L,
    map,
    destroy() {
      stopWatching();
      map.remove();
    },
  };
}

function addTiles(L, map) {
  L.tileLayer(config().tiles, { maxZoom: 19 }).addTo(map);
  return () => {};
}

function addOffline(L, map, element) {
  const land = landLayer(L, () => palette(element)).addTo(map);
  const labels = new (LabelLayer(L))(() => palette(element)).addTo(map);
  return () => {
    land.redraw();
    labels.draw();
  };
}

function watch(element, map, restyle) {
  const resized = new ResizeObserver(() => map.invalidateSize({ animate: false }));
  resized.observe(element);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", restyle);
  const themed = new MutationObserver(restyle);
  themed.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "class"] });
  return () => {
    resized.disconnect();
    themed.disconnect();
    dark.removeEventListener("change", restyle);
  };
}

/** Nearest sensible zoom for one point: without raster tiles streets are not there to be seen. */
export function pointZoom() {
  return config().tiles ? 16 : 11;
}
