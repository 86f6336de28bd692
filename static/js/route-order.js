// The order of a route's stops: by drag, by the arrow keys on a grip, by the arrows beside each stop. Nothing is sent
// until "Save the order": the form's hidden inputs follow the list, and so do numbers, length and map.
import { config } from "./map-config.js";
import "../vendor/sortable/Sortable.min.js";

const form = document.querySelector("[data-route-order]");
const list = form?.querySelector("[data-stop-list]");
const said = document.querySelector("[data-order-said]");
const items = () => [...list.querySelectorAll("[data-stop]")];
const ids = () => items().map((item) => Number(item.dataset.stop));
const loaded = [...(form?.querySelectorAll("[name=seen]") ?? [])].map((input) => Number(input.value.split(":")[0]));
const shownFirst = list ? ids() : [];
let dirty = false; // moved here since the page was made
let held = null; // the stop moved by keys: { item, from }

if (list) {
  window.Sortable.create(list, {
    handle: "[data-grip]",
    animation: window.matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 140,
    ghostClass: "stop-ghost",
    chosenClass: "stop-chosen",
    dataIdAttr: "data-stop",
    onEnd: refresh,
  });
  list.addEventListener("keydown", keyed);
  list.addEventListener("focusout", (event) => held && event.target.matches("[data-grip]") && putDown());
  list.addEventListener("click", clicked);
  form.addEventListener("change", countTicked);
  form.querySelector("[data-discard]").addEventListener("click", discard);
  form.addEventListener("submit", () => { form.dataset.sent = ""; });
  window.addEventListener("beforeunload", warn);
  countTicked();
}

function clicked(event) {
  const arrow = event.target.closest("[data-move]");
  if (!arrow) return;
  event.preventDefault();
  const item = arrow.closest("[data-stop]");
  move(item, arrow.dataset.move === "up" ? -1 : 1);
  const again = item.querySelector(`[data-move=${arrow.dataset.move}]`) ?? item.querySelector("[data-grip]");
  again.focus();
}

/** Space picks a stop up and puts it down, the arrow keys move it, Escape takes it back to where it was. */
function keyed(event) {
  const grip = event.target.closest("[data-grip]");
  if (!grip) return;
  const item = grip.closest("[data-stop]");
  if (event.key === " " || event.key === "Enter") {
    event.preventDefault();
    if (held) putDown();
    else pickUp(item);
  } else if (held && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    event.preventDefault();
    move(item, event.key === "ArrowUp" ? -1 : 1);
    grip.focus();
  } else if (held && event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    const back = held.from - items().indexOf(item);
    move(item, back);
    putDown();
    grip.focus();
  }
}

function pickUp(item) {
  held = { item, from: items().indexOf(item) };
  item.classList.add("stop-held");
  tell(`${item.dataset.label} picked up, place ${held.from + 1} of ${items().length}.`);
}

function putDown() {
  const { item } = held;
  held = null;
  item.classList.remove("stop-held");
  tell(`${item.dataset.label} put down, place ${items().indexOf(item) + 1} of ${items().length}.`);
}

function move(item, by) {
  const all = items();
  const to = Math.min(all.length - 1, Math.max(0, all.indexOf(item) + by));
  const keep = held; // moving a node takes the focus away for a moment
  held = null;
  if (by < 0) list.insertBefore(item, all[to]);
  else if (by > 0) list.insertBefore(item, all[to].nextSibling);
  held = keep;
  refresh();
  tell(`${item.dataset.label}, place ${to + 1} of ${all.length}.`);
}

/** Everything that follows from the order: numbers, what moved, length, map, and whether there is something to save. */
function refresh() {
  const order = ids();
  items().forEach((item, place) => {
    const was = loaded.indexOf(order[place]) + 1;
    const moved = was > 0 && was !== place + 1;
    item.querySelector("[data-number]").textContent = place + 1;
    item.classList.toggle("stop-moved", moved);
    const note = item.querySelector("[data-was]");
    note.hidden = !moved;
    note.textContent = moved ? `was ${was}` : "";
  });
  dirty = order.some((id, place) => id !== shownFirst[place]);
  const same = order.every((id, place) => id === loaded[place]);
  const bar = form.querySelector("[data-save-bar]");
  bar.hidden = same;
  bar.querySelector("[data-moved]").textContent = `${document.querySelectorAll(".stop-moved").length} stops in another place, not saved yet`;
  bar.querySelector("[data-lengths]").textContent = `${words(length(loaded))} → ${words(length(order))}`;
  // whether the windows allow it, only the server knows: it says so when it is saved
  bar.querySelector("[data-order-problem]").hidden = true;
  bar.querySelector("[type=submit]").disabled = false;
  document.querySelector("[data-route-map]")?.dispatchEvent(new CustomEvent("routeorder", { detail: { ids: order } }));
}

function discard(event) {
  if (new URL(window.location.href).search || document.getElementById("conflict")) { // a link to the saved order
    form.dataset.sent = "";
    return;
  }
  event.preventDefault();
  const byId = new Map(items().map((item) => [Number(item.dataset.stop), item]));
  list.append(...shownFirst.map((id) => byId.get(id)));
  refresh();
  tell("The order is as it was.");
  list.querySelector("[data-grip]")?.focus();
}

function countTicked() {
  const number = form.querySelectorAll("[data-tick]:checked").length;
  const bulk = form.querySelector("[data-bulk]");
  bulk.hidden = number === 0;
  bulk.querySelector("[data-bulk-count]").textContent = number === 1 ? "1 stop ticked" : `${number} stops ticked`;
}

function warn(event) {
  if (dirty && form.dataset.sent === undefined) event.preventDefault();
}

function tell(sentence) {
  said.textContent = sentence;
}

/** Metres along straight lines through the stops. */
function length(order) {
  const places = order.map((id) => list.querySelector(`[data-stop="${id}"]`)).filter(Boolean)
    .map((item) => [Number(item.dataset.lat), Number(item.dataset.lng)].map((degrees) => (degrees * Math.PI) / 180));
  return places.slice(1).reduce((sum, [lat, lng], place) => {
    const [lat0, lng0] = places[place];
    const half = Math.sin((lat - lat0) / 2) ** 2 + Math.cos(lat0) * Math.cos(lat) * Math.sin((lng - lng0) / 2) ** 2;
    return sum + 2 * 6371000 * Math.asin(Math.sqrt(half));
  }, 0);
}

function words(metres) {
  if (config().imperial) return `${(metres / 1609.344).toFixed(1)} mi`;
  return metres < 1000 ? `${metres.toFixed(0)} m` : `${(metres / 1000).toFixed(1)} km`;
}
