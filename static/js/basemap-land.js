// Land and borders as canvas tiles. Rings are projected once to the unit square of Web Mercator and clipped
// to each tile, so that a tile of a city does not carry a continent's outline.
import { config, fetchOnce, loadScript } from "./map-config.js";

const NEAR = 7; // from this zoom on the fine outlines are worth their 0.9 MB
const MARGIN = 6; // px around the tile, hides the cut edges
const GRID_STEPS = [30, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001];

export function project(lng, lat) {
  const sin = Math.sin((Math.max(-85.0511, Math.min(85.0511, lat)) * Math.PI) / 180);
  return [lng / 360 + 0.5, 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)];
}

/** Degrees between lines of the grid: about 90 to 250 px apart. */
export function gridStep(zoom) {
  const perDegree = (256 * 2 ** zoom) / 360;
  return GRID_STEPS.findLast((step) => step * perDegree >= 90) ?? GRID_STEPS[0];
}

const outlines = new Map();
let fine = false; // the near outlines are there

/** Countries as `{name, at, rings: [{points, box}]}`; `near` picks the fine data set. */
export function countries(near) {
  const url = near ? config().countriesNear : config().countriesFar;
  if (!outlines.has(url)) {
    const made = Promise.all([fetchOnce(url), loadScript(config().topojson)]).then(([world]) =>
      window.topojson.feature(world, world.objects.countries).features.map(country),
    );
    made.catch(() => outlines.delete(url));
    outlines.set(url, made);
  }
  return outlines.get(url);
}

function country(feature) {
  const { type, coordinates } = feature.geometry ?? { type: "MultiPolygon", coordinates: [] };
  const polygons = type === "Polygon" ? [coordinates] : coordinates;
  const rings = polygons.flat().map(ring);
  const largest = rings.reduce((best, each) => (area(each.box) > area(best.box) ? each : best), rings[0]);
  return { name: feature.properties.name, rings, largest };
}

function ring(positions) {
  const joined = unwrap(positions);
  const points = new Float64Array(joined.length * 2);
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  joined.forEach(([lng, lat], index) => {
    const [x, y] = project(lng, lat);
    points[index * 2] = x;
    points[index * 2 + 1] = y;
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
  });
  return { points, box };
}

/** The data joins rings over the 180th meridian: let them run on past it, and close one round a pole there. */
function unwrap(positions) {
  let turn = 0;
  const joined = positions.map(([lng, lat], index) => {
    const step = index ? lng - positions[index - 1][0] : 0;
    if (Math.abs(step) > 180) turn -= 360 * Math.sign(step);
    return [lng + turn, lat];
  });
  if (!turn) return joined;
  const pole = positions[0][1] < 0 ? -90 : 90;
  return [...joined, [joined.at(-1)[0], pole], [joined[0][0], pole]];
}

const area = (box) => (box[2] - box[0]) * (box[3] - box[1]);

export function landLayer(L, palette) {
  const Land = L.GridLayer.extend({
    createTile(coords, done) {
      const size = this.getTileSize().x;
      const ratio = window.devicePixelRatio || 1;
      const tile = Object.assign(document.createElement("canvas"), { width: size * ratio, height: size * ratio });
      this.outlinesFor(coords.z)
        .then((shapes) => {
          const pen = tile.getContext("2d");
          pen.scale(ratio, ratio);
          drawTile(pen, shapes, coords, size, palette());
          done(null, tile);
        })
        .catch((error) => done(error, tile));
      return tile;
    },
    /** The coarse outlines stand in while the fine ones are on their way. */
    outlinesFor(zoom) {
      if (zoom < NEAR || fine) return countries(zoom >= NEAR);
      countries(true).then(() => {
        fine = true;
        if (this._map) this.redraw();
      }, () => {}); // the coarse ones stay; the network error is in the console
      return countries(false);
    },
  });
  return new Land({ maxZoom: 18, updateWhenZooming: false, keepBuffer: 3 });
}

