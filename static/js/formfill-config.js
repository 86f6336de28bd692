// What the server tells the file scripts: limits, and sentences with {names} to be filled in.
let read = null;

export function config() {
  read ??= JSON.parse(document.getElementById("files-config").textContent);
  return read;
}
