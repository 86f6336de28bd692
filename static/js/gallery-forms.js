// Files among the answers of forms: one request for each form, two at a time, in the order they are asked for.
// A tile [data-form] stands for the form until its files take its place.
import { ask } from "./ask.js";

const AT_ONCE = 2;
const waiting = [];
let underWay = 0;

/** Resolves when each of these tiles has become the form's files, or says why not. */
export function readForms(tiles) {
  return Promise.all(tiles.map((tile) => read(tile)));
}

const reading = new WeakMap();

function read(tile) {
  if (!reading.has(tile)) {
    reading.set(tile, new Promise((done) => {
      tile.dataset.loading = "";
      waiting.push({ tile, done });
      next();
    }));
  }
  return reading.get(tile);
}

async function next() {
  if (underWay >= AT_ONCE || waiting.length === 0) return;
  const { tile, done } = waiting.shift();
  underWay += 1;
  try {
    await replace(tile);
  } finally {
    underWay -= 1;
    done();
    next();
  }
}

async function replace(tile) {
  if (tile.dataset.form === undefined) return;
  const answer = await ask(tile.dataset.form);
  delete tile.dataset.loading;
  if (!answer?.ok) {
    const words = tile.querySelector(".shot-frame > span");
    words.textContent = tile.dataset.failed;
    return;
  }
  const made = document.createElement("template");
  made.innerHTML = await answer.text();
  const caption = tile.querySelector("figcaption");
  const shots = [...made.content.querySelectorAll(".shot")];
  for (const shot of shots) {
    shot.dataset.checkinId = tile.dataset.checkinId;
    if (caption) shot.append(caption.cloneNode(true));
  }
  const sheet = tile.closest("[data-sheet]");
  tile.replaceWith(...shots);
  sheet.hidden = !sheet.querySelector(".shot");
  document.dispatchEvent(new CustomEvent("fielddesk:pictures"));
}
