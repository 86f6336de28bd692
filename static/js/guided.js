// A check-in in the making: saved while it is written, warned of only when something would be lost.
import { config } from "./map-config.js";

const form = document.getElementById("draft-form");
const saves = form?.hasAttribute("data-autosave");
const RETRY = 5000; // ms after which a save that got no answer is tried again
const OVERDUE = 2500; // ms after which something entered has to be on its way
let entered = 0; // counts what was entered
let sent = 0; // what the save under way holds
let kept = 0; // what is saved
let leaving = false;
let waiting = 0;
let busy = false;

const state = () => document.getElementById("draft-state");
const dirty = () => saves && entered > kept;

function say(words, bad = false) {
  const line = state();
  if (!line) return;
  line.querySelector("span").textContent = line.dataset[words];
  line.classList.toggle("is-bad", bad);
  line.classList.toggle("is-waiting", !bad);
}

function save() {
  window.htmx.trigger(form, "save");
}

/** htmx saves after a pause; what it has missed, as it was not listening yet, is saved as well. */
function changed() {
  entered += 1;
  say("unsaved");
  window.clearTimeout(waiting);
  waiting = window.setTimeout(() => dirty() && !busy && save(), OVERDUE);
}

// Signed out while writing: what is not saved yet waits in this tab for the way back.
const stashed = () => `draft:${window.location.pathname}`; // the first save gives the page its draft's address

function stash() {
  const texts = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");
  window.sessionStorage.setItem(stashed(), JSON.stringify(texts));
  kept = entered;
}

function unstash() {
  const texts = JSON.parse(window.sessionStorage.getItem(stashed()) ?? "null");
  window.sessionStorage.removeItem(stashed());
  const before = new Map(texts);
  if (!texts || before.get("version") !== form.elements.version.value) return; // newer things are there
  for (const control of form.elements) {
    const given = texts.filter(([name]) => name === control.name).map(([, value]) => value);
    if (["checkbox", "radio"].includes(control.type)) control.checked = given.includes(control.value);
    else if (!["file", "hidden", "submit", "button", "fieldset"].includes(control.type) && given.length > 0) control.value = given[0];
  }
}

const differs = (control) =>
  control.type === "checkbox" || control.type === "radio" ? control.checked !== control.defaultChecked
    : control.tagName === "SELECT" ? [...control.options].some((one) => one.selected !== one.defaultSelected && one.selected)
      : !["file", "hidden", "submit", "button"].includes(control.type) && control.value !== control.defaultValue;

if (saves) {
  for (const type of ["input", "change"]) {
    form.addEventListener(type, (event) => {
      if (event.target.type === "file" || event.target.closest("[data-crew-search], .picker-search")) return;
      changed();
    });
  }
  form.addEventListener("htmx:beforeOnLoad", (event) => {
    if (event.detail.xhr.getResponseHeader("HX-Redirect")?.startsWith("/sign-in/")) stash();
  });
  unstash();
  if ([...form.elements].some((control) => control.name && differs(control))) { // before this script ran
    changed();
    window.addEventListener("load", () => dirty() && !busy && save()); // htmx listens by then
  }
  form.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target !== form) return;
    sent = entered;
    busy = true;
    say("saving");
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.target !== form) return;
    busy = false;
    if (event.detail.successful) kept = Math.max(kept, sent);
    else if (event.detail.xhr.status === 0) {
      say("failed", true);
      window.setTimeout(() => dirty() && save(), RETRY);
    } else say("unsaved", true);
    if (event.detail.successful && dirty()) say("unsaved");
  });
}

// A link followed with something unsaved waits for the save.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || link.target || event.metaKey || event.ctrlKey || event.shiftKey || !dirty()) return;
  if (link.hasAttribute("data-leave")) {
    leaving = true;
    return;
  }
  event.preventDefault();
  const go = (answer) => {
    if (answer.target !== form) return;
    form.removeEventListener("htmx:afterRequest", go);
    if (answer.detail.successful) window.location.assign(link.href);
  };
  form.addEventListener("htmx:afterRequest", go);
  save();
});

document.addEventListener("submit", (event) => {
  if (event.target !== form && !event.target.matches("form[method=post]")) return;
  leaving = event.target === form || leaving;
  const button = event.submitter;
  if (button?.hasAttribute("data-once")) window.setTimeout(() => { button.disabled = true; });
});

window.addEventListener("pageshow", (event) => {
  if (event.persisted) window.location.reload(); // the draft may have gone on since
});

window.addEventListener("beforeunload", (event) => {
  if (dirty() && !leaving) event.preventDefault();
});

/** What is brought back needs its Undo no more. */
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) event.detail.elt.closest?.("[data-undo]")?.closest(".toast")?.remove();
});

// --- who ---------------------------------------------------------------------------------------------------

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function narrow(words) {
  const wanted = plain(words).split(/\s+/).filter(Boolean);
  let left = 0;
  for (const crew of document.querySelectorAll(".crew")) {
    const text = plain(crew.textContent);
    crew.hidden = !wanted.every((one) => text.includes(one));
    left += crew.hidden ? 0 : 1;
  }
  document.querySelector("[data-crew-none]").hidden = left > 0;
}

const search = document.querySelector("[data-crew-search]");
if (search) {
  search.hidden = document.querySelectorAll(".crew").length < 6;
  const box = search.querySelector("input");
  for (const type of ["input", "change", "search"]) box.addEventListener(type, (event) => { event.stopPropagation(); narrow(box.value); });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "ArrowDown") return;
    event.preventDefault();
    const first = document.querySelector(".crew:not([hidden]) input:not(:disabled)");
    first?.focus();
    if (event.key === "Enter") first?.click();
  });
  document.querySelector(".crew input:checked")?.closest(".crew").scrollIntoView({ block: "nearest" });
}

// --- where -------------------------------------------------------------------------------------------------

const address = document.querySelector("[data-address]");

function place(lat, lng) {
  for (const [name, value] of Object.entries({ lat, lng })) {
    const input = form.querySelector(`[name=${name}]`);
    input.value = value;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function write(words) {
  address.value = words;
  address.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-position]");
  if (!button) return;
  place(button.dataset.lat, button.dataset.lng);
  write(button.dataset.address);
});

/** The words belong to the point before: they go at once, those of the new one come when Navixy has them. */
let asking = 0;
document.addEventListener("moved", async (event) => {
  if (!address) return;
  const { lat, lng, address: known } = event.detail;
  const mine = (asking += 1);
  write(known);
  if (known) return;
  const query = new URLSearchParams({ q: `${lat.toFixed(6)},${lng.toFixed(6)}` });
  const answer = await fetch(`${config().geocode}?${query}`, { headers: { Accept: "application/json" } }).catch(() => null);
  const found = answer?.ok ? await answer.json() : [];
  if (mine === asking && found.length > 0 && address.value === "") write(found[0].address);
});

// --- the result --------------------------------------------------------------------------------------------

/** When it is over, whoever waited is told and stands at the way on. */
document.addEventListener("htmx:afterSwap", () => {
  const done = document.querySelector("[data-done]:not([data-told])");
  if (!done) return;
  done.setAttribute("data-told", "");
  done.focus();
});
