// Single-key shortcuts (WCAG 2.1.4: only outside of inputs, and they can be switched off). A page adds its own with
// `shortcut("g", action)`. Rows are anything with [data-row]; its first link is what Enter opens.
import { setPreference } from "./preferences.js";

const actions = new Map();
const root = document.documentElement;

export function shortcut(key, action) {
  actions.set(key, action);
}

const typing = (target) =>
  target.closest?.("input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (root.dataset.shortcuts === "off" || typing(event.target) || document.querySelector("dialog[open]")) return;
  const action = actions.get(event.key);
  if (action && action(event) !== false) event.preventDefault();
});

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-shortcuts-toggle]")) return;
  root.dataset.shortcuts = event.target.checked ? "on" : "off";
  setPreference("shortcuts", root.dataset.shortcuts);
  for (const other of document.querySelectorAll("[data-shortcuts-toggle]")) other.checked = event.target.checked;
});

function step(by) {
  const rows = [...document.querySelectorAll("[data-row]")];
  if (rows.length === 0) return false;
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[at === -1 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + by))];
  const target = next.querySelector("[data-row-link]") ?? next.querySelector("a, button");
  target?.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function follow(selector) {
  const target = document.querySelector(selector);
  if (!target) return false;
  target.click();
  return true;
}

shortcut("j", () => step(1));
shortcut("k", () => step(-1));
shortcut("?", () => {
  document.getElementById("help")?.showModal();
});
shortcut("/", () => {
  const search = document.querySelector("[data-search]");
  if (!search) return false;
  search.closest("details")?.setAttribute("open", "");
  search.focus();
  search.select?.();
  return true;
});
for (const key of ["g", "m", "t", "n", "e"]) shortcut(key, () => follow(`[data-key="${key}"]`));
shortcut("Escape", () => follow("[data-back]"));
