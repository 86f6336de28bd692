// The map view of the check-in list. Server and filter decide which points there are; this draws them,
// keeps a list of them for the keyboard beside the map, and opens one in the panel.
import { createMap, loadClusters } from "./basemap.js";
import { count, text } from "./map-config.js";
import { PointsProblem, readPoints } from "./points.js";

const LISTED = 100;
const SAME_PLACE = 15; // metres across: no zoom would part these pins

export async function start(root) {
  const L = await loadClusters();
  if (!root.isConnected) return null;
  const made = await createMap(root.querySelector("[data-map]"), { zoomControl: false, center: [40, -4], zoom: 5 });
  const view = new CheckinMap(L, root, made);
  view.read();
  return view;
}

class CheckinMap {
  constructor(L, root, { map, destroy }) {
    Object.assign(this, { L, root, map, remove: destroy });
    this.stopping = new AbortController();
    this.points = new Map();
    this.markers = new Map();
    this.selected = null;
    this.stack = null;
    this.moved = false;
    this.part = (name) => root.querySelector(`[data-${name}]`);
    L.control.zoom({ zoomInTitle: text("zoomIn"), zoomOutTitle: text("zoomOut") }).addTo(map);
    this.clusters = clusterLayer(L).addTo(map);
    this.circle = drawCircle(L, map, root.dataset);
    this.listen();
    this.restoreView();
  }

  destroy() {
    this.stopping.abort();
    this.remove();
  }

  listen() {
    const { signal } = this.stopping;
    this.clusters.on("click", (event) => this.select(event.layer.point.id));
    this.clusters.on("clusterclick", (event) => this.openCluster(event.layer));
    this.map.on("moveend", () => this.settled());
    for (const type of ["mousedown", "wheel", "touchstart", "keydown"]) {
      this.part("map").addEventListener(type, () => { this.moved = true; }, { signal, passive: true });
    }
    this.root.addEventListener("click", (event) => this.clicked(event), { signal });
    this.root.addEventListener("keydown", (event) => this.pressed(event), { signal });
  }

  clicked(event) {
    const button = event.target.closest("button");
    if (!button) return;
    const { point, mapAction } = button.dataset;
    if (point) this.select(Number(point), { from: button });
    if (mapAction === "back") this.back();
    if (mapAction === "all") this.showAll({ strays: true });
    if (mapAction === "retry") this.read();
  }

  pressed(event) {
    if (event.key !== "Escape" || (this.selected === null && !this.stack)) return;
    event.preventDefault();
    event.stopPropagation();
    this.back();
  }

  // --- reading ---------------------------------------------------------------------------------------------

  async read() {
    this.problem("");
    this.root.classList.remove("is-complete", "is-cut");
    this.clusters.clearLayers();
    this.points.clear();
    this.markers.clear();
    let last = null;
    try {
      for await (const part of readPoints(this.root.dataset.points, this.stopping.signal)) {
        this.add(part.points);
        last = part;
        this.say(text("loading", { done: count(this.points.size), total: count(part.total) }));
        if (!this.moved) this.showAll();
      }
      this.finish(last);
    } catch (error) {
      if (error.name !== "AbortError") this.failed(error);
    }
  }

  add(points) {
    const fresh = points.filter((point) => !this.points.has(point.id));
    const markers = fresh.map((point) => marker(this.L, point));
    fresh.forEach((point, index) => {
      this.points.set(point.id, point);
      this.markers.set(point.id, markers[index]);
    });
    this.clusters.addLayers(markers);
    this.list();
  }

  finish({ total, cut, notes }) {
    const shown = this.points.size;
    const words = cut
      ? text("cut", { shown: count(shown), total: count(total) })
      : shown === 1 ? text("shownOne") : text("shown", { shown: count(shown) });
    this.say([shown ? words : "", ...notes].filter(Boolean).join(" "));
    this.root.classList.toggle("is-cut", cut);
    this.root.classList.toggle("is-complete", !cut && shown > 0 && notes.length === 0);
    this.part("map-empty").hidden = shown > 0;
    this.part("map-all").hidden = shown === 0;
    this.root.dataset.loaded = String(shown);
    this.restoreSelection();
  }

