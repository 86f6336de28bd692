// The filter form: search inside a choice, All and None, counts, presets against dates, the sheet on a phone.
const panel = () => document.getElementById("filters");
const changed = (element) => element.dispatchEvent(new Event("input", { bubbles: true }));
const boxes = (choice) => [...choice.querySelectorAll(".option")];

// The search inside a choice is no filter: it must not reach the form.
document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-narrow]")) return;
  event.stopImmediatePropagation();
  narrow(event.target.closest("[data-choice]"), event.target.value);
}, true);

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches?.("[data-narrow]")) event.preventDefault();
});

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function narrow(choice, text) {
  const words = plain(text).split(/\s+/).filter(Boolean);
  let left = 0;
  for (const option of boxes(choice)) {
    const label = plain(option.textContent);
    option.hidden = !words.every((word) => label.includes(word));
    left += option.hidden ? 0 : 1;
  }
  choice.querySelector("[data-no-match]").hidden = left > 0;
}

function tick(choice, on) {
  for (const option of boxes(choice)) if (!option.hidden) option.querySelector("input").checked = on;
  count(choice);
  const first = choice.querySelector("input[type=checkbox]");
  if (first) changed(first);
}

function count(choice) {
  const number = choice.querySelectorAll("input[type=checkbox]:checked").length;
  choice.querySelector("[data-chosen]").textContent = number || "";
}

document.addEventListener("click", (event) => {
  const choice = event.target.closest("[data-choice]");
  if (event.target.closest("[data-all]")) tick(choice, true);
  else if (event.target.closest("[data-none]")) tick(choice, false);
  else if (event.target.closest("[data-clear-place]")) clearPlace(event.target.closest("details"));
  else if (event.target.closest("[data-open-filter]")) reopen(event.target.closest("[data-open-filter]").dataset.openFilter);
});

function clearPlace(place) {
  for (const name of ["lat", "lng"]) {
    const input = place.querySelector(`[name=${name}]`);
    input.value = "";
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

// The words of a chip lead back to its filter.
function reopen(name) {
  if (getComputedStyle(panel()).display === "none") openSheet();
  const place = document.getElementById(`filter-${name}`);
  if (place?.tagName === "DETAILS") window.setTimeout(() => place.setAttribute("open", ""));
  (place?.querySelector("summary") ?? place)?.focus();
}

document.addEventListener("input", (event) => {
  const input = event.target;
  if (!panel()?.contains(input)) return;
  const choice = input.closest("[data-choice]");
  if (choice) count(choice);
  if (input.name === "period") presetChosen(input);
  else if (input.closest("[data-custom-period]")) panel().querySelector("[name=period][value=custom]").checked = true;
  if (["lat", "lng", "radius"].includes(input.name)) countPlace();
}, true);

function presetChosen(radio) {
  const words = panel().querySelector("[data-period-words]");
  words.textContent = radio.parentElement.textContent.trim();
  if (radio.value === "custom") panel().querySelector("#filter-from").focus();
  else for (const input of panel().querySelectorAll("[data-custom-period] input")) input.value = "";
}

// The map sets the numbers and says so with `change`; a person's own typing comes as `input`.
document.addEventListener("change", (event) => {
  if (event.isTrusted || !panel()?.contains(event.target) || !event.target.closest("#filter-place")) return;
  countPlace();
  panel().dispatchEvent(new Event("picked"));
});

function countPlace() {
  const place = document.getElementById("filter-place");
  const full = ["lat", "lng", "radius"].every((name) => place.querySelector(`[name=${name}]`).value.trim());
  place.querySelector("[data-chosen]").textContent = full ? "1" : "";
}

// A choice opens with the cursor in its search, and to the left when the right edge is near.
document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!menu.matches?.("details.filter") || !menu.open) return;
  const list = menu.querySelector(".menu-panel");
  list.classList.remove("end");
  list.classList.toggle("end", list.getBoundingClientRect().right > document.documentElement.clientWidth);
  if (window.matchMedia("(hover: hover)").matches) menu.querySelector("[data-narrow]")?.focus();
  if (panel()?.dataset.open !== undefined) menu.scrollIntoView({ block: "start" });
}, true);

// --- the sheet on a phone ---

function openSheet() {
  panel().dataset.open = "";
  document.querySelector("[data-open-filters]")?.setAttribute("aria-expanded", "true");
  panel().querySelector("[data-close-filters]").focus();
}

function closeSheet() {
  if (!panel() || panel().dataset.open === undefined) return false;
  delete panel().dataset.open;
  const opener = document.querySelector("[data-open-filters]");
  opener?.setAttribute("aria-expanded", "false");
  opener?.focus();
  return true;
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-open-filters]")) openSheet();
  else if (event.target.closest("[data-close-filters]")) closeSheet();
  else if (panel()?.dataset.open !== undefined && !event.composedPath().includes(panel())) closeSheet();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && closeSheet()) event.preventDefault();
});
