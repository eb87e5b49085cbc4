// Light and dark change at once; the server remembers.
import { post } from "./http.js";

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-theme-switch]");
  if (!form) return;
  event.preventDefault();
  const root = document.documentElement;
  const theme = root.dataset.bsTheme === "dark" ? "light" : "dark";
  root.dataset.bsTheme = root.dataset.theme = theme;
  const body = new FormData(form);
  body.set("theme", theme);
  post(form.action, body).catch(() => {}); // the next click says it again
});
