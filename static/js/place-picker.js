// Choose a circle, or a point where there is no input for a radius: on the map, by address, by coordinates. Everything
// ends in the inputs lat, lng and radius, which work alone when this script does not run; each change here is a
// `change` event there. A place chosen otherwise than by its address says so with a `moved` event.
import { createMap, pointZoom } from "./basemap.js";
import { distance, parseCoordinates, written } from "./coordinates.js";
import { config, count, text } from "./map-config.js";

const DEFAULT_RADIUS = 1000;
const SMALLEST = 10;
const LARGEST = 300_000;
const SEEN_FROM = 8; // pixels
const WELL_SEEN = 36;
const PAUSE = 350; // ms without typing before an address is looked up

/** The panel may be closed: a map without size cannot be framed, so it waits until it is seen. */
export function start(root) {
  let picker = null;
  let gone = false;
  const seen = new IntersectionObserver(async ([entry]) => {
    if (!entry.isIntersecting) return;
    seen.disconnect();
    const made = await PlacePicker.make(root);
    if (gone) made.destroy();
    picker = made;
  });
  seen.observe(root);
  return {
    destroy() {
      gone = true;
      seen.disconnect();
      picker?.destroy();
    },
  };
}

class PlacePicker {
  static async make(root) {
    const view = build(root);
    const made = await createMap(view.map, { center: [40, -4], zoom: 4, attributionControl: false });
    return new PlacePicker(root, view, made);
  }

  constructor(root, view, { L, map, destroy }) {
    Object.assign(this, { root, view, L, map, remove: destroy });
    this.stopping = new AbortController();
    this.isPoint = !root.querySelector("[name=radius]");
    this.inputs = Object.fromEntries(["lat", "lng", ...(this.isPoint ? [] : ["radius"])].map((name) => [name, root.querySelector(`[name=${name}]`)]));
    this.circle = L.circle([0, 0], { radius: 1, className: "map-radius", interactive: false });
    this.centre = this.handle("map-handle map-handle-centre", text(this.isPoint ? "point" : "centre"));
    this.edge = this.handle("map-handle map-handle-edge", text("radius"));
    this.listen();
    this.show({ fit: true });
    if (view.search.value) this.typed(); // written while the map was on its way
  }

  destroy() {
    this.stopping.abort();
    clearTimeout(this.waiting);
    this.remove();
    this.view.whole.remove();
  }

  handle(className, title) {
    const icon = this.L.divIcon({ className, iconSize: [22, 22] });
    return this.L.marker([0, 0], { icon, draggable: true, title, alt: title });
  }

  listen() {
    const { signal } = this.stopping;
    const on = (target, type, does) => target.addEventListener(type, does, { signal });
    this.map.on("click", (event) => this.put({ at: event.latlng, radius: this.firstRadius() }));
    this.centre.on("drag", () => this.drawn({ at: this.centre.getLatLng() }));
    this.centre.on("dragend", () => this.put({ at: this.centre.getLatLng() }));
    this.edge.on("drag", () => this.drawn({ radius: this.edgeRadius() }));
    this.edge.on("dragend", () => this.put({ radius: rounded(this.edgeRadius()) }));
    for (const marker of [this.centre, this.edge]) marker.on("add", () => this.labelHandle(marker, on));
    for (const input of Object.values(this.inputs)) {
      on(input, "change", () => this.show({ fit: true }));
      on(input, "paste", (event) => this.pasted(event));
    }
    on(this.view.search, "input", () => this.typed());
    on(this.view.search, "keydown", (event) => this.searchKey(event));
    on(this.view.here, "click", () => this.put({ at: this.map.getCenter(), radius: this.firstRadius() }));
    on(this.view.clear, "click", () => this.clear());
    on(this.view.list, "click", (event) => this.chosen(event.target.closest("button")));
  }

  labelHandle(marker, on) {
    const element = marker.getElement();
    element.setAttribute("aria-label", marker.options.title);
    on(element, "keydown", (event) => this.nudge(event, marker));
  }

