// `<form data-ticks>`: the box `data-ticks-all` ticks all others of the form, and says by itself when only some are ticked.
const boxes = (form) => [...form.querySelectorAll("input[type=checkbox]:not([data-ticks-all])")];

function follow(form) {
  const all = form.querySelector("[data-ticks-all]");
  if (!all) return;
  const ticked = boxes(form).filter((box) => box.checked).length;
  all.closest("label").hidden = false;
  all.checked = ticked === boxes(form).length;
  all.indeterminate = ticked > 0 && !all.checked;
}

function followAll(place) {
  for (const form of place.querySelectorAll("form[data-ticks]")) follow(form);
}

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-ticks]");
  if (!form) return;
  if (event.target.matches("[data-ticks-all]")) {
    for (const box of boxes(form)) box.checked = event.target.checked;
  }
  follow(form);
});
document.body.addEventListener("htmx:load", (event) => followAll(event.target.parentNode ?? document));
followAll(document);
