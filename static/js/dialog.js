// One dialog for the whole page. `<a href data-dialog>` shows its page's part in it; htmx may also aim at #dialog itself.
// A 204 that comes from inside closes it. data-wide and data-sheet on the part's first element give the shape.
import { drawn } from "./rich.js";
import { raise, shelter } from "./toasts.js";

const dialog = document.getElementById("dialog");
const FIELDS = "input:not([type=hidden]), select, textarea, trix-editor";
let opener = null;

export function isPlainClick(event) {
  return event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
}

function isShown(element) {
  return element.getClientRects().length > 0 && !element.disabled;
}

function shape() {
  const first = dialog.querySelector(":scope > :not(.toasts)");
  dialog.classList.toggle("sheet", Boolean(first?.hasAttribute("data-sheet")));
  dialog.classList.toggle("wide", Boolean(first?.hasAttribute("data-wide")));
  const title = dialog.querySelector("h1, h2");
  if (!title) return;
  title.id ||= "dialog-title";
  dialog.setAttribute("aria-labelledby", title.id);
}

function open() {
  shape();
  if (!dialog.open) dialog.showModal();
  const first = dialog.querySelector("[autofocus], [aria-invalid=true]") ?? [...dialog.querySelectorAll(FIELDS)].find(isShown);
  first?.focus();
  raise();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-dialog]");
  if (link && isPlainClick(event)) {
    event.preventDefault();
    opener = link;
    window.htmx.ajax("GET", link.href, { target: "#dialog", swap: "innerHTML" })?.catch(() => {}); // said by server.js
  }
  const close = event.target.closest("[data-closes]");
  if (close?.closest("dialog")) {
    event.preventDefault(); // as a page of its own, the same link leads back
    close.closest("dialog").close();
  }
  const opens = event.target.closest("[data-opens]");
  if (opens) document.getElementById(opens.dataset.opens)?.showModal();
});

document.body.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target !== dialog) return;
  event.detail.swapOverride = "innerHTML"; // whatever hx-swap an ancestor of the link passes down: the dialog itself stays
  shelter();
});
document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target === dialog && dialog.querySelector(":scope > :not(.toasts)")) open();
});
document.body.addEventListener("htmx:afterRequest", (event) => {
  const { xhr, elt } = event.detail;
  if (xhr?.status === 204 && dialog.open && dialog.contains(elt)) dialog.close();
});

for (const one of document.querySelectorAll("dialog")) {
  one.addEventListener("click", (event) => {
    if (event.target === one && !one.querySelector("form:not(.palette)")) one.close(); // a form is not lost by a slip of the mouse
  });
  one.addEventListener("close", () => {
    shelter();
    raise();
  });
}
dialog.addEventListener("close", async () => {
  if (opener?.isConnected) opener.focus();
  opener = null;
  await drawn(); // what was typed just before is part of what is saved
  if (dialog.open) return;
  dialog.querySelectorAll("form[data-autosave]").forEach((form) => form.dispatchEvent(new Event("autosave:now")));
  dialog.replaceChildren();
});
