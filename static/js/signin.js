// The sign-in ended: the page stays, asks in a dialog, and then repeats what was refused. Nothing typed is lost.
// The sign-in page carries `<form data-signin>`; whatever page answers without such a form means: signed in.
import { renewToken, token } from "./http.js";
import { raise } from "./toasts.js";

const dialog = document.getElementById("signin");
const place = document.getElementById("signin-form");
let refused = [];
let asking = null;

// True once signed in, false when the dialog was closed: then the next save asks again.
export function askToSignIn(url) {
  asking ??= ask(url).finally(() => (asking = null));
  return asking;
}

async function ask(url) {
  await show(await fetch(url, { credentials: "same-origin" }), url);
  if (!dialog.open) dialog.showModal();
  raise();
  place.querySelector("input:not([type=hidden])")?.focus();
  return new Promise((resolve) => {
    dialog.addEventListener("signin:done", () => resolve(true), { once: true });
    dialog.addEventListener("close", () => resolve(false), { once: true });
  });
}

async function show(answer, url) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? JSON.parse(page.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"];
  if (fresh) renewToken(fresh);
  const form = page.querySelector("form[data-signin]");
  if (!form) return done();
  form.querySelectorAll("a").forEach((link) => (link.target = "_blank"));
  form.classList.remove("card", "door-card");
  form.action = new URL(form.getAttribute("action") || url, location.href).href;
  place.replaceChildren(document.adoptNode(form));
  form.addEventListener("submit", send);
}

async function send(event) {
  event.preventDefault();
  const form = event.target;
  const headers = { "X-CSRFToken": token() };
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form, event.submitter), headers, credentials: "same-origin" });
  await show(answer, form.action);
  place.querySelector("[aria-invalid=true], input:not([type=hidden])")?.focus();
}

function done() {
  place.replaceChildren();
  dialog.dispatchEvent(new Event("signin:done"));
  dialog.close();
  const again = refused;
  refused = [];
  again.forEach((repeat) => repeat());
}

document.body.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status !== 401) return;
  const { target, elt } = event.detail;
  const { verb, path, formData } = event.detail.requestConfig;
  const names = [...formData.keys()].filter((name) => name !== "csrfmiddlewaretoken" && formData.getAll(name).length === 1);
  const values = Object.fromEntries(names.map((name) => [name, formData.get(name)]));
  refused.push(() => window.htmx.ajax(verb.toUpperCase(), path, { source: elt, target, values }));
});
document.body.addEventListener("signin:needed", (event) => askToSignIn(event.detail.url));
