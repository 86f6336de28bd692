// Two pictures side by side, zoomed and moved together.
import { sheetOf } from "./lightbox-stock.js";

const dialog = () => document.getElementById("compare");
const DAY = 86_400;
let view = { scale: 1, x: 0, y: 0 };
let ready = false;

export function compare(first, second, words) {
  begin();
  const pair = [first, second];
  dialog().querySelectorAll('[data-compare="side"]').forEach((side, at) => fillSide(side, pair[at]));
  dialog().querySelector('[data-compare="apart"]').textContent = apart(first, second, words);
  set({ scale: 1, x: 0, y: 0 });
  dialog().showModal();
}

function fillSide(side, tile) {
  const sheet = sheetOf(tile)?.dataset ?? {};
  const image = side.querySelector("img");
  image.src = tile.getAttribute("href");
  image.alt = tile.querySelector("img")?.alt ?? "";
  for (const name of ["when", "who", "address"]) side.querySelector(`[data-compare="${name}"]`).textContent = sheet[name] ?? "";
}

/** How far apart the two check-ins are; nothing when a page does not say. */
function apart(first, second, words) {
  const [a, b] = [first, second].map((tile) => sheetOf(tile)?.dataset);
  if (!a?.iso || !b?.iso || a.sheet === b.sheet) return "";
  const seconds = Math.abs(new Date(a.iso) - new Date(b.iso)) / 1000;
  return words.apart.replace("{time}", duration(seconds)).replace("{distance}", distance(metres(a.point, b.point)));
}

function duration(seconds) {
  const unit = (value, name) => new Intl.NumberFormat("en", { style: "unit", unit: name, unitDisplay: "long" }).format(value);
  if (seconds >= 2 * DAY) return unit(Math.round(seconds / DAY), "day");
  if (seconds >= 7200) return unit(Math.round(seconds / 3600), "hour");
  return unit(Math.round(seconds / 60), "minute");
}

const distance = (value) => (value < 1000 ? `${Math.round(value)} m` : `${(value / 1000).toFixed(value < 10_000 ? 1 : 0)} km`);

function metres(from, to) {
  const [[lat, lng], [lat2, lng2]] = [from, to].map((text) => text.split(",").map((part) => (Number(part) * Math.PI) / 180));
  const chord = Math.sin((lat2 - lat) / 2) ** 2 + Math.cos(lat) * Math.cos(lat2) * Math.sin((lng2 - lng) / 2) ** 2;
  return 2 * 6_371_000 * Math.asin(Math.sqrt(chord));
}

function set(changes) {
  view = { ...view, ...changes };
  view.scale = Math.min(8, Math.max(1, view.scale));
  if (view.scale === 1) [view.x, view.y] = [0, 0];
  for (const image of dialog().querySelectorAll("img")) {
    image.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.scale})`;
  }
}

const MOVES = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };

function key(event) {
  if (event.key === "+" || event.key === "=") set({ scale: view.scale * 1.5 });
  else if (event.key === "-") set({ scale: view.scale / 1.5 });
  else if (MOVES[event.key]) set({ x: view.x + MOVES[event.key][0], y: view.y + MOVES[event.key][1] });
  else return;
  event.preventDefault();
}

/** One pointer moves both pictures, two fingers zoom them. */
function follow(pair) {
  const down = new Map();
  let reach = 0;
  const spread = () => {
    const [a, b] = [...down.values()];
    return Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
  };
  pair.addEventListener("pointerdown", (event) => {
    down.set(event.pointerId, event);
    pair.setPointerCapture(event.pointerId);
    if (down.size === 2) reach = spread() / view.scale;
  });
  pair.addEventListener("pointermove", (event) => {
    const before = down.get(event.pointerId);
    if (!before) return;
    down.set(event.pointerId, event);
    if (down.size === 2) set({ scale: spread() / reach });
    else set({ x: view.x + event.clientX - before.clientX, y: view.y + event.clientY - before.clientY });
  });
  for (const name of ["pointerup", "pointercancel"]) pair.addEventListener(name, (event) => down.delete(event.pointerId));
  pair.addEventListener("wheel", (event) => {
    event.preventDefault();
    set({ scale: view.scale * (event.deltaY < 0 ? 1.2 : 1 / 1.2) });
  }, { passive: false });
}

function begin() {
  if (ready) return;
  ready = true;
  dialog().addEventListener("keydown", key);
  dialog().addEventListener("click", (event) => {
    const way = event.target.closest("[data-compare-zoom]")?.dataset.compareZoom;
    if (way) set({ scale: view.scale * (way === "in" ? 1.5 : 1 / 1.5) });
  });
  follow(dialog().querySelector(".compare-pair"));
}
