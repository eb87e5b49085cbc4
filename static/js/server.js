// A server that does not answer, or broke: said at once, said until it is closed, and taken back when it answers again.
import { dismiss, toast } from "./toasts.js";
import { say } from "./words.js";

const isWriting = (detail) => !["get", "head"].includes((detail.requestConfig?.verb ?? "get").toLowerCase());

function lost(event) {
  toast(say(isWriting(event.detail) ? "not-saved" : "no-answer"), "error", { key: "server" });
}

function broken(event) {
  const status = event.detail.xhr.status;
  if (status === 401 || status === 409 || status === 422) return; // asked, told or shown elsewhere
  const word = status === 404 ? "not-found" : status === 403 ? "not-allowed" : "crashed";
  toast(say(word), "error", { key: "server" });
}

document.body.addEventListener("htmx:sendError", lost);
document.body.addEventListener("htmx:timeout", lost);
document.body.addEventListener("htmx:responseError", broken);
document.body.addEventListener("htmx:afterOnLoad", (event) => event.detail.successful && dismiss("server"));
