// Keys, never while somebody types: data-hotkey clicks, J and K walk, Ctrl+Enter is the primary action, ? lists them all.
import { install, uninstall } from "../vendor/github-hotkey-3.1.4/index.js";
import { openPalette } from "./palette.js";

const installed = new Map();

function scan(root) {
  for (const element of root.querySelectorAll?.("[data-hotkey]") ?? []) {
    if (installed.has(element)) continue;
    install(element);
    installed.set(element, true);
  }
}
function forget() {
  for (const element of installed.keys()) {
    if (element.isConnected) continue;
    uninstall(element);
    installed.delete(element);
  }
}
scan(document);
document.body.addEventListener("htmx:load", (event) => {
  forget();
  scan(event.detail.elt.parentElement ?? document);
});

// Behind an open dialog nothing moves.
document.addEventListener(
  "hotkey-fire",
  (event) => {
    const modal = [...document.querySelectorAll("dialog:modal")].at(-1);
    if (modal && !modal.contains(event.target)) event.preventDefault();
  },
  true,
);

const isTyping = (target) =>
  target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT", "TRIX-EDITOR"].includes(target.tagName);
const isShown = (element) => element.getClientRects().length > 0 && !element.disabled;

function primary() {
  const scope = [...document.querySelectorAll("dialog:modal")].at(-1) ?? document;
  const form = document.activeElement?.closest?.("form");
  return [...(form?.querySelectorAll("[data-primary]") ?? []), ...scope.querySelectorAll("[data-primary]")].find(isShown);
}

function walk(step) {
  const link = document.querySelector(step > 0 ? "a[data-next]" : "a[data-previous]");
  if (link) return link.click();
  const rows = [...document.querySelectorAll("main [data-item]")].filter(isShown);
  const at = rows.indexOf(document.activeElement);
  const next = at < 0 ? rows.at(step > 0 ? 0 : -1) : rows[at + step];
  next?.focus();
}

document.addEventListener("keydown", (event) => {
  const command = event.ctrlKey || event.metaKey;
  if (command && event.key.toLowerCase() === "k" && !event.shiftKey && !event.altKey) {
    event.preventDefault();
    openPalette();
  } else if (command && event.key === "Enter") {
    const button = primary();
    if (button) event.preventDefault();
    button?.click();
  } else if (!command && !event.altKey && !isTyping(event.target) && !document.querySelector("dialog:modal, [role=menu]:popover-open")) {
    if (event.key === "?") document.getElementById("keys")?.showModal();
    else if (event.key === "j") walk(1);
    else if (event.key === "k") walk(-1);
  }
});
