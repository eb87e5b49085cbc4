// data-copy="text", or data-copy-from="#id" for the text of another element.
import { toast } from "./toasts.js";
import { say } from "./words.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-copy-from]");
  if (!button) return;
  const source = button.dataset.copyFrom && document.querySelector(button.dataset.copyFrom);
  await navigator.clipboard.writeText(source ? (source.value ?? source.textContent).trim() : button.dataset.copy);
  toast(say("copied"), "success", { key: "copied" });
});
