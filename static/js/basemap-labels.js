// Names over the land: places by population and countries when far, none over another; degrees on the grid.
import { countries, gridStep } from "./basemap-land.js";
import { config, fetchOnce } from "./map-config.js";

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";
const PADDING = 0.2; // of the view, so that a short pan uncovers no bare strip

// Zoom → level of the city tiles (dashboard/cities.py)
function levelFor(zoom) {
  if (zoom < 5) return 0;
  if (zoom < 7) return 3;
  return zoom < 9 ? 5 : 7;
}

export function LabelLayer(L) {
  return L.Layer.extend({
    initialize(palette) {
      this.palette = palette;
      this.turn = 0;
    },
    onAdd(map) {
      this.canvas = L.DomUtil.create("canvas", "map-labels leaflet-zoom-hide", map.createPane("names"));
      this.canvas.setAttribute("aria-hidden", "true");
      map.on("moveend zoomend resize viewreset", this.draw, this);
      this.draw();
    },
    onRemove(map) {
      map.off("moveend zoomend resize viewreset", this.draw, this);
      this.turn += 1;
      this.canvas.remove();
    },
    async draw() {
      const turn = ++this.turn;
      const map = this._map;
      if (!map?._loaded) return;
      const zoom = map.getZoom();
      const bounds = map.getBounds().pad(PADDING);
      const [cities, names] = await Promise.all([citiesIn(bounds, levelFor(zoom)), zoom < 6 ? countries(false) : []])
        .catch(() => [[], []]); // a map without names is still a map; the network error is in the console
      if (turn !== this.turn || !this._map) return;
      paint(L, map, this.canvas, cities, names, this.palette());
    },
  });
}

async function citiesIn(bounds, level) {
  const count = 1 << level;
  const column = (lng) => Math.floor(((lng + 180) / 360) * count);
  const row = (lat) => {
    const clamped = (Math.max(-85.05, Math.min(85.05, lat)) * Math.PI) / 180;
    return Math.min(count - 1, Math.max(0, Math.floor(((1 - Math.asinh(Math.tan(clamped)) / Math.PI) / 2) * count)));
  };
  const urls = new Set();
  for (let x = column(bounds.getWest()); x <= column(bounds.getEast()); x++) {
    for (let y = row(bounds.getNorth()); y <= row(bounds.getSouth()); y++) {
      urls.add(`${config().cities}${level}/${((x % count) + count) % count}/${y}.json`);
    }
  }
  const parts = await Promise.all([...urls].map(fetchOnce));
  return parts.flat().sort((a, b) => b[3] - a[3]);
}

function paint(L, map, canvas, cities, names, colours) {
  const size = map.getSize();
  const pad = size.multiplyBy(PADDING).round();
  const ratio = window.devicePixelRatio || 1;
  const width = size.x + 2 * pad.x;
  const height = size.y + 2 * pad.y;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([-pad.x, -pad.y]));
  Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  pen.translate(pad.x, pad.y);
  pen.lineJoin = "round";
  pen.strokeStyle = colours.halo;
  pen.lineWidth = 3;
  const board = new Board(-pad.x, -pad.y, size.x + pad.x, size.y + pad.y);
  const zoom = map.getZoom();
  if (zoom >= 8) paintDegrees(pen, map, size, colours, board);
  paintCities(pen, map, cities, zoom, colours, board);
  paintCountries(pen, map, names, zoom, colours, board);
}

/** Remembers which boxes are taken. */
class Board {
  constructor(left, top, right, bottom) {
    Object.assign(this, { left, top, right, bottom, taken: [] });
  }

  holds(x, y) {
    return x >= this.left && x <= this.right && y >= this.top && y <= this.bottom;
  }

  place(x, y, width, height) {
    const free = this.taken.every(
      (box) => x > box[2] || x + width < box[0] || y > box[3] || y + height < box[1],
    );
    if (free) this.taken.push([x, y, x + width, y + height]);
    return free;
  }
}

/** On screen, in the copy of the world that is in view. */
function onScreen(map, lat, lng) {
  const shift = 360 * Math.round((map.getCenter().lng - lng) / 360);
  return map.latLngToContainerPoint([lat, lng + shift]);
}

function write(pen, words, x, y) {
  pen.strokeText(words, x, y);
  pen.fillText(words, x, y);
}

