// Coordinates as people type and paste them. Pure functions.

const DEGREES = /^\s*([NSEWO])?\s*([+\-−]?\d{1,3}(?:[.,]\d+)?)\s*°?\s*(?:(\d{1,2}(?:[.,]\d+)?)\s*['′]\s*)?(?:(\d{1,2}(?:[.,]\d+)?)\s*["″]\s*)?([NSEWO])?\s*$/i;

/** `{lat, lng}` or null: `40.4168, -3.7038`, `40,4168 -3,7038`, `40,4168; -3,7038`, `40°25′N 3°42′W`. */
export function parseCoordinates(words) {
  for (const parts of splits(words.trim())) {
    const [first, second] = parts.map(parseDegrees);
    if (!first || !second || first.axis === "lng" || second.axis === "lat") continue;
    if (Math.abs(first.value) <= 90 && Math.abs(second.value) <= 180) return { lat: first.value, lng: second.value };
  }
  return null;
}

/** A comma may part the two numbers or be a decimal sign: the clearer separators are tried first. */
function* splits(words) {
  for (const separator of [/\s*;\s*/, /\s*,\s+/, /(?<=[NSEWO°′″'"])\s*,?\s+(?=[\dNSEWO+\-−])/i, /\s+/, /\s*,\s*/]) {
    const parts = words.split(separator);
    if (parts.length === 2) yield parts;
  }
}

function parseDegrees(words) {
  const match = DEGREES.exec(words);
  if (!match) return null;
  const [, before, whole, minutes = "0", seconds = "0", after] = match;
  const side = (before ?? after ?? "").toUpperCase();
  const degrees = number(whole);
  const size = Math.abs(degrees) + number(minutes) / 60 + number(seconds) / 3600;
  const negative = side === "S" || side === "W" || side === "O" ? degrees >= 0 : degrees < 0 || Object.is(degrees, -0);
  return { value: negative ? -size : size, axis: { N: "lat", S: "lat", E: "lng", W: "lng", O: "lng" }[side] };
}

function number(words) {
  return Number(words.replace(",", ".").replace("−", "-"));
}

export function written(lat, lng) {
  return `${lat.toFixed(5)}, ${lng.toFixed(5)}`;
}

/** Metres in words: `250 m`, `1.5 km`. */
export function distance(metres) {
  return metres < 1000 ? `${Math.round(metres)} m` : `${Number((metres / 1000).toFixed(metres < 10_000 ? 1 : 0))} km`;
}
