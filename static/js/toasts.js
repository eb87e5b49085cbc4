// Short messages at the lower right. Errors stay until they are closed; the rest goes after eight seconds, not under the pointer.
import { piece } from "./words.js";

const region = document.getElementById("toasts");
const LEVELS = new Set(["success", "error", "warning", "info"]);
const STAY = new Set(["error", "warning"]);

export function toast(text, level = "info", { key = "", stay = STAY.has(level), html = false } = {}) {
  if (key) dismiss(key);
  const box = piece(`toast-${LEVELS.has(level) ? level : "info"}`);
  box.querySelector("[data-text]")[html ? "innerHTML" : "textContent"] = text; // html: a link of the server's, all else escaped
  if (key) box.dataset.key = key;
  region.append(box);
  show(box, stay);
  return box;
}

export function dismiss(key) {
  region.querySelectorAll(`[data-key="${key}"]`).forEach((box) => box.remove());
  if (!region.querySelector("[data-toast]") && region.matches(":popover-open")) region.hidePopover();
}

function show(box, stay) {
  raise();
  if (!stay) setTimeout(() => leave(box), 8000);
}

function leave(box) {
  if (box.matches(":hover, :focus-within")) setTimeout(() => leave(box), 2000);
  else close(box);
}

function close(box) {
  box.remove();
  if (!region.querySelector("[data-toast]") && region.matches(":popover-open")) region.hidePopover();
}

// A modal dialog makes everything outside it inert: while one is open the messages live in it, on top of it.
export function raise() {
  const open = [...document.querySelectorAll("dialog:modal")].at(-1);
  const home = open ?? document.body;
  if (region.parentElement !== home) home.append(region);
  if (region.matches(":popover-open")) region.hidePopover();
  if (region.querySelector("[data-toast]")) region.showPopover();
}

export function shelter() {
  if (region.parentElement !== document.body) document.body.append(region);
}

document.body.addEventListener("toast", (event) => {
  for (const { level, text, html } of event.detail.items ?? []) toast(text, level, { html });
});
region.addEventListener("click", (event) => {
  if (event.target.closest("[data-dismiss]")) close(event.target.closest("[data-toast]"));
});
for (const box of region.querySelectorAll("[data-toast]")) show(box, STAY.has(box.dataset.toast));
