// One picture at a time, as large as the window: PhotoSwipe holds, swipes and zooms it; what is around it is ours.
// Pictures are numbered from far above zero, so that those found before the first one need no renumbering.
import PhotoSwipe from "../vendor/photoswipe/photoswipe.esm.min.js";
import { compare } from "./compare.js";
import { Sides } from "./lightbox-sides.js";
import { Stock, hashOf, keyOf, sheetOf, urlOf } from "./lightbox-stock.js";
import { Turns } from "./lightbox-turns.js";
import { toast } from "./toasts.js";

const FAR = 1_000_000;
const EDGE = 1600; // of the large picture
const KEYS = {
  ArrowRight: "next", ArrowLeft: "previous", PageDown: "next", PageUp: "previous", Home: "home", End: "end",
  Escape: "close", i: "info", r: "rotate", "+": "in", "=": "in", "-": "out", o: "original", c: "visit",
  d: "download", y: "copy", v: "compare",
};
const fill = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name]);
let picked = null; // the first of two to compare

export class Lightbox {
  /** `tile`: the picture to show; `opener`: what gets the focus back; `pushed`: the address gains a step.
   *  `host.back()` takes that step back, `host.closed()` hears of the end. */
  constructor({ tile, opener, pushed }, parts, host) {
    this.words = parts.dataset;
    this.opener = opener;
    this.pushed = pushed;
    this.host = host;
    this.stock = new Stock(opener, parts.dataset, () => this.merge());
    this.tiles = this.stock.tiles();
    if (!this.tiles.some((one) => keyOf(one) === keyOf(tile))) this.tiles = [tile];
    this.first = FAR;
    this.turns = new Turns();
    this.box = this.library(FAR + this.tiles.findIndex((one) => keyOf(one) === keyOf(tile)));
    this.sides = new Sides(parts, this.box, this.words);
    this.open(parts);
  }

  library(index) {
    const box = new PhotoSwipe({
      index,
      dataSource: [],
      loop: false,
      preload: [1, 2],
      trapFocus: false,
      returnFocus: false,
      escKey: false,
      arrowKeys: false,
      showHideAnimationType: "fade",
      showAnimationDuration: 140,
      hideAnimationDuration: 140,
      bgOpacity: 1,
      maxZoomLevel: 4,
      mainClass: "lightbox",
      tapAction: "toggle-controls",
      arrowPrev: false, arrowNext: false, close: false, zoom: false, counter: false,
      paddingFn: (size) => this.sides.padding(size),
    });
    box.addFilter("numItems", () => this.first + this.tiles.length);
    box.addFilter("itemData", (data, at) => this.data(this.tiles[at - this.first]));
    box.on("loadComplete", ({ slide, content }) => this.sized(slide, content));
    box.on("afterSetContent", ({ slide }) => this.sized(slide, slide.content));
    box.on("imageSizeChange", ({ slide, content }) => this.turns.apply(slide, content));
    box.on("change", () => this.shown());
    box.on("openingAnimationEnd", () => this.ready());
    box.on("close", () => this.closing());
    box.on("destroy", () => this.gone());
    return box;
  }

  /** The thumbnail's shape stands in for the picture's until that has come. */
  data(tile) {
    if (!tile) return {};
    const small = tile.querySelector("img");
    const [w, h] = small?.naturalWidth ? [small.naturalWidth, small.naturalHeight] : [4, 3];
    const scale = EDGE / Math.max(w, h);
    return {
      tile,
      src: tile.getAttribute("href"),
      msrc: small?.currentSrc,
      alt: small?.alt ?? tile.dataset.name ?? "",
      w: Math.round(w * scale),
      h: Math.round(h * scale),
    };
  }

  open(parts) {
    document.querySelector(".shell").inert = true;
    this.listen = (event) => this.key(event);
    document.addEventListener("keydown", this.listen, true);
    this.box.on("uiRegister", () => this.dress(parts));
    this.box.init();
    const here = hashOf(this.tile);
    if (this.pushed) history.pushState({ lightbox: true }, "", here);
    this.stock.begin();
  }