  /** Arrow keys: the centre by an eighth of the radius, the radius by a tenth. */
  nudge(event, marker) {
    const step = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    if (marker === this.edge) {
      this.put({ radius: rounded(this.radius() * (step[0] - step[1] > 0 ? 1.1 : 1 / 1.1)) });
      return;
    }
    const centre = this.map.project(this.at()); // unlike layer points not rounded to whole pixels
    const reach = this.isPoint ? 8 : Math.max(4, Math.abs(this.map.project(this.edge.getLatLng()).x - centre.x) / 8);
    this.put({ at: this.map.unproject(centre.add([step[0] * reach, step[1] * reach])) });
  }

  // --- the value -------------------------------------------------------------------------------------------

  /** The circle's centre, or null while it is not complete. */
  at() {
    const { lat, lng } = this.inputs;
    if (lat.value.trim() === "" || lng.value.trim() === "") return null;
    const [south, west] = [Number(lat.value.replace(",", ".")), Number(lng.value.replace(",", "."))];
    const possible = Math.abs(south) <= 90 && Math.abs(west) <= 180;
    return possible ? this.L.latLng(south, west) : null;
  }

  radius() {
    return Number(this.inputs.radius?.value) || DEFAULT_RADIUS;
  }

  /** A first circle of a few pixels could be neither seen nor dragged: a click on a wide map means a wide circle. */
  firstRadius() {
    const { radius } = this.inputs;
    if (this.isPoint) return DEFAULT_RADIUS;
    const [left, right] = [0, 100].map((x) => this.map.containerPointToLatLng([x, this.map.getSize().y / 2]));
    const metresPerPixel = this.map.distance(left, right) / 100;
    const own = this.at() || radius.value !== radius.defaultValue;
    return own || this.radius() > SEEN_FROM * metresPerPixel ? this.radius() : rounded(WELL_SEEN * metresPerPixel);
  }

  edgeRadius() {
    return Math.min(LARGEST, Math.max(SMALLEST, this.map.distance(this.centre.getLatLng(), this.edge.getLatLng())));
  }

  put({ at = this.at(), radius = this.radius(), fit = false, address = "" }) {
    if (!at) return;
    const place = at.wrap?.() ?? at;
    this.inputs.lat.value = place.lat.toFixed(6);
    this.inputs.lng.value = place.lng.toFixed(6);
    if (!this.isPoint) this.inputs.radius.value = Math.round(radius);
    this.show({ fit });
    this.tell();
    this.root.dispatchEvent(new CustomEvent("moved", { bubbles: true, detail: { lat: place.lat, lng: place.lng, address } }));
  }

  clear() {
    for (const input of Object.values(this.inputs)) input.value = "";
    this.show({ fit: false });
    this.tell();
    this.view.search.focus();
  }

  tell() {
    this.quiet = true; // our own change needs no second look
    for (const input of Object.values(this.inputs)) {
      if (input.value === this.told?.get(input)) continue;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }
    this.told = new Map(Object.values(this.inputs).map((input) => [input, input.value]));
    this.quiet = false;
  }

  // --- the map -----------------------------------------------------------------------------------------------

  show({ fit }) {
    if (this.quiet) return;
    const at = this.at();
    this.view.clear.hidden = !at;
    const layers = this.isPoint ? [this.centre] : [this.circle, this.centre, this.edge];
    if (!at) {
      layers.forEach((layer) => layer.remove());
      this.say(text("unset"));
      return;
    }
    layers.forEach((layer) => layer.addTo(this.map));
    this.drawn({ at, radius: this.radius() });
    if (fit && this.isPoint) this.map.setView(at, Math.max(this.map.getZoom(), pointZoom()), { animate: false });
    else if (fit) this.map.fitBounds(this.circle.getBounds(), { padding: [24, 24], maxZoom: pointZoom() + 3, animate: false });
  }

  /** While dragging nothing but the drawing changes: the list is asked once, at the end. */
  drawn({ at = this.circle.getLatLng(), radius = this.circle.getRadius() }) {
    const dragging = this.edge.dragging?._draggable?._moving;
    this.circle.setLatLng(at).setRadius(radius);
    this.centre.setLatLng(at);
    if (this.isPoint) {
      this.say(text("placed", { place: written(at.lat, at.lng) }));
      return;
    }
    if (!dragging) this.edge.setLatLng([at.lat, this.circle.getBounds().getEast()]);
    this.say(text("set", { radius: distance(radius), place: written(at.lat, at.lng) }));
  }

