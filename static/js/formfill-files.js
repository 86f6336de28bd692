// Files of a drop area: chosen, dropped, pasted, taken with the camera; sent one after another, each with its progress.
// Without this script the area is a plain file input of its form.
import { config } from "./formfill-config.js";
import { Sending } from "./formfill-sending.js";
import { openPaper } from "./formfill-signature.js";

const areas = new WeakMap();

class Area {
  constructor(root) {
    this.root = root;
    this.queue = [];
    this.busy = false;
    for (const input of root.querySelectorAll(".drop-input")) {
      input.addEventListener("change", () => this.chosen(input));
      if (input.files.length > 0) this.chosen(input); // while this script was on its way
    }
    for (const hidden of root.querySelectorAll("[data-sign], [data-drop-words]")) hidden.hidden = false;
    const camera = root.querySelector("[data-camera]");
    if (camera) camera.hidden = !window.matchMedia("(pointer: coarse)").matches;
    root.querySelector("[data-sign]")?.addEventListener("click", () => openPaper((file) => this.add([file])));
    this.sort();
  }

  chosen(input) {
    this.add([...input.files]);
    input.value = ""; // or the form would send them once more
  }

  get tiles() {
    return this.root.querySelector(".drop-tiles");
  }

  get accepts() {
    return this.root.dataset.accept.split(",").filter(Boolean);
  }

  fits(file) {
    const ending = `.${file.name.split(".").pop().toLowerCase()}`;
    const picture = file.type.startsWith("image/") || [".heic", ".heif", ".avif"].includes(ending);
    return this.accepts.length === 0 || this.accepts.some((one) => (one === "image/*" ? picture : one.toLowerCase() === ending));
  }

  add(files) {
    const { most, tooMany, wrongType } = this.root.dataset;
    const room = Number(most) - Number(this.tiles.dataset.tiles) - this.underWay();
    files.forEach((file, index) => {
      const sending = new Sending(this, file);
      if (!this.fits(file)) sending.refuse(wrongType);
      else if (index >= room) sending.refuse(tooMany);
      else this.take(sending);
    });
  }

  /** A file beyond the limit costs no upload: a picture may be made smaller on the way, if its person says so. */
  take(sending) {
    const { largest, tooLarge } = this.root.dataset;
    if (sending.file.size === 0) sending.refuse(config().texts.empty);
    else if (sending.file.size <= Number(largest)) this.enqueue(sending);
    else if (this.canShrink(sending.file)) sending.offer(tooLarge, () => this.enqueue(sending, { shrink: true }));
    else sending.refuse(tooLarge);
  }

  canShrink(file) {
    return this.root.dataset.drop === "photos" && file.size <= config().largest;
  }

  underWay() {
    return this.root.querySelectorAll(".drop-file.is-going").length;
  }

  enqueue(sending, options = {}) {
    sending.wait();
    this.queue.push(() => sending.send(options));
    this.next();
  }

  async next() {
    if (this.busy) return;
    this.busy = true;
    while (this.queue.length > 0) await this.queue.shift()();
    this.busy = false;
  }

  /** The answer is the list of files as it is now. */
  show(markup) {
    unstyled(this.tiles);
    window.htmx.swap(`#${this.tiles.id}`, markup, { swapStyle: "outerHTML" });
    this.sort();
  }

  say(words) {
    this.root.querySelector("[data-drop-status]").textContent = words;
  }

  async sort() {
    this.sortable?.destroy();
    this.sortable = null;
    if (this.tiles.children.length < 2) return;
    await import("../vendor/sortable/Sortable.min.js");
    this.tiles.setAttribute("data-sorts", "");
    this.sortable?.destroy();
    this.sortable = new window.Sortable(this.tiles, {
      animation: 120,
      handle: ".drop-picture",
      onChoose: ({ item }) => item.removeAttribute("style"), // a copy of it would break the content policy
      onUpdate: () => this.moved(),
    });
  }

  moved() {
    const order = [...this.tiles.children].map((tile) => tile.dataset.file);
    const values = { field: this.root.dataset.field, order: order.join(",") };
    window.htmx.ajax("POST", this.root.dataset.orderUrl, { source: this.root, target: `#${this.tiles.id}`, swap: "outerHTML", values });
  }
}

function startIn(scope) {
  for (const root of [scope, ...scope.querySelectorAll("[data-drop]")]) {
    if (root.matches?.("[data-drop]") && !areas.has(root)) areas.set(root, new Area(root));
  }
}

const areaOf = (target) => areas.get(target?.closest?.("[data-drop]"));
const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");

document.addEventListener("dragover", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault(); // a file dropped beside the area must not replace the page
  for (const over of document.querySelectorAll(".drop.is-over")) over.classList.remove("is-over");
  const area = areaOf(event.target);
  event.dataTransfer.dropEffect = area ? "copy" : "none";
  area?.root.classList.add("is-over");
});

for (const name of ["dragleave", "drop", "dragend"]) {
  document.addEventListener(name, (event) => {
    if (name === "dragleave" && areaOf(event.relatedTarget)) return;
    for (const over of document.querySelectorAll(".drop.is-over")) over.classList.remove("is-over");
  });
}

document.addEventListener("drop", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  areaOf(event.target)?.add([...event.dataTransfer.files]);
});

document.addEventListener("paste", (event) => {
  const files = [...(event.clipboardData?.files ?? [])];
  const area = areaOf(event.target) ?? areaOf(document.querySelector("[data-drop]:is(:hover, :focus-within)")) ?? areaOf(document.querySelector("[data-paste-here] [data-drop]"));
  if (files.length === 0 || !area) return;
  event.preventDefault();
  area.add(files);
});

// htmx copies attributes from the old tile to the new one; the policy lets no style attribute be copied.
function unstyled(tiles) {
  for (const tile of tiles.children) tile.removeAttribute("style");
}

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.matches?.(".drop-tiles")) unstyled(detail.target);
});

document.addEventListener("htmx:load", (event) => {
  const list = event.detail.elt;
  if (list.matches?.(".drop-tiles")) areaOf(list)?.sort();
  startIn(list);
});

// Only what would be lost is worth a warning: a file under way, or one that waits for a decision.
window.addEventListener("beforeunload", (event) => {
  if (document.querySelector(".drop-file:is(.is-going, .is-open)")) event.preventDefault();
});

startIn(document.body);
