// Ctrl+K: a dialog over the search page; arrows and Enter walk through the results.
import Combobox from "../vendor/github-combobox-nav-3.0.2/index.js";
import { isPlainClick } from "./dialog.js";

const palette = document.getElementById("palette");
const field = document.getElementById("palette-find");
const results = document.getElementById("palette-results");

export function openPalette() {
  if (!palette || palette.open) return;
  palette.showModal();
  field.select();
}

if (palette) {
  const walk = new Combobox(field, results, { firstOptionSelectionMode: "selected", tabInsertsSuggestions: false });
  palette.addEventListener("close", () => walk.stop());
  field.addEventListener("focus", () => walk.start());
  results.addEventListener("htmx:afterSwap", () => {
    walk.stop();
    walk.start();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-palette]") || !isPlainClick(event)) return;
    event.preventDefault();
    openPalette();
  });
}
