// <button data-open-dialog="id"> opens a dialog; a click beside it closes it; an open menu closes on Escape or a
// click elsewhere and gives the focus back; the side bar remembers whether it is narrow.
import { setPreference } from "./preferences.js";

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open-dialog]");
  if (opener) {
    opener.closest("details.menu")?.removeAttribute("open");
    const drawer = document.getElementById("nav");
    if (drawer?.matches(":popover-open")) drawer.hidePopover();
    document.getElementById(opener.dataset.openDialog)?.showModal();
    return;
  }
  if (event.target.matches("dialog.dialog[open]")) event.target.close();
  // By the path and not by the target: what was clicked may be gone from the menu by now.
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (event.composedPath().includes(menu)) continue;
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus(); // Enter in an input clicks the form's button
    menu.removeAttribute("open");
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest?.("details.menu[open]") ?? document.querySelector("details.menu[open]");
  if (!menu) return;
  menu.removeAttribute("open");
  menu.querySelector("summary").focus();
  event.stopImmediatePropagation();
}, true);

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-nav-toggle]");
  if (!button) return;
  const root = document.documentElement;
  const narrow = root.dataset.nav !== "collapsed";
  if (narrow) root.dataset.nav = "collapsed";
  else delete root.dataset.nav;
  button.setAttribute("aria-expanded", String(!narrow));
  setPreference("nav", narrow ? "collapsed" : "wide");
});