function drawTile(pen, shapes, coords, size, colours) {
  const scale = size * 2 ** coords.z;
  const left = coords.x * size;
  const top = coords.y * size;
  const view = [
    (left - MARGIN) / scale, (top - MARGIN) / scale, (left + size + MARGIN) / scale, (top + size + MARGIN) / scale,
  ];
  pen.fillStyle = colours.land;
  pen.strokeStyle = colours.border;
  pen.lineWidth = 1;
  pen.lineJoin = "round";
  for (const { rings } of shapes) {
    pen.beginPath();
    for (const each of rings) {
      trace(pen, each, view, scale, left, top);
      if (each.box[0] < 0) trace(pen, each, moved(view, -1), scale, left - scale, top);
      if (each.box[2] > 1) trace(pen, each, moved(view, 1), scale, left + scale, top);
    }
    pen.fill("evenodd");
    pen.stroke();
  }
  drawGrid(pen, coords, size, colours);
}

const moved = ([west, north, east, south], worlds) => [west + worlds, north, east + worlds, south];

function trace(pen, { points, box }, view, scale, left, top) {
  if (box[0] > view[2] || box[2] < view[0] || box[1] > view[3] || box[3] < view[1]) return;
  const within = box[0] >= view[0] && box[2] <= view[2] && box[1] >= view[1] && box[3] <= view[3];
  const cut = within ? points : clip(points, view);
  const least = 0.6 / scale;
  let lastX = Infinity;
  let lastY = Infinity;
  for (let at = 0; at < cut.length; at += 2) {
    const x = cut[at];
    const y = cut[at + 1];
    if (Math.abs(x - lastX) < least && Math.abs(y - lastY) < least) continue;
    if (lastX === Infinity) pen.moveTo(x * scale - left, y * scale - top);
    else pen.lineTo(x * scale - left, y * scale - top);
    lastX = x;
    lastY = y;
  }
  if (lastX !== Infinity) pen.closePath();
}

/** Sutherland and Hodgman, one side after the other. */
export function clip(points, [minX, minY, maxX, maxY]) {
  let cut = points;
  for (const [axis, bound, sign] of [[0, minX, 1], [0, maxX, -1], [1, minY, 1], [1, maxY, -1]]) {
    cut = clipSide(cut, axis, bound, sign);
    if (!cut.length) break;
  }
  return cut;
}

function clipSide(points, axis, bound, sign) {
  const kept = [];
  const other = 1 - axis;
  for (let at = 0, before = points.length - 2; at < points.length; before = at, at += 2) {
    const here = sign * (points[at + axis] - bound);
    const there = sign * (points[before + axis] - bound);
    if (here >= 0 !== there >= 0) {
      const share = there / (there - here);
      const crossing = points[before + other] + share * (points[at + other] - points[before + other]);
      kept.push(...(axis === 0 ? [bound, crossing] : [crossing, bound]));
    }
    if (here >= 0) kept.push(points[at], points[at + 1]);
  }
  return kept;
}

function drawGrid(pen, coords, size, colours) {
  const count = 2 ** coords.z;
  const step = gridStep(coords.z);
  const west = (coords.x / count) * 360 - 180;
  const east = ((coords.x + 1) / count) * 360 - 180;
  const north = latitude(coords.y / count);
  const south = latitude((coords.y + 1) / count);
  pen.strokeStyle = colours.grid;
  pen.lineWidth = 1;
  pen.beginPath();
  for (let line = Math.ceil(west / step); line * step < east; line++) {
    const x = Math.round(((line * step - west) / (east - west)) * size) + 0.5;
    pen.moveTo(x, 0);
    pen.lineTo(x, size);
  }
  for (let line = Math.ceil(south / step); line * step < north; line++) {
    const y = Math.round((project(0, line * step)[1] * count - coords.y) * size) + 0.5;
    pen.moveTo(0, y);
    pen.lineTo(size, y);
  }
  pen.stroke();
}

function latitude(y) {
  return (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;
}
