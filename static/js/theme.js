// <input type="radio" name="theme" data-theme-choice> changes the colours at once and for the next pages.
import { setPreference } from "./preferences.js";

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-theme-choice]")) return;
  document.documentElement.dataset.theme = event.target.value;
  setPreference("theme", event.target.value);
  document.dispatchEvent(new CustomEvent("fielddesk:theme"));
});
