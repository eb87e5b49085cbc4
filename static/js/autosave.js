// `<form data-autosave method="post" action="…">` with a hidden `version` and an element [data-autosave-status];
// `data-autosave="/another/url/"` where the draft goes elsewhere than the form.
//
// Sent 800 ms after the last key and when the field is left. The server answers JSON:
//   200 {"version": 4}                            saved; the next save carries the new version
//   409 {"version": 5, "theirs": "<div>…</div>"}  another window was first: both texts are shown, the user decides
//   422                                           not accepted; what was typed stays
// Anything else means "not saved": it is tried again, ever more slowly, until the server is back. A closed tab warns.
import { post } from "./http.js";
import { drawn } from "./rich.js";
import { askToSignIn } from "./signin.js";
import { clock, piece, say } from "./words.js";

const IDLE = 800;
const FIRST_WAIT = 2000;
const SLOWEST = 15000;
const savers = new Map();
const handedOver = new WeakSet();

class Saver {
  constructor(form) {
    this.form = form;
    this.action = form.dataset.autosave || form.getAttribute("action") || location.pathname;
    this.wait = FIRST_WAIT;
    this.saved = this.read();
    this.typed = this.saved;
  }

  // What is typed, as text to compare; the body itself is kept too: the form may leave the page before it is sent.
  read() {
    this.body = new FormData(this.form);
    const fields = [...this.body].filter(([name]) => name !== "version" && name !== "csrfmiddlewaretoken");
    return JSON.stringify(fields.map(([name, value]) => [name, String(value)]));
  }

  get pending() {
    return this.typed !== this.saved;
  }

  changed(delay = IDLE) {
    this.typed = this.read();
    if (this.pending) this.later(delay);
  }

  rest() {
    this.saved = this.typed = this.read();
  }

  later(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), delay);
  }

  async send() {
    clearTimeout(this.timer);
    if (this.flying || this.stopped || !this.pending) return;
    this.flying = true;
    this.tell("saving");
    const sent = this.typed;
    this.landing = this.deliver(sent);
    const wait = await this.landing;
    this.flying = false;
    if (wait !== null && this.pending) this.later(wait);
  }

  // Milliseconds until the next try, null where only the user can go on.
  async deliver(sent) {
    if (this.version !== undefined) this.body.set("version", this.version);
    try {
      return await this.answered(await post(this.action, this.body), sent);
    } catch {
      return this.failed();
    }
  }

  async answered(answer, sent) {
    if (answer.ok) return this.done(answer.status === 204 ? {} : await answer.json(), sent);
    if (answer.status === 409) return this.conflict(await answer.json());
    if (answer.status === 401) return this.signIn(answer);
    if (answer.status !== 422) return this.failed();
    this.tell("not-accepted", true);
    return this.typed === sent ? null : 0;
  }

  done({ version }, sent) {
    this.saved = sent;
    this.wait = FIRST_WAIT;
    if (version !== undefined) this.keep(version);
    this.tell("saved");
    this.form.dispatchEvent(new CustomEvent("autosave:saved", { bubbles: true }));
    return 0;
  }

  failed() {
    this.tell("unsaved", true);
    const wait = this.wait;
    this.wait = Math.min(SLOWEST, wait * 1.6);
    return wait;
  }

  signIn(answer) {
    const asked = JSON.parse(answer.headers.get("HX-Trigger") || "{}")["signin:needed"];
    if (!asked) return this.failed();
    this.tell("unsaved", true);
    askToSignIn(asked.url).then((signedIn) => signedIn && this.later(0));
    return null;
  }

  conflict({ version, theirs }) {
    this.stopped = true;
    this.tell("unsaved", true);
    this.form.querySelector(".conflict")?.remove();
    const box = piece("conflict");
    box.querySelector("[data-theirs]").append(...safe(theirs));
    box.addEventListener("click", (event) => {
      const choice = event.target.closest("[data-keep]")?.dataset.keep;
      if (choice) this.settle(choice, version, theirs, box);
    });
    const text = this.form.querySelector(".editor, [data-autosave-text], textarea");
    if (text) text.before(box);
    else this.form.prepend(box);
    return null;
  }

  settle(choice, version, theirs, box) {
    box.remove();
    this.keep(version);
    this.stopped = false;
    if (choice !== "mine") take(this.form, theirs, choice === "both");
    this.typed = this.read();
    this.saved = null; // even an unchanged text is sent once more, so that the server has the user's word
    this.send();
  }

  // The form itself is about to be sent: first the draft under way lands, for the version it brings; then nothing is left to save.
  // While both texts of a conflict are shown, the choice comes first.
  async handOver() {
    clearTimeout(this.timer);
    await drawn();
    if (this.flying) await this.landing;
    if (this.stopped) this.form.querySelector(".conflict button")?.focus();
    else this.rest();
    return !this.stopped;
  }

  takeBack() {
    this.saved = null;
    this.changed();
  }

  keep(version) {
    this.version = version;
    if (this.form.elements.version) this.form.elements.version.value = version;
  }

  tell(word, bad = false) {
    const place = this.form.querySelector("[data-autosave-status]") ?? document.querySelector(`[data-autosave-status="${this.form.id}"]`);
    if (!place) return;
    place.textContent = say(word, { time: clock() });
    place.classList.toggle("bad", bad);
  }
}