  dress(parts) {
    const root = this.box.element;
    root.setAttribute("aria-modal", "true");
    root.setAttribute("aria-label", this.words.title);
    root.append(parts.content.cloneNode(true));
    root.addEventListener("click", (event) => {
      const name = event.target.closest("[data-do]")?.dataset.do;
      if (!name || name === "visit" || name === "download") return;
      this.act(name);
    });
    this.sides.find(root);
    const move = this.box.mainScroll.moveIndexBy.bind(this.box.mainScroll);
    this.box.mainScroll.moveIndexBy = (by, ...rest) => move(Math.max(by, this.first - this.box.potentialIndex), ...rest);
  }

  ready() {
    this.isReady = true;
    this.box.element.focus({ preventScroll: true });
    this.merge();
    for (const name of this.waiting ?? []) this.act(name);
  }

  get tile() {
    return this.tiles[this.box.currIndex - this.first];
  }

  // --- what is shown ---------------------------------------------------------------------------------------

  shown() {
    const tile = this.tile;
    if (!tile || this.isLeaving) return;
    if (this.isReady) history.replaceState(history.state, "", hashOf(tile));
    this.sides.show(tile, this.stock.place(tile), picked);
    this.sides.original(false);
    this.stock.readAround(tile);
    const at = this.box.currIndex - this.first;
    if (at >= this.tiles.length - 3) this.stock.turn("next");
    if (at <= 1) this.stock.turn("previous");
  }

  /** What the stock has by now takes the place of what was known; the picture shown stays where it is. */
  merge() {
    if (!this.isReady || this.isLeaving) return;
    if (this.stock.failed && !this.told) {
      this.told = true;
      toast(this.words.notLoaded, "error");
    }
    const tiles = this.stock.tiles();
    const at = tiles.findIndex((one) => keyOf(one) === keyOf(this.tile));
    if (at === -1) return;
    const before = [-1, 1].map((by) => this.neighbour(by));
    this.first = this.box.currIndex - at;
    this.tiles = tiles;
    this.forgetMoved();
    [-1, 1].forEach((by, side) => {
      if (this.neighbour(by) !== before[side]) this.box.refreshSlideContent(this.box.currIndex + by);
    });
    this.sides.show(this.tile, this.stock.place(this.tile), picked);
  }

  neighbour(by) {
    const tile = this.tiles[this.box.currIndex - this.first + by];
    return tile && keyOf(tile);
  }

  /** Pictures loaded ahead under a number that is another's now. */
  forgetMoved() {
    for (let by = -6; by <= 6; by += 1) {
      const index = this.box.currIndex + by;
      const content = this.box.contentLoader.getContentByIndex(index);
      const tile = this.tiles[index - this.first];
      if (by !== 0 && content?.data.tile && (!tile || keyOf(content.data.tile) !== keyOf(tile))) {
        this.box.contentLoader.removeByIndex(index);
      }
    }
  }

  /** The picture has come: its own shape counts now. */
  sized(slide, content) {
    const { naturalWidth, naturalHeight } = content.element ?? {};
    if (naturalWidth && this.turns.measure(content, naturalWidth, naturalHeight)) this.turns.lay(slide);
  }

  // --- what can be done ------------------------------------------------------------------------------------

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const name = KEYS[event.key] ?? KEYS[event.key.toLowerCase()];
    const letter = event.key.length === 1;
    if (!name || (letter && document.documentElement.dataset.shortcuts === "off")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.act(name);
  }

  act(name) {
    if (this.isReady) this[name]?.();
    else (this.waiting ??= []).push(name);
  }

  next() { this.step(1); }
  previous() { this.step(-1); }

  step(by) {
    const to = this.box.potentialIndex + by;
    if (to < this.first) this.edge("previous", this.words.first);
    else if (to >= this.first + this.tiles.length) this.edge("next", this.words.last);
    else this.box.goTo(to);
  }

  edge(direction, words) {
    this.sides.say(this.stock.turn(direction) ? this.words.loadingMore : words);
  }

