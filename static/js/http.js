// What a request of our own needs: the token, and the look of an htmx request so that a lost sign-in is 401, not a page.
export function token() {
  return JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] ?? "";
}

export function renewToken(fresh) {
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": fresh }));
  for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = fresh;
}

export function post(url, body) {
  body.delete("csrfmiddlewaretoken"); // the header's is fresher, and the body's would win
  const headers = { "X-CSRFToken": token(), "HX-Request": "true", Accept: "application/json" };
  return fetch(url, { method: "POST", body, headers, credentials: "same-origin", signal: AbortSignal.timeout(20000) });
}