function safe(html) {
  const page = new DOMParser().parseFromString(html ?? "", "text/html");
  page.querySelectorAll("script, style, iframe, object, img").forEach((element) => element.remove());
  for (const element of page.body.querySelectorAll("*")) [...element.attributes].forEach(({ name }) => element.removeAttribute(name));
  return page.body.childNodes;
}

// The text is the form's rich text, or else its field marked data-autosave-text, or its first textarea.
function take(form, theirs, both) {
  const rich = form.querySelector("trix-editor");
  if (rich) return rich.editor.loadHTML(both ? `${rich.value}<div>${theirs}</div>` : theirs);
  const field = form.querySelector("[data-autosave-text], textarea");
  if (field) field.value = both ? `${field.value}\n\n${theirs}` : theirs;
  return undefined;
}

function saver(form) {
  if (!savers.has(form)) savers.set(form, new Saver(form));
  return savers.get(form);
}

function find() {
  for (const [form, one] of savers) if (!form.isConnected && !one.pending) savers.delete(form);
  document.querySelectorAll("form[data-autosave]").forEach(saver);
}
find();
document.body.addEventListener("htmx:load", find);

const of = (event) => {
  const form = event.target.closest?.("form[data-autosave]");
  return form ? saver(form) : undefined;
};

document.addEventListener("trix-initialize", (event) => of(event)?.rest());
document.addEventListener("input", (event) => of(event)?.changed());
document.addEventListener("change", (event) => of(event)?.changed(200));
document.addEventListener("focusout", (event) => {
  const one = of(event);
  if (one) drawn().then(() => one.send());
});
document.addEventListener("autosave:now", (event) => of(event)?.send(), true);

document.body.addEventListener("htmx:confirm", async (event) => {
  const form = event.detail.elt;
  if (!savers.has(form)) return;
  event.preventDefault();
  if (await savers.get(form).handOver()) event.detail.issueRequest(true);
});
document.body.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt;
  if (!savers.has(form) || event.detail.successful) return;
  const now = form.isConnected ? form : document.getElementById(form.id); // the answer may have brought the form anew
  if (now?.matches("form[data-autosave]")) saver(now).takeBack();
});
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (event.defaultPrevented || !savers.has(form) || form.hasAttribute("hx-post") || handedOver.delete(form)) return;
  event.preventDefault();
  if (!(await savers.get(form).handOver())) return;
  handedOver.add(form);
  form.requestSubmit(event.submitter);
});
window.addEventListener("online", () => savers.forEach((one) => one.send()));
window.addEventListener("beforeunload", (event) => {
  for (const one of savers.values()) {
    if (!one.pending) continue;
    one.send();
    event.preventDefault();
  }
});
