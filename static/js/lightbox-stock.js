// The pictures a lightbox goes through: links [data-photo] in the order of the page, with what their sheet says.
// In the gallery these are its own tiles and the gallery grows; from the table, whose rows hold only the first
// pictures of each check-in, the same pages of the gallery are kept aside.
import { ask } from "./ask.js";
import { readForms } from "./gallery-forms.js";

const COUNTS = 3; // times the count is asked for when it fails
const COUNT_PAUSE = 3000;
const SHEETS_AHEAD = 2; // forms of so many check-ins around the one shown are read

export const keyOf = (tile) => tile.dataset.photo;
export const sheetOf = (tile) => tile.closest("[data-sheet]");
export const urlOf = (tile, size) => tile.getAttribute("href").replace(/\/large\/$/, `/${size}/`);
export const hashOf = (tile) => `#photo=${checkinOf(tile)}-${keyOf(tile)}`;
const checkinOf = (tile) => sheetOf(tile)?.dataset.sheet ?? tile.closest("[data-checkin-id]")?.dataset.checkinId ?? "0";

export class Stock {
  /** `opener`: a link of the page, which says where the pictures are; `urls`: where to ask for more. */
  constructor(opener, urls, changed) {
    this.urls = urls;
    this.changed = changed;
    this.gallery = opener.closest("#gallery");
    this.table = this.gallery ? null : opener.closest("#results .table");
    this.root = this.gallery ?? this.table ?? opener.closest("[data-pictures]") ?? document.body;
    this.counted = null;
    this.failed = false;
    this.turning = false;
    this.heard = () => changed();
    document.addEventListener("fielddesk:pictures", this.heard);
    document.addEventListener("htmx:load", this.heard);
  }

  close() {
    this.closed = true;
    document.removeEventListener("fielddesk:pictures", this.heard);
    document.removeEventListener("htmx:load", this.heard);
  }

  tiles() {
    return [...this.root.querySelectorAll("a[data-photo]")];
  }

  /** What the page itself does not hold: all pictures of a table's rows, and how many there are on all pages. */
  async begin() {
    if (this.table) await this.aside();
    if (this.gallery || this.root.matches?.(".aside")) this.count();
  }

  async aside() {
    const page = await this.page(`${this.urls.pages}${window.location.search}`);
    if (!page) return;
    this.root = document.createElement("div");
    this.root.className = "aside";
    this.root.append(page);
    this.changed();
  }

  async page(url) {
    const answer = await ask(url);
    if (!answer?.ok) {
      this.failed = true;
      this.changed();
      return null;
    }
    const made = document.createElement("template");
    made.innerHTML = await answer.text();
    return made.content;
  }

  get step() {
    return { next: this.root.querySelector("a[rel=next][hx-get]"), previous: this.root.querySelector("a[rel=prev][hx-get]") };
  }

  /** Fetches the page after or before what is there. False when there is none. */
  turn(direction) {
    const link = this.step[direction];
    if (!link || this.failed) return false;
    if (this.gallery) window.htmx.trigger(link, "click");
    else if (!this.turning) this.add(link);
    return true;
  }

  async add(link) {
    this.turning = true;
    const page = await this.page(link.getAttribute("hx-get"));
    this.turning = false;
    if (!page) return;
    link.closest(".gallery-step").replaceWith(page);
    this.changed();
  }

  /** Reads the forms of check-ins around this one, so that their pictures are in their place in time. */
  readAround(tile) {
    const sheets = [...this.root.querySelectorAll("[data-sheet]")];
    const at = sheets.indexOf(sheetOf(tile));
    if (at === -1) return;
    const near = sheets.slice(Math.max(0, at - 1), at + SHEETS_AHEAD + 1);
    const unread = near.flatMap((sheet) => [...sheet.querySelectorAll("[data-form]")]);
    if (unread.length) readForms(unread);
  }

  async count() {
    if (!this.step.next && !this.step.previous) return;
    const answer = await ask(`${this.urls.count}${window.location.search}`);
    this.counted = answer?.ok ? await answer.json() : { before: [], again: true };
    this.changed();
    this.tries = (this.tries ?? 0) + 1;
    if (this.counted.again && this.tries < COUNTS && !this.closed) window.setTimeout(() => this.count(), COUNT_PAUSE);
  }

  /**
   * `{n, total, cut, ofForm}`: which photo of how many, over all pages; `n` 0 while that is not known, `cut` when
   * the list was too long to count. Pictures of a form are numbered within it: how many other forms hold is known
   * only when they have been read, and a number that grows while one looks says nothing.
   */
  place(tile) {
    if (tile.dataset.question !== undefined) {
      const same = [...sheetOf(tile).querySelectorAll("a[data-photo][data-question]")];
      return { n: at(same, tile), total: same.length, ofForm: true };
    }
    const photos = this.tiles().filter((one) => one.dataset.question === undefined);
    const n = at(photos, tile);
    if (this.table === this.root) return { n: 0, total: 0 };
    if (!this.step.next && !this.step.previous) return { n, total: photos.length };
    if (!this.counted) return { n: 0, total: 0 };
    const { before, per_page: size, pictures, complete } = this.counted;
    const first = Number(this.root.querySelector("[data-sheet]").dataset.at);
    const earlier = before[Math.floor((first - 1) / size)];
    if (earlier === undefined || earlier + n > pictures) return { n: 0, total: 0 };
    return { n: earlier + n, total: pictures, cut: !complete };
  }
}

const at = (tiles, tile) => tiles.findIndex((one) => keyOf(one) === keyOf(tile)) + 1;

/** `{tile, opener}` of a picture named in an address: on the page, in a form not read yet, or behind a row. */
export async function findTile(parts, checkin, file) {
  const inside = (root) => root.querySelector(`a[data-photo="${file}"]`);
  const forms = (root) => [...root.querySelectorAll(`[data-sheet="${checkin}"] [data-form]`)];
  if (!inside(document)) await readForms(forms(document));
  const here = inside(document);
  if (here) return { tile: here, opener: here };
  const row = document.querySelector(`#results .table [data-checkin-id="${checkin}"] a[data-photo]`);
  if (!row) return null;
  const stock = new Stock(row, parts.dataset, () => {});
  await stock.aside();
  stock.close();
  if (!inside(stock.root)) await readForms(forms(stock.root));
  const tile = inside(stock.root);
  return tile && { tile, opener: row };
}
