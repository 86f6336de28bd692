// The gallery: goes on when scrolled, reads forms that come near, and the address follows what is looked at, so that
// reload, back and a shared link come to the same pictures.
import { keepPlace } from "./gallery-place.js";
import { readForms } from "./gallery-forms.js";
import "./gallery-keys.js";

const AHEAD = 900; // pixels below and above the window
const gallery = () => document.getElementById("gallery");
const scrolls = (root) => getComputedStyle(root).overflowY === "auto";
let observer = null;
let watched = null;

/** Watches what should be fetched when it comes near the window; anew for each gallery. */
function watch() {
  const root = gallery();
  if (root !== watched) {
    observer?.disconnect();
    watched = root;
    observer = root && new IntersectionObserver(near, {
      root: scrolls(root) ? root : null,
      rootMargin: `${AHEAD}px 0px`,
    });
    if (root) keepPlace(root);
  }
  if (!root) return;
  for (const target of root.querySelectorAll("[data-near]:not([data-watched]), [data-form]:not([data-watched])")) {
    target.dataset.watched = "";
    observer.observe(target);
  }
}

function near(entries) {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    observer.unobserve(target);
    if (target.matches("[data-form]")) readForms([target]);
    else window.htmx.trigger(target, "near");
  }
}

/** Where a day goes on across a page's border it keeps its one heading. */
function joinDays(root) {
  let last = "";
  for (const heading of [...root.querySelectorAll(".gallery-day")]) {
    if (heading.dataset.day === last) heading.remove();
    last = heading.dataset.day;
  }
}

document.addEventListener("htmx:load", () => {
  const root = gallery();
  if (root) joinDays(root);
  watch();
});
watch();
