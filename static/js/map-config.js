// What the server tells the map scripts (dashboard/basemap.py), and lazy loading of libraries.
let read = null;

export function config() {
  read ??= JSON.parse(document.getElementById("map-config").textContent);
  return read;
}

/** A translatable text with its `{names}` filled in. */
export function text(key, values = {}) {
  return config().texts[key].replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

const numbers = new Intl.NumberFormat(document.documentElement.lang || "en");

export function count(number) {
  return numbers.format(number);
}

const loading = new Map();

function once(url, make) {
  if (!loading.has(url)) {
    loading.set(url, new Promise((resolve, reject) => {
      const node = make();
      node.addEventListener("load", resolve);
      node.addEventListener("error", () => {
        loading.delete(url);
        node.remove();
        reject(new Error(`Could not load ${url}`));
      });
      document.head.append(node);
    }));
  }
  return loading.get(url);
}

function nonce() {
  return document.querySelector("script[nonce]")?.nonce ?? "";
}

export function loadScript(src) {
  return once(src, () => Object.assign(document.createElement("script"), { src, nonce: nonce() }));
}

export function loadStyle(href) {
  return once(href, () => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
    link.nonce = nonce();
    return link;
  });
}

const fetched = new Map();

/** JSON that never changes while the page lives; a failure is not remembered. */
export function fetchOnce(url) {
  if (!fetched.has(url)) {
    const answer = fetch(url).then((response) => {
      if (!response.ok) throw new Error(`${response.status} for ${url}`);
      return response.json();
    });
    answer.catch(() => fetched.delete(url));
    fetched.set(url, answer);
  }
  return fetched.get(url);
}
