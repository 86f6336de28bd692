// What stands around the picture: count, caption, tools, what the camera noted, and the words for screen readers.
import { ask } from "./ask.js";
import { keyOf, sheetOf, urlOf } from "./lightbox-stock.js";

const fill = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const number = (value) => value.toLocaleString(document.documentElement.lang || "en");
const WIDE = window.matchMedia("(min-width: 48.0625rem)");
const PANEL = 336;
let infoStays = false; // from one lightbox to the next on this page
const read = new Map(); // facts by file

export class Sides {
  constructor(parts, box, words) {
    this.box = box;
    this.words = words;
  }

  find(root) {
    this.root = root;
    this.parts = Object.fromEntries([...root.querySelectorAll("[data-lb]")].map((one) => [one.dataset.lb, one]));
    this.parts.info.hidden = !infoStays;
    this.pressed("info", infoStays);
  }

  padding(size) {
    const panel = this.parts && !this.parts.info.hidden;
    if (!WIDE.matches) return { top: 52, bottom: panel ? Math.round(size.y * 0.6) : 148, left: 0, right: 0 };
    return { top: 52, bottom: 76, left: 64, right: panel ? PANEL : 64 };
  }

  link(name) {
    return this.parts[name];
  }

  show(tile, place, picked) {
    const sheet = sheetOf(tile)?.dataset ?? {};
    const { who, question, when, zone, address, visit, download } = this.parts;
    who.textContent = sheet.who ?? tile.dataset.name ?? "";
    question.textContent = tile.dataset.question ? fill(this.words.fromForm, { question: tile.dataset.question }) : "";
    when.textContent = sheet.when ?? "";
    when.dateTime = sheet.iso ?? "";
    zone.textContent = sheet.zone ?? "";
    address.textContent = sheet.address ?? "";
    visit.hidden = !sheet.url;
    visit.href = sheet.url ?? "#";
    download.href = urlOf(tile, "original");
    this.count(place);
    this.arrows();
    this.pick(picked, tile);
    this.tell(tile, place, sheet);
    if (!this.parts.info.hidden) this.fillInfo(tile);
  }

  count(place) {
    this.parts.count.textContent = this.numbered(place);
    this.parts.count.title = place.cut && place.n ? this.words.tooMany : "";
  }

  numbered({ n, total, cut, ofForm }) {
    if (!n) return "";
    const words = ofForm ? this.words.ofForm : cut ? this.words.ofMore : this.words.of;
    return fill(words, { n: number(n), total: number(total) });
  }

  arrows() {
    const { currIndex } = this.box;
    const at = this.box.getItemData(currIndex - 1).tile;
    this.root.querySelector(".lb-previous").setAttribute("aria-disabled", String(!at));
    const last = currIndex + 1 >= this.box.getNumItems();
    this.root.querySelector(".lb-next").setAttribute("aria-disabled", String(last));
  }

  /** Said once for each picture, and again when its number becomes known. */
  tell(tile, place, sheet) {
    const parts = [this.numbered(place), tile.dataset.name, sheet.who, sheet.when, sheet.address].filter(Boolean);
    const text = parts.join(", ");
    if (text !== this.told) this.say(text);
    this.told = text;
  }

  say(text, visibly = false) {
    this.parts.say.textContent = text;
    if (!visibly) return;
    this.parts.state.textContent = text;
    this.parts.state.dataset.news = "";
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.original(false), 4000);
  }

  original(on, words = "") {
    this.pressed("original", on);
    this.parts.state.textContent = on ? words : "";
    delete this.parts.state.dataset.news;
    if (words) this.parts.say.textContent = words;
  }

  pick(picked, tile) {
    this.pressed("compare", picked !== null);
    this.root.toggleAttribute("data-picked", picked !== null && keyOf(picked) === keyOf(tile));
  }

  pressed(name, on) {
    this.root.querySelector(`[data-do="${name}"]`).setAttribute("aria-pressed", String(on));
  }

  // --- what the camera noted -------------------------------------------------------------------------------

  info(tile) {
    infoStays = this.parts.info.hidden;
    this.parts.info.hidden = !infoStays;
    this.pressed("info", infoStays);
    if (infoStays) this.fillInfo(tile);
    this.box.updateSize(true);
  }

  async fillInfo(tile) {
    const { info, noted } = this.parts;
    if (info.dataset.of === keyOf(tile)) return;
    info.dataset.of = keyOf(tile);
    info.setAttribute("aria-busy", "true");
    const facts = await this.facts(tile);
    if (info.dataset.of !== keyOf(tile)) return;
    info.removeAttribute("aria-busy");
    noted.replaceChildren(facts.shown.cloneNode(true));
  }

  /** `{shown, orientation}` from the server, which reads the file. */
  facts(tile) {
    const key = keyOf(tile);
    if (!read.has(key)) read.set(key, this.asked(tile).catch(() => this.failed(key)));
    return read.get(key);
  }

  async asked(tile) {
    const { iso = "", point = "" } = sheetOf(tile)?.dataset ?? {};
    const query = new URLSearchParams({ when: iso, point });
    const answer = await ask(`${urlOf(tile, "facts")}?${query}`);
    if (!answer?.ok) throw new Error("no facts");
    const made = document.createElement("template");
    made.innerHTML = await answer.text();
    const shown = made.content.firstElementChild;
    return { shown, orientation: Number(shown.dataset.orientation) || 1 };
  }

  failed(key) {
    read.delete(key);
    const shown = document.createElement("p");
    shown.textContent = this.words.noFacts;
    return { shown, orientation: 1 };
  }
}
