// Conditions joined by AND, OR and NOT, built with plain controls over the JSON of the hidden text area. The limits are
// those of the API (ref 4); they are told in words, and nothing is sent before Apply.
const MOST = 72;
const MOST_IN_GROUP = 60;
const LONGEST = 760;
const LINKED = { employee: "employee", tracker_id: "tracker", form: "form" };
const OPERATORS = {
  linked: [["eq", "is"], ["not-eq", "is not"], ["in", "is one of"], ["not-in", "is none of"], ["contains", "name contains"], ["not-contains", "name does not contain"]],
  text: [["contains", "contains"], ["not-contains", "does not contain"], ["in", "contains one of"], ["not-in", "contains none of"], ["eq", "is the number"], ["not-eq", "is not the number"]],
  time: [["period", "is within"], ["not-period", "is not within"]],
};

class Incomplete extends Error {}
class Missing extends Incomplete {}

const kindOf = (field) => (field in LINKED ? "linked" : field === "marker_time" ? "time" : "text");

class Builder {
  constructor(root) {
    this.root = root;
    this.text = root.querySelector("textarea");
    this.tree = root.querySelector("[data-where-tree]");
    this.message = root.querySelector("[data-where-message]");
    this.apply = root.querySelector("[data-where-apply]");
    root.querySelector("[data-where-plain]").hidden = true;
    this.tree.hidden = root.querySelector("[data-where-tools]").hidden = false;
    this.show();
  }

  show() {
    const found = parsed(this.text.value);
    const top = found && ["and", "or"].includes(unwrapped(found).node.type) ? found : { type: "and", conditions: found ? [found] : [] };
    this.tree.replaceChildren(this.group(top));
    this.tree.querySelector("[data-remove]").hidden = true;
    if (!found) this.add(this.tree.querySelector("[data-group]"), "leaf", { quiet: true });
    this.check();
  }

  node(condition) {
    return ["and", "or"].includes(unwrapped(condition).node.type) ? this.group(condition) : this.leaf(condition);
  }

  group(condition) {
    const { node, negated } = unwrapped(condition);
    const element = this.copy("group");
    element.querySelector("[data-join]").value = (negated ? "not-" : "") + node.type;
    element.querySelector("[data-children]").append(...node.conditions.map((child) => this.node(child)));
    return element;
  }

  leaf(condition) {
    const { node, negated } = unwrapped(condition);
    const element = this.copy("leaf");
    element.querySelector("[data-field]").value = node.field;
    this.operators(element, (negated ? "not-" : "") + node.type);
    this.value(element, node.value);
    return element;
  }

  copy(name) {
    return this.root.querySelector(`template[data-where-${name}]`).content.firstElementChild.cloneNode(true);
  }

  operators(leaf, chosen) {
    const select = leaf.querySelector("[data-operator]");
    const list = OPERATORS[kindOf(leaf.querySelector("[data-field]").value)];
    select.replaceChildren(...list.map(([value, words]) => new Option(words, value)));
    select.value = list.some(([value]) => value === chosen) ? chosen : list[0][0];
  }

  // The controls for a value: names to choose from, lines of text, a number, two ends of a period.
  value(leaf, value) {
    const field = leaf.querySelector("[data-field]").value;
    const operator = leaf.querySelector("[data-operator]").value.replace("not-", "");
    const place = leaf.querySelector("[data-value]");
    if (operator === "period") place.replaceChildren(...periodInputs(value));
    else if (kindOf(field) === "linked" && operator === "eq") place.replaceChildren(nameSelect(field, [value], false));
    else if (kindOf(field) === "linked" && operator === "in" && numbersOnly(value)) place.replaceChildren(nameSelect(field, value ?? [], true));
    else if (operator === "in") place.replaceChildren(lines(value));
    else place.replaceChildren(textInput(operator === "eq" ? "number" : "text", value));
  }

  add(group, what, { quiet = false } = {}) {
    const children = group.querySelector(":scope > [data-children]");
    const fresh = { type: "contains", field: "comment", value: "" };
    const element = what === "leaf" ? this.leaf(fresh) : this.group({ type: "or", conditions: [fresh, fresh] });
    children.append(element);
    if (!quiet) element.querySelector("select").focus();
  }

  // The JSON of what is shown; raises Incomplete with a sentence.
  read() {
    const top = this.readGroup(this.tree.querySelector("[data-group]"));
    const size = top ? counted(top) - (top.type === "and" ? 1 : 0) : 0;
    if (size > MOST) throw new Incomplete(`Navixy takes at most ${MOST} conditions at once; these are ${size}.`);
    return { text: top ? JSON.stringify(top.type === "and" ? top.conditions : top) : "", size };
  }

