// The CSRF token on every htmx request, a busy bar that only appears when an answer takes a while, and a true
// message when no answer came at all.
import { toast } from "./toasts.js";

const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";
const root = document.documentElement;
let underWay = 0;
let timer = 0;
// What polls on its own says nothing of itself: no busy bar, no message, and a problem on the page stays.
const inBackground = (event) => event.detail.elt.matches("[data-background]");

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = token();
});

document.addEventListener("htmx:beforeRequest", (event) => {
  if (inBackground(event)) return;
  underWay += 1;
  window.clearTimeout(timer);
  timer = window.setTimeout(() => underWay > 0 && root.setAttribute("data-busy", ""), 180);
});

document.addEventListener("htmx:afterRequest", (event) => {
  if (inBackground(event)) return;
  underWay = Math.max(0, underWay - 1);
  if (underWay === 0) root.removeAttribute("data-busy");
  const { xhr, successful, target } = event.detail; // a refusal may also be told in place, then an older message goes
  if (successful || (xhr.status > 0 && target.id !== "problem")) document.getElementById("problem")?.replaceChildren();
});

// A question given up for a newer one is no error, though htmx would log one.
window.htmx.logger = (element, name, detail) => {
  const givenUp = name === "htmx:sendAbort" || (name === "htmx:afterRequest" && detail.xhr?.status === 0);
  if (givenUp) delete detail.error;
};

for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    if (inBackground(event)) return;
    toast("The site did not answer. What you see is unchanged; check the connection and try again.", "error");
  });
}
