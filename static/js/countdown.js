// `<span data-until="2026-11-24T09:56:00Z">` counts down to 0:00, then says it is over: event "countdown:over", once.
import { say } from "./words.js";

function left(instant) {
  const seconds = Math.max(0, Math.round((new Date(instant) - Date.now()) / 1000));
  return { seconds, text: `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}` };
}

function tick() {
  for (const element of document.querySelectorAll("[data-until]")) {
    const { seconds, text } = left(element.dataset.until);
    if (seconds > 0) {
      element.textContent = text;
      continue;
    }
    const label = element.closest("[data-countdown]") ?? element;
    const over = element.dataset.over ?? say("over");
    element.removeAttribute("data-until");
    for (const node of [...label.childNodes]) if (node.nodeName !== "svg") node.remove();
    label.append(over);
    label.dispatchEvent(new CustomEvent("countdown:over", { bubbles: true }));
  }
}
setInterval(tick, 1000);
tick();
document.body.addEventListener("htmx:load", tick);