  readGroup(element) {
    const join = element.querySelector(":scope > .where-head [data-join]").value;
    const children = [...element.querySelector(":scope > [data-children]").children];
    const conditions = children.map((child) => (child.matches("[data-group]") ? this.readGroup(child) : readLeaf(child))).filter(Boolean);
    if (conditions.length > MOST_IN_GROUP) throw new Incomplete(`A group holds at most ${MOST_IN_GROUP} conditions.`);
    if (conditions.length === 0) return null;
    const inner = conditions.length === 1 ? conditions[0] : { type: join.replace("not-", ""), conditions };
    return join.startsWith("not-") ? { type: "not", condition: inner } : inner;
  }

  check() {
    try {
      const { text, size } = this.read();
      this.say(size > MOST / 2 ? `${size} of the ${MOST} parts Navixy takes` : "", false);
      this.apply.disabled = same(text, this.text.value);
    } catch (error) {
      if (!(error instanceof Incomplete)) throw error;
      this.say(error.isEarly ? "" : error.message, !(error instanceof Missing)); // nobody is scolded for what is yet to be typed
      this.apply.disabled = true;
    }
  }

  say(words, wrong) {
    this.message.textContent = words;
    this.message.toggleAttribute("data-wrong", wrong);
  }

  send(text) {
    this.text.value = text;
    const number = text ? [JSON.parse(text)].flat().reduce((sum, one) => sum + comparisons(one), 0) : "";
    this.root.closest("details").querySelector("[data-chosen]").textContent = number;
    this.check();
    this.text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  applied() {
    if (!this.apply.disabled) this.send(this.read().text);
  }

  // A value is missing only once the person has left its field, or pressed Enter in it.
  left(leaf) {
    leaf.dataset.left = "";
    this.check();
  }

  clicked(event) {
    const button = event.target.closest("button");
    if (!button) return;
    if (button === this.apply) {
      this.applied();
      this.root.closest("details").querySelector("summary").focus(); // a button that is off holds no focus
    }
    if (button.matches("[data-where-clear]")) {
      this.send("");
      this.show();
    } else if (button.matches("[data-add]")) this.add(button.closest("[data-group]"), button.dataset.add);
    else if (button.matches("[data-remove]")) {
      const gone = button.closest("[data-leaf], [data-group]");
      const around = gone.parentElement.closest("[data-group]");
      gone.remove();
      around.querySelector("[data-add]").focus();
    }
    this.check();
  }

  changed(event) {
    const leaf = event.target.closest("[data-leaf]");
    if (event.target.matches("[data-field]")) {
      this.operators(leaf, "");
      this.value(leaf);
    } else if (event.target.matches("[data-operator]")) this.value(leaf, carried(leaf));
    this.check();
  }
}

function parsed(text) {
  try {
    const found = text.trim() ? JSON.parse(text) : null;
    return Array.isArray(found) ? (found.length > 1 ? { type: "and", conditions: found } : (found[0] ?? null)) : found;
  } catch {
    return null;
  }
}

function unwrapped(condition) {
  let node = condition;
  let negated = false;
  while (node.type === "not") {
    node = node.condition;
    negated = !negated;
  }
  return { node, negated };
}

const counted = (node) => 1 + (node.type === "not" ? counted(node.condition) : (node.conditions ?? []).reduce((sum, child) => sum + counted(child), 0));
const comparisons = (node) => (node.type === "not" ? comparisons(node.condition) : (node.conditions?.reduce((sum, child) => sum + comparisons(child), 0) ?? 1));
const same = (left, right) => JSON.stringify(parsed(left)) === JSON.stringify(parsed(right));
const numbersOnly = (value) => !Array.isArray(value) || value.every((one) => typeof one === "number");
const labelled = (element, words) => {
  element.setAttribute("aria-label", words);
  return element;
};

function textInput(type, value) {
  const input = labelled(document.createElement("input"), "Value");
  Object.assign(input, { type, className: "input", maxLength: LONGEST, value: Array.isArray(value) ? value.join(" ") : (value ?? "") });
  if (type === "number") input.step = "any";
  return input;
}

function lines(value) {
  const area = labelled(document.createElement("textarea"), "Values, one a line");
  Object.assign(area, { className: "textarea", placeholder: "One a line", value: [value ?? []].flat().join("\n") });
  return area;
}

// The names stand in the panel already, as the boxes of the other filters.
function nameSelect(field, chosen, multiple) {
  const select = labelled(document.createElement("select"), "Value");
  Object.assign(select, { className: "select", multiple });
  const wanted = new Set(chosen.map(String));
  const boxes = [...document.querySelectorAll(`#filters input[type=checkbox][name="${LINKED[field]}"]`)];
  const known = boxes.map((box) => [box.value, box.nextElementSibling.textContent]);
  const others = [...wanted].filter((id) => /^\d+$/.test(id) && !known.some(([value]) => value === id)).map((id) => [id, `No. ${id}`]);
  select.append(...[...known, ...others].map(([value, words]) => new Option(words, value, false, wanted.has(value))));
  return select;
}

function periodInputs(value) {
  return ["from", "to"].map((end) => {
    const [day = "", time = ""] = (value?.[end] ?? "").split("T");
    const place = document.createElement("span");
    place.className = "where-moment";
    const inputs = [["date", day], ["time", time]].map(([type, text]) =>
      Object.assign(labelled(document.createElement("input"), `${end}, ${type}`), { type, className: "input", value: text }));
    place.append(end, ...inputs);
    return place;
  });
}

// What a value can be kept as when the comparison changes.
function carried(leaf) {
  const control = leaf.querySelector("[data-value] :is(input, select, textarea)");
  if (!control || control.closest(".where-moment")) return undefined;
  if (control.tagName === "SELECT") return [...control.selectedOptions].map((option) => Number(option.value));
  const list = control.value.split("\n").filter(Boolean);
  return leaf.querySelector("[data-operator]").value.endsWith("in") ? list : control.value;
}

function readLeaf(leaf) {
  const field = leaf.querySelector("[data-field]").value;
  const [, not, type] = leaf.querySelector("[data-operator]").value.match(/^(not-)?(.+)$/);
  const words = leaf.querySelector("[data-field]").selectedOptions[0].textContent;
  try {
    const condition = { type, field, value: readValue(leaf, type, words) };
    return not ? { type: "not", condition } : condition;
  } catch (error) {
    if (error instanceof Missing) error.isEarly = !("left" in leaf.dataset);
    throw error;
  }
}

function readValue(leaf, type, words) {
  if (type === "period") return readPeriod(leaf, words);
  const control = leaf.querySelector("[data-value] :is(input, select, textarea)");
  if (control.tagName === "SELECT") {
    const ids = [...control.selectedOptions].map((option) => Number(option.value));
    if (ids.length === 0) throw new Missing(`${words}: choose at least one.`);
    return control.multiple ? ids : ids[0];
  }
  if (type === "in") return readLines(control, words);
  const text = control.value.trim();
  if (!text) throw new Missing(`${words}: a value is missing.`);
  if (text.length > LONGEST) throw new Incomplete(`${words}: at most ${LONGEST} characters.`);
  return type === "eq" ? Number(text) : text;
}

function readLines(control, words) {
  const list = control.value.split("\n").map((line) => line.trim()).filter(Boolean);
  if (list.length === 0) throw new Missing(`${words}: write at least one line.`);
  if (list.some((line) => line.length > LONGEST)) throw new Incomplete(`${words}: at most ${LONGEST} characters a line.`);
  return list;
}

function readPeriod(leaf, words) {
  const [from, to] = [...leaf.querySelectorAll(".where-moment")].map((place) => {
    const [day, time] = [...place.querySelectorAll("input")].map((input) => input.value);
    if (!day) throw new Missing(`${words}: both ends need a date.`);
    return time ? `${day}T${time}` : day;
  });
  if ((to.includes("T") ? to : `${to}T23:59:59`) < from) throw new Incomplete(`${words}: the period ends before it starts.`);
  return { from, to };
}

// --- one builder for each panel that comes into the page ---

const builders = new WeakMap();

function builderOf(element) {
  const root = element.closest?.("[data-where]");
  if (!root) return null;
  if (!builders.has(root)) builders.set(root, new Builder(root));
  return builders.get(root);
}

// Its controls are no filters: only the text area may tell the form that something changed.
for (const name of ["input", "change"]) {
  document.addEventListener(name, (event) => {
    if (!event.target.closest?.("[data-where-tree]")) return;
    event.stopImmediatePropagation();
    if (name === "input") builderOf(event.target).changed(event);
  }, true);
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches?.("[data-where-tree] input")) return;
  event.preventDefault();
  builderOf(event.target).left(event.target.closest("[data-leaf]"));
  builderOf(event.target).applied();
});

document.addEventListener("focusout", (event) => {
  const place = event.target.closest?.("[data-where-tree] [data-value]");
  if (!place || place.contains(event.relatedTarget)) return;
  builderOf(place)?.left(place.closest("[data-leaf]"));
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-where]")) builderOf(event.target).clicked(event);
});

const begin = () => document.querySelectorAll("[data-where]").forEach(builderOf);
document.addEventListener("htmx:load", begin);
begin();
