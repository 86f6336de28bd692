// Arrows go from tile to tile as they are laid out.
const tiles = () => [...document.querySelectorAll("#gallery .shot-frame")].filter((tile) => tile.tabIndex === 0);
const middle = (tile) => {
  const { left, right, top } = tile.getBoundingClientRect();
  return { x: (left + right) / 2, y: top };
};

/** The tile above or below: in the next line there is, the one nearest across. */
function across(all, from, direction) {
  const here = middle(from);
  const beyond = all.map((tile) => ({ tile, ...middle(tile) })).filter(({ y }) => (y - here.y) * direction > 4);
  if (beyond.length === 0) return undefined;
  const line = beyond.reduce((best, one) => (Math.abs(one.y - here.y) < Math.abs(best.y - here.y) ? one : best)).y;
  const there = beyond.filter(({ y }) => Math.abs(y - line) < 4);
  return there.reduce((best, one) => (Math.abs(one.x - here.x) < Math.abs(best.x - here.x) ? one : best)).tile;
}

const WAYS = {
  ArrowRight: (all, at) => all[at + 1],
  ArrowLeft: (all, at) => all[at - 1],
  ArrowDown: (all, at) => across(all, all[at], 1),
  ArrowUp: (all, at) => across(all, all[at], -1),
  Home: (all) => all[0],
  End: (all) => all.at(-1),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const tile = event.target.closest?.("#gallery .shot-frame");
  if (!tile) return;
  if (!WAYS[event.key]) return;
  const all = tiles();
  WAYS[event.key](all, all.indexOf(tile))?.focus();
  event.preventDefault();
  event.stopPropagation();
}, true);
