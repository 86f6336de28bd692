// Which records of a list are chosen: kept in this tab for the list's filters, so that paging, sorting and another view
// lose nothing. Boxes are [data-pick]; the page's own is [data-pick-page]; #chosen is the form that acts on them.
// Without scripts the boxes of one page still work: they belong to that form.
import { shortcut } from "./keyboard.js";
import { toast } from "./toasts.js";

const KEY = `chosen:${window.location.pathname}`;
const form = () => document.getElementById("chosen");
const boxes = () => [...document.querySelectorAll("[data-pick]")];
const filters = () => document.getElementById("results")?.dataset.filters ?? "";
let last = null; // the box a range begins at

function kept() {
  try {
    const found = JSON.parse(window.sessionStorage.getItem(KEY));
    return { filters: found.filters, ids: new Set(found.ids), all: found.all === true };
  } catch {
    return { filters: filters(), ids: new Set(), all: false };
  }
}

let chosen = kept();

function keep() {
  const { ids, all } = chosen;
  chosen.filters = filters();
  if (ids.size === 0 && !all) window.sessionStorage.removeItem(KEY);
  else window.sessionStorage.setItem(KEY, JSON.stringify({ filters: chosen.filters, ids: [...ids], all }));
}

const words = (name, n) => (form()?.dataset[name] ?? "").replace("{n}", n.toLocaleString("en"));
const total = () => Number(document.getElementById("results")?.dataset.total ?? 0);
const count = () => (chosen.all ? total() : chosen.ids.size);

/** Boxes, bar and words as the choice is now. */
function show() {
  const bar = form();
  if (!bar) return;
  const here = boxes();
  for (const box of here) box.checked = chosen.all || chosen.ids.has(box.value);
  for (const box of here) box.closest("tr")?.setAttribute("aria-selected", String(box.checked));
  const ticked = here.filter((box) => box.checked).length;
  const page = document.querySelector("[data-pick-page]");
  if (page) {
    page.checked = here.length > 0 && ticked === here.length;
    page.indeterminate = ticked > 0 && ticked < here.length;
  }
  bar.toggleAttribute("data-any", count() > 0);
  document.getElementById("results").toggleAttribute("data-choosing", count() > 0);
  bar.querySelector("[data-chosen-count]").textContent = count() === 1 ? words("one", 1) : words(chosen.all ? "every" : "many", count());
  const more = bar.querySelector("[data-choose-all]"); // the map has none
  if (more) more.hidden = chosen.all || ticked < here.length || here.length === 0 || total() <= chosen.ids.size;
}

function set(ids, on) {
  if (chosen.all) {
    chosen.all = false;
    chosen.ids = new Set(boxes().map((box) => box.value)); // of "all" the ones on this page are left
    toast(words("onlyPage", chosen.ids.size), "info");
  }
  for (const id of ids) {
    if (on) chosen.ids.add(id);
    else chosen.ids.delete(id);
  }
  keep();
  show();
}

export function choose(none) {
  if (none) chosen = { filters: filters(), ids: new Set(), all: false };
  keep();
  show();
}

/** From the box touched before to this one, in the order they stand. */
function range(box) {
  const all = boxes();
  const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
  return from < 0 ? [box.value] : all.slice(from, to + 1).map((one) => one.value);
}

function toggle(box, on, through) {
  set(through ? range(box) : [box.value], on);
  last = box;
}

let shift = false;
document.addEventListener("click", (event) => {
  shift = event.shiftKey;
  if (event.target.closest("[data-choose-all]")) {
    chosen.all = true;
    choose();
  }
}, true);

document.addEventListener("change", (event) => {
  const box = event.target;
  if (box.matches?.("[data-pick]")) toggle(box, box.checked, shift);
  else if (box.matches?.("[data-pick-page]")) set(boxes().map((one) => one.value), box.checked);
});

document.addEventListener("reset", (event) => {
  if (event.target === form()) window.setTimeout(() => choose("none"));
});

// What is sent: ids with commas, as a form takes a thousand fields; or that all are meant.
document.addEventListener("formdata", (event) => {
  if (event.target !== form()) return;
  event.formData.delete("ids");
  if (chosen.all) event.formData.set("all_matching", "1");
  else event.formData.set("ids", [...chosen.ids].join(","));
});

function ofRow() {
  const place = document.activeElement?.closest("[data-row], [data-sheet]");
  return place?.querySelector("[data-pick]") ?? place?.closest("[data-sheet]")?.querySelector("[data-pick]");
}

for (const key of ["x", "X"]) {
  shortcut(key, () => {
    const box = ofRow();
    if (!box) return false;
    toggle(box, !box.checked, key === "X");
    return true;
  });
}

/** Other filters mean another list: what was chosen there is not carried into it unseen. */
function arrive() {
  if (!form()) return;
  last = null;
  if ((chosen.ids.size > 0 || chosen.all) && chosen.filters !== filters()) {
    const dropped = chosen.all ? "" : chosen.ids.size;
    choose("none");
    toast(dropped === 1 ? words("droppedOne", 1) : words(dropped ? "dropped" : "droppedAll", dropped || 0), "info");
  } else {
    show();
  }
}

document.addEventListener("htmx:load", (event) => {
  const { target } = event;
  if (target.id === "results" || target.querySelector?.("[data-pick]") || target.matches?.("[data-sheet]")) arrive();
});

if (document.querySelector("[data-clear-selection]")) {
  for (const name of Object.keys(window.sessionStorage)) {
    if (name.startsWith("chosen:")) window.sessionStorage.removeItem(name);
  }
}
arrive();
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  chosen = kept();
  arrive();
});
