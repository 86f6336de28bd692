// Routes on a map: numbered stops and a line from one to the next. The board's map shows the routes of a page, the
// route page one of them; it is told of a new order by the event `routeorder` with ids on its root. The preview of an
// import shows stops that are only planned, in the colours of their routes; its key is buttons that show one alone.
import { createMap, pointZoom } from "./basemap.js";

const COLOURS = 6;

export async function start(root) {
  const layers = JSON.parse(document.getElementById(root.dataset.layers ?? "route-layers").textContent);
  const made = await createMap(root.querySelector("[data-map]"), { center: [40, -4], zoom: 4 });
  return new RouteMap(root, layers, made);
}

class RouteMap {
  constructor(root, layers, { L, map, destroy }) {
    Object.assign(this, { root, L, map, remove: destroy });
    this.stopping = new AbortController();
    this.routes = layers.map((layer, number) => this.drawn(layer, number));
    this.fit(this.routes.flatMap((route) => route.stops));
    const { signal } = this.stopping;
    root.addEventListener("toggle", (event) => this.opened(event.target), { signal, capture: true });
    root.addEventListener("click", (event) => this.pressed(event.target.closest("button[data-only]")), { signal });
    root.addEventListener("routeorder", (event) => this.reordered(event.detail), { signal });
    root.addEventListener("pointerover", (event) => this.pointed(event), { signal });
    root.addEventListener("focusin", (event) => this.pointed(event), { signal });
  }

  destroy() {
    this.stopping.abort();
    this.remove();
  }

  drawn(layer, number) {
    const colour = layer.loose ? "stop-open" : `route-c${number % COLOURS}`;
    const before = this.L.polyline(layer.before ?? [], { className: "route-line-before", interactive: false });
    if (layer.before && layer.stops.some((stop, place) => String(stop.at) !== String(layer.before[place]))) before.addTo(this.map);
    const line = this.L.polyline(layer.loose ? [] : layer.stops.map((stop) => stop.at), { className: `route-line ${colour}`, interactive: false });
    line.addTo(this.map);
    const markers = new Map(layer.stops.map((stop) => [stop.id, this.marker(stop, colour)]));
    this.root.querySelector(`[data-key-of="${layer.id}"]`)?.classList.add(colour);
    return { ...layer, line, markers, beforeLine: before };
  }

  marker(stop, colour) {
    const icon = this.L.divIcon({ className: `map-stop ${stop.planned ? colour : `stop-${stop.stand}`}`, html: String(stop.number), iconSize: [24, 24] });
    const title = `${stop.number}. ${stop.label}, ${stop.window}, ${stop.words}`;
    const marker = this.L.marker(stop.at, { icon, title, alt: title, riseOnHover: true, keyboard: true });
    marker.addTo(this.map);
    const open = () => window.location.assign(stop.url);
    marker.on("click", open);
    marker.on("keydown", (event) => event.originalEvent.key === "Enter" && open());
    return marker;
  }

  fit(stops) {
    if (stops.length === 0) return;
    this.map.fitBounds(this.L.latLngBounds(stops.map((stop) => stop.at)), { padding: [40, 40], maxZoom: pointZoom() + 3, animate: false });
  }

  /** One route opened in the list: the others step back. */
  opened(details) {
    if (!details.matches?.("details[data-route-id]")) return;
    const chosen = details.open ? Number(details.dataset.routeId) : null;
    if (chosen === null && this.root.querySelector("details[data-route-id][open]")) return;
    this.only(chosen);
  }

  /** A button of the key: its route alone, or all again. */
  pressed(button) {
    if (!button) return;
    const pressed = button.getAttribute("aria-pressed") === "true";
    for (const one of this.root.querySelectorAll("button[data-only]")) one.setAttribute("aria-pressed", String(one === button && !pressed));
    this.only(pressed ? null : Number(button.dataset.only));
  }

  only(chosen) {
    for (const route of this.routes) {
      const shown = chosen === null || route.id === chosen;
      if (shown) route.line.addTo(this.map);
      else route.line.remove();
      for (const marker of route.markers.values()) marker.setOpacity(shown ? 1 : 0.25);
    }
    const one = this.routes.find((route) => route.id === chosen);
    this.fit(one ? one.stops : this.routes.flatMap((route) => route.stops));
  }

  /** A preview: line and numbers follow `ids`; what is not among them loses its number. */
  reordered({ ids }) {
    const [route] = this.routes;
    if (!route) return;
    const known = ids.filter((id) => route.markers.has(id));
    route.line.setLatLngs(known.map((id) => route.markers.get(id).getLatLng()));
    route.beforeLine.addTo(this.map);
    for (const [id, marker] of route.markers) {
      const place = known.indexOf(id) + 1;
      const element = marker.getElement();
      if (element) element.textContent = place || "–";
    }
  }

  pointed(event) {
    const id = Number(event.target.closest?.("[data-checkpoint-id]")?.dataset.checkpointId);
    this.highlight(id);
  }

  highlight(id) {
    for (const route of this.routes) {
      for (const [one, marker] of route.markers) marker.getElement()?.classList.toggle("is-chosen", one === id);
    }
  }
}