  failed(error) {
    const reason = error instanceof PointsProblem && error.message ? error.message : text("failed");
    const kept = this.points.size ? ` ${text("kept", { done: count(this.points.size) })}` : "";
    this.say("");
    this.problem(reason + kept, error.code);
  }

  problem(words, code) {
    this.part("map-problem").hidden = !words;
    this.part("map-problem-text").textContent = words;
    this.part("map-problem-code").textContent = code ? text("code", { code }) : "";
    if (words) this.part("map-empty").hidden = true;
  }

  say(words) {
    this.part("map-state").textContent = words;
  }

  // --- where the map looks -----------------------------------------------------------------------------------

  showAll({ strays = false } = {}) {
    const points = [...this.points.values()].map((point) => point.at);
    const bounds = this.circle?.getBounds() ?? (strays ? this.L.latLngBounds(points) : bulk(this.L, points));
    if (bounds.isValid()) this.map.fitBounds(bounds.pad(0.08), { maxZoom: 15, animate: false });
  }

  key() {
    return `map:${this.root.dataset.points}`;
  }

  settled() {
    this.list();
    if (!this.moved && this.selected === null) return;
    const { lat, lng } = this.map.getCenter();
    sessionStorage.setItem(this.key(), JSON.stringify({ lat, lng, zoom: this.map.getZoom(), selected: this.selected }));
  }

  /** Coming back from a check-in's page finds the map as it was left; another filter starts afresh. */
  restoreView() {
    const kept = JSON.parse(sessionStorage.getItem(this.key()) ?? "null");
    if (!kept) return;
    this.moved = true;
    this.map.setView([kept.lat, kept.lng], kept.zoom, { animate: false });
    this.wanted = kept.selected;
  }

  restoreSelection() {
    const wanted = this.wanted;
    this.wanted = null;
    if (wanted && this.points.has(wanted)) this.select(wanted, { quiet: true });
  }

  // --- the list beside the map -----------------------------------------------------------------------------

  list() {
    if (this.selected !== null) return;
    const points = this.stack ?? this.inView();
    this.part("panel-title").textContent = this.stack
      ? text("stack", { count: count(points.length) })
      : text("inView", { count: count(points.length) });
    this.part("map-back").hidden = !this.stack;
    const shown = points.slice(0, this.stack ? 500 : LISTED);
    this.part("point-list").replaceChildren(...shown.map((point) => this.entry(point)));
    const left = points.length - shown.length;
    this.part("point-more").textContent = left ? text("more", { count: count(left) }) : "";
    this.part("point-more").hidden = !left;
  }

  inView() {
    const bounds = this.map.getBounds();
    return [...this.points.values()].filter((point) => bounds.contains(point.at));
  }

  entry(point) {
    const item = this.part("point-template").content.firstElementChild.cloneNode(true);
    const fill = (name, words) => { item.querySelector(`[data-${name}]`).textContent = words; };
    fill("time", point.time);
    fill("who", point.who);
    fill("address", point.address);
    item.querySelector("button").dataset.point = point.id;
    return item;
  }

  openCluster(cluster) {
    const bounds = cluster.getBounds();
    if (across(bounds) > SAME_PLACE && this.map.getZoom() < this.map.getMaxZoom()) {
      cluster.zoomToBounds({ padding: [40, 40], maxZoom: this.map.getMaxZoom() });
      return;
    }
    this.close();
    this.stack = cluster.getAllChildMarkers().map((each) => each.point);
    this.list();
    this.root.classList.add("has-stack");
    this.part("panel-title").focus();
  }

  back() {
    const was = this.selected;
    if (was === null) this.stack = null;
    this.close();
    this.root.classList.toggle("has-stack", Boolean(this.stack));
    this.list();
    this.settled();
    const again = this.root.querySelector(`[data-point="${was}"]`) ?? this.part("panel-title");
    again.focus();
  }

  // --- one check-in -----------------------------------------------------------------------------------------