  home() { this.box.goTo(this.first); }
  end() { this.box.goTo(this.first + this.tiles.length - 1); }
  close() { this.box.close(); }
  info() { this.sides.info(this.tile); }
  visit() { this.sides.link("visit").click(); }
  download() { this.sides.link("download").click(); }
  in() { this.zoom(1.5); }
  out() { this.zoom(1 / 1.5); }

  zoom(by) {
    const slide = this.box.currSlide;
    const level = Math.min(slide.zoomLevels.max, Math.max(slide.zoomLevels.initial, slide.currZoomLevel * by));
    slide.zoomTo(level, this.box.getViewportCenterPoint(), 120);
    this.sides.say(fill(this.words.zoomed, { percent: Math.round(level * 100) }));
  }

  rotate() {
    const degrees = this.turns.turn(this.box.currSlide);
    this.sides.say(degrees ? fill(this.words.turned, { degrees }) : "");
  }

  async copy() {
    const sheet = sheetOf(this.tile);
    const address = new URL(sheet?.dataset.url ?? window.location.href, window.location.href);
    address.hash = hashOf(this.tile);
    try {
      await navigator.clipboard.writeText(address.href);
      toast(this.words.copied, "success");
    } catch {
      toast(this.words.notCopied, "info");
    }
  }

  /** The file as it was uploaded in place of the reduced picture, and back. */
  async original() {
    const slide = this.box.currSlide;
    const tile = this.tile;
    const content = slide.content;
    if (content.data.original) {
      content.data.original = false;
      content.element.src = content.data.src;
      await content.element.decode().catch(() => null);
      this.turns.orient(content, 1);
    } else {
      const address = urlOf(tile, "original");
      const image = Object.assign(new Image(), { src: address });
      const loads = image.decode().then(() => true, () => false);
      const [shows, facts] = await Promise.all([loads, this.sides.facts(tile)]);
      if (!shows) return toast(this.words.noOriginal, "info");
      if (tile !== this.tile) return undefined;
      content.data.original = true;
      content.element.src = address;
      await content.element.decode().catch(() => null);
      this.turns.orient(content, facts.orientation);
    }
    this.sized(slide, content);
    const { naturalWidth: width, naturalHeight: height } = content.element;
    const on = content.data.original;
    this.sides.original(on, on ? fill(this.words.originalOn, { width, height }) : this.words.originalOff);
    return undefined;
  }

  compare() {
    const tile = this.tile;
    if (!picked) {
      picked = tile;
      this.sides.say(this.words.picked, true);
    } else if (keyOf(picked) === keyOf(tile)) {
      picked = null;
      this.sides.say(this.words.unpicked, true);
    } else {
      compare(picked, tile, this.words);
      picked = null;
    }
    this.sides.pick(picked, tile);
  }

  // --- the end ---------------------------------------------------------------------------------------------

  /** The address has gone a step back already. */
  leave() {
    this.stepped = true;
    this.box.close();
  }

  closing() {
    this.isLeaving = true;
    document.removeEventListener("keydown", this.listen, true);
    this.stock.close();
    document.querySelector(".shell").inert = false;
    this.focusBack();
    if (this.stepped) return;
    if (this.pushed) this.host.back();
    else history.replaceState(history.state, "", window.location.pathname + window.location.search);
  }

  /** To the picture seen last, or to its row in a table, which holds only the first ones; else to what opened the first. */
  focusBack() {
    const named = (link) => document.querySelector(`a[data-photo="${keyOf(link)}"]`);
    const row = `tr[data-checkin-id="${sheetOf(this.tile)?.dataset.sheet}"] a[data-photo]`;
    const ways = [this.tile, named(this.tile), document.querySelector(row), this.opener, named(this.opener)];
    if (keyOf(this.tile) === keyOf(this.opener)) ways.unshift(this.opener);
    ways.find((link) => link?.isConnected && link.checkVisibility())?.focus();
  }

  gone() {
    picked = null;
    this.host.closed();
  }
}
