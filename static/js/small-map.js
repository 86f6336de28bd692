// One check-in's place: on its page and on paper.
import { createMap, pointZoom } from "./basemap.js";

export async function start(root) {
  const { lat, lng, precision } = root.dataset;
  const at = [Number(lat), Number(lng)];
  const still = root.dataset.smallMap === "still";
  const { L, map, destroy } = await createMap(root, {
    center: at,
    zoom: pointZoom(),
    ...(still ? { zoomControl: false, dragging: false, keyboard: false } : {}),
    scrollWheelZoom: false, // the page scrolls here, the buttons zoom
  });
  if (precision) L.circle(at, { radius: Number(precision), className: "map-precision", interactive: false }).addTo(map);
  const icon = L.divIcon({ className: "map-pin is-chosen", iconSize: [18, 18] });
  L.marker(at, { icon, keyboard: false, interactive: false }).addTo(map);
  return { destroy };
}