  select(id, { quiet = false } = {}) {
    const point = this.points.get(id);
    this.close();
    this.selected = id;
    this.highlight(id, true);
    this.precision = precisionCircle(this.L, this.map, point);
    this.root.classList.add("has-card");
    this.part("map-list").hidden = true;
    this.part("map-back").hidden = false;
    this.part("panel-title").textContent = point.who;
    if (!this.map.getBounds().pad(-0.05).contains(point.at)) this.map.panTo(point.at);
    this.settled();
    this.openCard(point, quiet);
  }

  /** htmx does the request, so that an error or an ended session is shown as everywhere else. */
  async openCard(point, quiet) {
    const card = this.part("point-card");
    card.hidden = false;
    card.replaceChildren(this.part("card-waiting").content.cloneNode(true));
    await window.htmx.ajax("GET", point.card, { target: card, swap: "innerHTML", source: card });
    if (!quiet && this.selected === point.id) this.part("panel-title").focus();
  }

  close() {
    if (this.selected !== null) this.highlight(this.selected, false);
    this.selected = null;
    this.precision?.remove();
    this.precision = null;
    this.root.classList.remove("has-card");
    this.part("point-card").hidden = true;
    this.part("point-card").replaceChildren();
    this.part("map-list").hidden = false;
  }

  highlight(id, on) {
    const chosen = this.markers.get(id);
    if (!chosen) return;
    chosen.chosen = on;
    chosen.setZIndexOffset(on ? 1000 : 0);
    for (const shown of this.root.querySelectorAll(".is-chosen")) shown.classList.remove("is-chosen");
    if (on) this.clusters.getVisibleParent(chosen)?.getElement()?.classList.add("is-chosen");
  }
}

/** Where nearly all points are: a few far ones (a phone without a position reports 0, 0) must not set the scale. */
function bulk(L, points) {
  const all = L.latLngBounds(points);
  const placed = points.filter(([lat, lng]) => Math.abs(lat) > 0.01 || Math.abs(lng) > 0.01);
  const middle = [0, 1].map((axis) => median(placed.map((point) => point[axis])));
  const far = ([lat, lng]) => Math.hypot(lat - middle[0], lng - middle[1]);
  const nearest = placed.sort((a, b) => far(a) - far(b)).slice(0, Math.ceil(placed.length * 0.99));
  const most = L.latLngBounds(nearest);
  return nearest.length && across(all) > 1.3 * across(most) ? most : all;
}

const across = (bounds) => bounds.getSouthWest().distanceTo(bounds.getNorthEast());

function median(numbers) {
  return numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

function clusterLayer(L) {
  return L.markerClusterGroup({
    zoomToBoundsOnClick: false,
    spiderfyOnMaxZoom: false,
    showCoverageOnHover: false,
    maxClusterRadius: 44,
    animate: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    iconCreateFunction: (cluster) => {
      const size = cluster.getChildCount();
      const grade = size < 10 ? "s" : size < 100 ? "m" : size < 1000 ? "l" : "xl";
      const width = { s: 30, m: 36, l: 44, xl: 54 }[grade];
      return L.divIcon({
        html: `<span>${count(size)}</span>`, className: `map-cluster map-cluster-${grade}`, iconSize: [width, width],
      });
    },
  });
}

function marker(L, point) {
  const icon = L.divIcon({ className: point.photos ? "map-pin has-photos" : "map-pin", iconSize: [18, 18] });
  // The list beside the map is the way for the keyboard: hundreds of pins would be hundreds of tab stops
  const made = L.marker(point.at, { icon, keyboard: false });
  made.point = point;
  made.on("add", () => {
    const pin = made.getElement();
    pin.dataset.checkinId = point.id;
    pin.title = `${point.time} · ${point.who}`;
    pin.classList.toggle("is-chosen", Boolean(made.chosen));
  });
  return made;
}

function drawCircle(L, map, { lat, lng, radius }) {
  if (!radius) return null;
  const at = [Number(lat), Number(lng)];
  return L.circle(at, { radius: Number(radius), className: "map-radius", interactive: false }).addTo(map);
}

function precisionCircle(L, map, { at, precision }) {
  if (!precision) return null;
  return L.circle(at, { radius: precision, className: "map-precision", interactive: false }).addTo(map);
}