  say(words) {
    this.view.status.textContent = words;
  }

  // --- search ----------------------------------------------------------------------------------------------

  pasted(event) {
    const at = parseCoordinates(event.clipboardData.getData("text"));
    if (!at) return;
    event.preventDefault();
    this.put({ at: this.L.latLng(at.lat, at.lng), fit: true });
  }

  typed() {
    clearTimeout(this.waiting);
    this.asking?.abort();
    this.list([]);
    const query = this.view.search.value.trim();
    const at = parseCoordinates(query);
    if (at) {
      this.put({ at: this.L.latLng(at.lat, at.lng), fit: true });
    } else if (query.length >= 3) {
      this.waiting = setTimeout(() => this.ask(query), PAUSE);
    }
  }

  searchKey(event) {
    if (event.key === "Enter") {
      event.preventDefault(); // the filter form is not to be sent by a search inside it
      const first = this.view.list.querySelector("button");
      if (first) this.chosen(first);
      else if (this.view.search.value.trim()) this.typed();
    }
    if (event.key === "ArrowDown") {
      event.preventDefault();
      this.view.list.querySelector("button")?.focus();
    }
  }

  async ask(query) {
    this.asking = new AbortController();
    this.say(text("searching"));
    try {
      const address = `${config().geocode}?${new URLSearchParams({ q: query })}`;
      const response = await fetch(address, { signal: this.asking.signal, headers: { Accept: "application/json" } });
      const answer = await response.json().catch(() => null);
      if (!response.ok || !Array.isArray(answer)) throw new Error(answer?.message ?? text("searchFailed"));
      this.list(answer);
      this.say(answer.length === 0 ? text("noMatch", { query })
        : answer.length === 1 ? text("matchOne") : text("matches", { count: count(answer.length) }));
    } catch (error) {
      if (error.name !== "AbortError") this.say(error.message || text("searchFailed"));
    }
  }

  list(found) {
    this.view.list.hidden = found.length === 0;
    this.view.list.replaceChildren(...found.map((place) => {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: place.address });
      Object.assign(button.dataset, { lat: place.lat, lng: place.lng });
      const item = document.createElement("li");
      item.append(button);
      return item;
    }));
  }

  chosen(button) {
    if (!button) return;
    this.view.search.value = button.textContent;
    this.list([]);
    this.put({ at: this.L.latLng(Number(button.dataset.lat), Number(button.dataset.lng)), fit: true, address: button.textContent });
    this.view.search.focus();
  }
}

/** Two figures are what a hand means on a map. */
function rounded(metres) {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(metres)) - 1);
  return Math.min(LARGEST, Math.max(SMALLEST, Math.round(metres / unit) * unit));
}

function build(root) {
  const make = (tag, className, more = {}) => Object.assign(document.createElement(tag), { className, ...more });
  const whole = make("div", "picker");
  const search = make("input", "input picker-search", {
    type: "search", placeholder: text("search"), autocomplete: "off", spellcheck: false,
  });
  search.setAttribute("aria-label", text("search"));
  search.setAttribute("data-picker-search", "");
  for (const type of ["input", "change"]) search.addEventListener(type, (event) => event.stopPropagation()); // not the filter's own
  const list = make("ul", "picker-list", { hidden: true });
  const map = make("div", "map picker-map");
  map.setAttribute("aria-label", text("map"));
  map.setAttribute("role", "group");
  const status = make("p", "picker-status");
  status.setAttribute("role", "status");
  const here = make("button", "btn btn-s", { type: "button", textContent: text("here") });
  const clear = make("button", "btn btn-s", { type: "button", textContent: text(root.querySelector("[name=radius]") ? "remove" : "removePoint"), hidden: true });
  const actions = make("div", "picker-actions");
  actions.append(here, ...(root.closest("details, form")?.querySelector("[data-clear-place]") ? [] : [clear]));
  whole.append(search, list, map, status, actions);
  root.prepend(whole);
  return { whole, search, list, map, status, here, clear };
}
