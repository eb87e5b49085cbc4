// The script's sentences stand in components/words.html, in the user's language.
const words = document.getElementById("words")?.content;

export function say(name, values = {}) {
  const text = words?.querySelector(`[data-word="${name}"]`)?.textContent ?? "";
  return text.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

export function piece(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}

export function clock(instant = new Date()) {
  return new Intl.DateTimeFormat("de-CH", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Zurich" }).format(instant);
}
