// One file on its way from the browser to this site: its line with preview, progress, and what can be done about it.
import { config } from "./formfill-config.js";

const make = (tag, className, more = {}) => Object.assign(document.createElement(tag), { className, ...more });
const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

export class Sending {
  constructor(area, file) {
    this.area = area;
    this.file = file;
    this.line = make("li", "drop-file");
    this.preview = make("div", "drop-picture");
    this.words = make("p", "hint");
    this.actions = make("p", "row");
    const about = make("div", "drop-about");
    about.append(make("p", "drop-name", { textContent: file.name }), this.words, this.actions);
    this.line.append(this.preview, about);
    this.look();
    area.root.querySelector("[data-coming]").append(this.line);
  }

  look() {
    if (!/^image\/(jpeg|png|webp|gif|avif|bmp)$/.test(this.file.type)) return;
    this.url = URL.createObjectURL(this.file);
    this.preview.append(make("img", "", { src: this.url, alt: "" }));
  }

  tell(words, { bad = false } = {}) {
    this.words.textContent = words;
    this.words.className = bad ? "error" : "hint";
    this.line.classList.toggle("is-bad", bad);
    this.line.classList.remove("is-going", "is-open");
    if (bad) this.area.say(`${this.file.name}: ${words}`);
  }

  button(words, act) {
    const made = make("button", "btn btn-s", { type: "button", textContent: words });
    made.append(make("span", "visually-hidden", { textContent: `: ${this.file.name}` }));
    made.addEventListener("click", act);
    return made;
  }

  refuse(words) {
    this.tell(words, { bad: true });
    this.actions.replaceChildren(this.button(config().texts.dismiss, () => this.away()));
  }

  /** Larger than allowed: made smaller, or left out. */
  offer(words, accept) {
    this.tell(words, { bad: true });
    this.line.classList.add("is-open");
    const { shrink, leaveOut } = config().texts;
    this.actions.replaceChildren(this.button(shrink, accept), this.button(leaveOut, () => this.away()));
  }

  wait() {
    this.tell(config().texts.waiting);
    this.line.classList.add("is-going");
    this.meter = make("progress", "meter", { max: 100, value: 0 });
    this.meter.setAttribute("aria-label", this.file.name);
    this.line.querySelector(".meter")?.remove();
    this.line.append(this.meter);
    this.actions.replaceChildren(this.button(config().texts.cancel, () => this.cancel()));
  }

  cancel() {
    this.cancelled = true;
    this.request?.abort();
    this.away();
  }

  away() {
    if (this.url) URL.revokeObjectURL(this.url);
    this.line.remove();
  }

  /** Settles when it is here, refused or given up: the next one can go. */
  send(options) {
    if (this.cancelled) return Promise.resolve();
    this.options = options;
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      this.request = request;
      request.upload.addEventListener("progress", (event) => this.progress(event));
      request.addEventListener("loadend", () => {
        if (!this.cancelled) this.answered(request);
        resolve();
      });
      request.open("POST", this.area.root.dataset.url);
      for (const [name, value] of Object.entries(headers())) request.setRequestHeader(name, value);
      request.send(this.form(options));
    });
  }

  form({ shrink = false }) {
    const form = new FormData();
    form.append("field", this.area.root.dataset.field);
    if (shrink) form.append("shrink", "1");
    form.append("file", this.file, this.file.name);
    return form;
  }

  progress({ loaded, total, lengthComputable }) {
    if (!lengthComputable) return;
    const share = Math.round((100 * loaded) / total);
    this.meter.value = share;
    this.words.textContent = share < 100 ? config().texts.going.replace("{share}", share) : config().texts.checking;
  }

  answered(request) {
    if (request.status === 200) {
      this.away();
      this.area.show(request.responseText);
      this.area.say(config().texts.here.replace("{name}", this.file.name));
      return;
    }
    const { message, sign_in: signIn } = told(request);
    const { failed, signedOut, retry, leaveOut, signIn: words } = config().texts;
    this.meter.remove();
    this.tell(signIn ? signedOut : message || failed, { bad: true });
    this.line.classList.toggle("is-open", !signIn); // after the sign-in it has to be chosen again
    const again = signIn
      ? this.button(words, () => window.location.assign(signIn))
      : this.button(retry, () => this.area.enqueue(this, this.options));
    this.actions.replaceChildren(again, this.button(leaveOut, () => this.away()));
  }
}

function headers() {
  return {
    "X-CSRFToken": token(),
    "HX-Request": "true",
    "HX-Current-URL": window.location.href,
    Accept: "application/json, text/html",
  };
}

/** Refusals come as JSON; anything else is no sentence for people. */
function told(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return {};
  }
}
