// Questions of a form: their limits while they are filled in. The server checks again, and its word counts.
import "./formfill-files.js";

const COUNTED = "line, text, ticks".split(", ");

/** What a person is told at once; nothing while it is merely unfinished. */
function wrong(whole) {
  const { question, least, most, wrong: words, wrongLeast, wrongMost } = whole.dataset;
  if (question === "line" || question === "text") return size(whole) > Number(most) ? words : "";
  if (question === "ticks") return size(whole) > Number(most) ? words : "";
  const box = whole.querySelector("input");
  if (question === "number") return box.validity.valid ? "" : words;
  if (question !== "date") return "";
  if (box.validity.badInput) return words;
  if (!box.value) return "";
  return box.value < least ? wrongLeast : box.value > most ? wrongMost : "";
}

function size(whole) {
  if (whole.dataset.question === "ticks") return whole.querySelectorAll("input:checked").length;
  return whole.querySelector("input, textarea").value.length;
}

function count(whole) {
  const shown = whole.querySelector(".fill-count");
  if (!shown || !COUNTED.includes(whole.dataset.question)) return;
  const now = size(whole);
  const { least, most } = whole.dataset;
  shown.textContent = shown.dataset.countOf.replace("{n}", now);
  shown.classList.toggle("is-wrong", now > Number(most));
  const near = whole.dataset.question === "ticks" || now >= Number(most) * 0.6 || Number(least) > 1;
  shown.hidden = !near || (now === 0 && Number(least) < 2);
}

function tell(whole, words) {
  const line = whole.querySelector(".fill-foot .error");
  line.querySelector("[data-error]").textContent = words;
  line.hidden = !words;
  whole.toggleAttribute("data-refused", Boolean(words));
  for (const box of whole.querySelectorAll("input:not([type=file]), textarea, select")) {
    if (words) box.setAttribute("aria-invalid", "true");
    else box.removeAttribute("aria-invalid");
  }
}

/** What the server refused stays said until the answer changes. */
function changed(event) {
  const whole = event.target.closest?.("[data-question]");
  if (!whole || event.target.type === "file") return;
  count(whole);
  tell(whole, wrong(whole));
}

document.addEventListener("input", changed);

function startIn(scope) {
  for (const whole of scope.querySelectorAll("[data-question]")) count(whole);
}

/** The first refused question, so that a person need not look for it. */
function focusFirst() {
  const first = document.querySelector("[data-refused]");
  const control = first?.querySelector("input:not([type=file], :disabled), textarea, select") ?? first?.querySelector("input, button");
  if (!control) return;
  first.scrollIntoView({ block: "center" });
  control.focus({ preventScroll: true });
}

document.addEventListener("htmx:load", (event) => startIn(event.detail.elt));
startIn(document.body);
if (!window.location.hash) focusFirst();
