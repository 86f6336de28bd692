// A click on a small picture opens it large, in the lightbox; so does an address that ends in #photo=…
// The lightbox and the library behind it are loaded only then. Without this module the link leads to the picture.
import { toast } from "./toasts.js";

const parts = () => document.getElementById("lightbox");
const plain = (event) => event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
let open = null;
let steppingBack = false;

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-photo]");
  if (!link || !parts() || !plain(event) || event.defaultPrevented) return;
  event.preventDefault();
  show({ tile: link, opener: link, pushed: true });
});

async function show(what) {
  const { Lightbox } = await import("./lightbox.js");
  if (open) return;
  open = new Lightbox(what, parts(), {
    closed: () => { open = null; },
    back: () => {
      steppingBack = true;
      history.back();
    },
  });
}

const wanted = () => /^#photo=(\d+)-(\d+)$/.exec(window.location.hash);

/** The picture the address names, wherever the page has it by now. */
async function fromAddress() {
  const names = wanted();
  if (!names || open || !parts()) return;
  const { findTile } = await import("./lightbox-stock.js");
  const found = await findTile(parts(), names[1], names[2]);
  if (found) {
    show({ ...found, pushed: false });
  } else {
    history.replaceState(history.state, "", window.location.pathname + window.location.search);
    toast(parts().dataset.notHere, "info");
  }
}

// Before htmx, which would load the page anew to go back to it.
window.addEventListener("popstate", (event) => {
  if (steppingBack) {
    steppingBack = false;
    event.stopImmediatePropagation();
  } else if (open) {
    event.stopImmediatePropagation();
    open.leave();
  } else if (wanted()) {
    event.stopImmediatePropagation();
    fromAddress();
  }
}, true);

fromAddress();
