// The form of an appointment: the patient's picker, the length of the service, free times. Works on every form that comes.
import Combobox from "../vendor/github-combobox-nav-3.0.2/index.js";

const walks = new WeakMap();
let asked = 0;

function parts(box) {
  return {
    words: box.querySelector("[data-picker-words]"),
    value: box.querySelector("[data-picker-value]"),
    options: box.querySelector("[role=listbox]"),
  };
}

function walkOf(box) {
  if (!walks.has(box)) {
    const { words, options } = parts(box);
    walks.set(box, new Combobox(words, options, { firstOptionSelectionMode: "selected" }));
  }
  return walks.get(box);
}

function close(box) {
  const { words, options } = parts(box);
  options.hidden = true;
  words.setAttribute("aria-expanded", "false");
  walkOf(box).stop();
}

async function search(box) {
  const { words, options } = parts(box);
  const mine = ++asked;
  if (!words.value.trim()) return close(box);
  const url = `${words.dataset.find}?q=${encodeURIComponent(words.value)}`;
  const answer = await fetch(url, { headers: { "HX-Request": "true" }, credentials: "same-origin" }).catch(() => null);
  if (!answer?.ok || mine !== asked || !words.isConnected) return;
  options.innerHTML = await answer.text();
  options.hidden = !options.children.length;
  const walk = walkOf(box);
  walk.stop();
  if (!options.hidden) walk.start();
  words.setAttribute("aria-expanded", String(!options.hidden));
}

let wait = 0;
document.addEventListener("input", (event) => {
  const box = event.target.closest?.("[data-picker]");
  if (!box || !event.target.matches("[data-picker-words]")) return;
  parts(box).value.value = ""; // what is typed now is nobody yet
  clearTimeout(wait);
  wait = setTimeout(() => search(box), 120);
});
document.addEventListener("combobox-commit", (event) => {
  const box = event.target.closest?.("[data-picker]");
  if (!box || event.target.getAttribute("aria-disabled")) return;
  const { words, value } = parts(box);
  value.value = event.target.dataset.value;
  words.value = event.target.dataset.label ?? event.target.textContent.trim();
  close(box);
});
document.addEventListener("focusout", (event) => {
  const box = event.target.closest?.("[data-picker]");
  if (box) setTimeout(() => box.contains(document.activeElement) || close(box), 150);
});
document.addEventListener("keydown", (event) => {
  const box = event.target.closest?.("[data-picker]");
  if (event.key !== "Escape" || !box || parts(box).options.hidden) return;
  event.preventDefault(); // closes the list, not the dialog
  close(box);
});

// Somebody new: what was typed as a name goes along.
document.addEventListener(
  "toggle",
  (event) => {
    if (!event.target.matches?.("[data-newcomer]") || !event.target.open) return;
    const form = event.target.closest("form");
    const words = form.querySelector("[data-picker-words]");
    const [last, ...first] = words.value.trim().split(/\s+/);
    form.querySelector("[data-picker-value]").value = "";
    const name = form.elements.last_name;
    if (!name.value && last) {
      name.value = last;
      form.elements.first_name.value = first.join(" ");
    }
    words.value = "";
    name.focus();
  },
  true,
);

function showLength(form) {
  const chosen = form.querySelector("[data-lengths]")?.selectedOptions[0];
  if (chosen && form.elements.minutes) form.elements.minutes.placeholder = chosen.dataset.minutes ?? "";
}
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-lengths]")) return;
  event.target.form.elements.minutes.value = "";
  showLength(event.target.form);
});
document.addEventListener("click", (event) => {
  const proposal = event.target.closest("[data-proposal]");
  if (!proposal) return;
  const form = proposal.closest("form");
  form.elements.day.value = proposal.dataset.day;
  form.elements.clock.value = proposal.dataset.clock;
  form.querySelectorAll("[data-proposal]").forEach((one) => {
    one.classList.toggle("on", one === proposal);
    one.setAttribute("aria-pressed", String(one === proposal));
  });
});

const prepare = (root) => root.querySelectorAll("form.booking").forEach(showLength);
prepare(document);
document.addEventListener("htmx:load", (event) => prepare(event.detail.elt.parentElement ?? document));
