// The lines of a consultation (consultations/lines_editor.html): amounts follow what is typed, the search adds lines.
// Money is counted in whole Rappen; the server counts again.
import Combobox from "../vendor/github-combobox-nav-3.0.2/index.js";

const PERIOD = "5min";
const walks = new WeakMap();

function hundredths(text) {
  const plain = (text ?? "").replace(/[\s'’]/g, "").replace(",", ".");
  const found = /^(\d{0,9})(?:\.(\d{0,2}))?$/.exec(plain);
  return found ? Number(found[1] || 0) * 100 + Number((found[2] ?? "").padEnd(2, "0") || 0) : 0;
}

function swiss(rappen) {
  const francs = String(Math.floor(rappen / 100)).replace(/\B(?=(\d{3})+$)/g, "’");
  return `${francs}.${String(rappen % 100).padStart(2, "0")}`;
}

function count(editor) {
  let total = 0;
  let minutes = 0;
  for (const line of editor.querySelectorAll("[data-line]")) {
    const quantity = hundredths(line.querySelector("[data-quantity]").value);
    const amount = Math.floor((quantity * hundredths(line.querySelector("[data-price]").value) + 50) / 100);
    line.querySelector("[data-line-amount]").textContent = swiss(amount);
    line.classList.toggle("opacity-50", quantity === 0);
    total += amount;
    if (line.dataset.unit === PERIOD) minutes += (quantity * 5) / 100;
  }
  const shown = editor.closest("form") ?? editor;
  for (const place of shown.querySelectorAll("[data-lines-total]")) place.textContent = swiss(total);
  for (const place of editor.querySelectorAll("[data-lines-minutes]")) place.textContent = String(minutes);
}

function toggle(button) {
  const scope = button.closest("form") ?? document;
  const box = scope.querySelector("#lines-find");
  const opener = scope.querySelector("[data-lines-add][aria-expanded]");
  box.hidden = !box.hidden;
  opener.setAttribute("aria-expanded", String(!box.hidden));
  if (box.hidden) return opener.focus();
  walk(box);
  return box.querySelector("input").focus();
}

function walk(box) {
  if (walks.has(box)) return;
  const field = box.querySelector("input");
  const list = box.querySelector("[role=listbox]");
  const combobox = new Combobox(field, list, { firstOptionSelectionMode: "selected" });
  walks.set(box, combobox);
  list.addEventListener("htmx:afterSwap", () => {
    combobox.stop();
    combobox.start();
  });
  combobox.start();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-lines-add]");
  if (button) toggle(button);
});
document.addEventListener("keydown", (event) => {
  const box = event.target.closest?.("#lines-find");
  if (!box) return;
  if (event.key === "Enter") event.preventDefault(); // it takes the line, it does not send the form
  if (event.key !== "Escape") return;
  event.preventDefault(); // the search closes, the sheet around it stays
  event.stopPropagation();
  toggle(box);
});
document.addEventListener("change", (event) => {
  const field = event.target.closest?.("[data-quantity]");
  if (field) field.value = field.value.replace(",", ".");
});
document.addEventListener("input", (event) => {
  const editor = event.target.closest?.("[data-lines]");
  if (editor && event.target.closest("[data-line]")) count(editor);
});
document.body.addEventListener("htmx:afterSettle", (event) => {
  const editor = event.target.matches?.("[data-lines]") ? event.target : event.target.querySelector?.("[data-lines]");
  if (editor?.querySelector("[data-line]")) count(editor);
});
