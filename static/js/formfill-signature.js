// A signature drawn by pointer or finger on white paper; it becomes a picture like any other.
import SignaturePad from "../vendor/signature_pad/signature_pad.min.js";

const MARGIN = 24; // pixels
let pad = null;
let use = null;

const paper = () => document.getElementById("sign-dialog");

/** `done` gets the picture as a File. */
export function openPaper(done) {
  use = done;
  const dialog = paper();
  dialog.showModal();
  start(dialog);
}

function start(dialog) {
  const canvas = dialog.querySelector("canvas");
  const scale = Math.max(2, window.devicePixelRatio || 1);
  canvas.width = canvas.offsetWidth * scale;
  canvas.height = canvas.offsetHeight * scale;
  canvas.getContext("2d").scale(scale, scale);
  pad?.off();
  pad = new SignaturePad(canvas, { backgroundColor: "#fff", penColor: "#10203a", minWidth: 0.8, maxWidth: 2.4 });
  pad.addEventListener("endStroke", () => changed(dialog));
  changed(dialog);
}

function changed(dialog) {
  dialog.querySelector("[data-sign-use]").disabled = pad.isEmpty();
}

/** The ink with a margin around it, not the whole paper. */
function trimmed(canvas) {
  const scale = canvas.width / canvas.offsetWidth;
  const points = pad.toData().flatMap((stroke) => stroke.points);
  const [xs, ys] = [points.map((one) => one.x * scale), points.map((one) => one.y * scale)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)].map((edge) => Math.max(0, Math.floor(edge - MARGIN)));
  const paper = document.createElement("canvas");
  paper.width = Math.min(canvas.width, Math.ceil(Math.max(...xs) + MARGIN)) - left;
  paper.height = Math.min(canvas.height, Math.ceil(Math.max(...ys) + MARGIN)) - top;
  paper.getContext("2d").drawImage(canvas, -left, -top);
  return paper;
}

function finished(dialog) {
  trimmed(dialog.querySelector("canvas")).toBlob((blob) => {
    use?.(new File([blob], "signature.png", { type: "image/png" }));
    dialog.close();
  }, "image/png");
}

document.addEventListener("click", (event) => {
  const dialog = event.target.closest("#sign-dialog");
  if (!dialog || !pad) return;
  if (event.target.closest("[data-sign-clear]")) {
    pad.clear();
    changed(dialog);
  }
  if (event.target.closest("[data-sign-use]")) finished(dialog);
});