function paintCountries(pen, map, names, zoom, colours, board) {
  const world = 256 * 2 ** zoom;
  pen.font = `600 ${zoom < 4 ? 11 : 12}px ${FONT}`;
  pen.fillStyle = colours.faint;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  for (const { name, largest } of names) {
    const [left, top, right, bottom] = largest.box;
    const words = name.toUpperCase();
    const width = pen.measureText(words).width;
    if ((right - left) * world < width * 0.8) continue;
    const lat = (Math.atan(Math.sinh(Math.PI * (1 - (top + bottom)))) * 180) / Math.PI;
    const point = onScreen(map, lat, ((left + right) / 2) * 360 - 180);
    if (board.holds(point.x, point.y) && board.place(point.x - width / 2, point.y - 8, width, 16)) {
      write(pen, words, point.x, point.y);
    }
  }
}

function paintCities(pen, map, cities, zoom, colours, board) {
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  let room = 220;
  for (const [name, lat, lng, population, kind] of cities) {
    if ((kind === "district" && zoom < 10.5) || population < leastPopulation(zoom, kind)) continue;
    const point = onScreen(map, lat, lng);
    if (!board.holds(point.x, point.y)) continue;
    const style = look(population, kind, zoom, colours);
    pen.font = `${style.weight} ${style.size}px ${FONT}`;
    const width = pen.measureText(name).width;
    const offset = style.dot + 4;
    if (!board.place(point.x - offset, point.y - style.size / 2 - 3, width + offset * 2, style.size + 6)) continue;
    pen.fillStyle = style.colour;
    if (style.dot) dot(pen, point, style.dot, kind, colours);
    pen.fillStyle = style.colour;
    write(pen, name, point.x + (style.dot ? offset : -width / 2), point.y);
    if (--room === 0) break;
  }
}

/** From far only what everybody knows, so that there is room for the names of countries. */
function leastPopulation(zoom, kind) {
  if (zoom >= 5) return 0;
  const least = zoom < 3 ? 6_000_000 : zoom < 4 ? 3_000_000 : 900_000;
  return kind === "capital" ? least / 3 : least;
}

function look(population, kind, zoom, colours) {
  if (kind === "district") return { size: 11, weight: 400, dot: 0, colour: colours.faint };
  const size = population > 1_000_000 ? 14 : population > 200_000 ? 13 : population > 20_000 ? 12 : 11;
  const grown = Math.min(16, size + (zoom >= 10 && population > 20_000 ? 1 : 0));
  const weight = population > 200_000 || kind === "capital" ? 600 : 400;
  return { size: grown, weight, dot: population > 200_000 ? 3 : 2, colour: colours.label };
}

function dot(pen, point, radius, kind, colours) {
  pen.beginPath();
  pen.arc(point.x, point.y, radius, 0, 2 * Math.PI);
  pen.fillStyle = colours.dot;
  pen.fill();
  if (kind !== "capital") return;
  pen.save();
  pen.beginPath();
  pen.arc(point.x, point.y, radius + 2.5, 0, 2 * Math.PI);
  pen.strokeStyle = colours.dot;
  pen.lineWidth = 1.2;
  pen.stroke();
  pen.restore();
}

/** The grid's degrees along the left and lower edge: without streets they say where and how near one is. */
function paintDegrees(pen, map, size, colours, board) {
  const step = gridStep(Math.floor(map.getZoom()));
  const digits = Math.max(0, -Math.floor(Math.log10(step)));
  const bounds = map.getBounds();
  pen.font = `10px ${FONT}`;
  pen.fillStyle = colours.faint;
  pen.textAlign = "left";
  pen.textBaseline = "bottom";
  for (let line = Math.ceil(bounds.getSouth() / step); line * step < bounds.getNorth(); line++) {
    const y = map.latLngToContainerPoint([line * step, 0]).y;
    if (y < 90 || y > size.y - 40) continue;
    board.place(0, y - 14, 60, 16);
    write(pen, degrees(line * step, digits, "N", "S"), 6, y - 2);
  }
  pen.textBaseline = "top";
  for (let line = Math.ceil(bounds.getWest() / step); line * step < bounds.getEast(); line++) {
    const x = map.latLngToContainerPoint([0, line * step]).x;
    if (x < 60 || x > size.x - 40) continue;
    board.place(x, 0, 60, 18);
    write(pen, degrees(line * step, digits, "E", "W"), x + 4, 4);
  }
}

function degrees(value, digits, positive, negative) {
  return `${Math.abs(value).toFixed(digits)}° ${value >= 0 ? positive : negative}`;
}
