// What a form says it will do follows its choices: `<li data-shown-by="id of a radio or box">` stands while that one is chosen.
document.addEventListener("change", (event) => {
  for (const place of event.target.form?.querySelectorAll("[data-shown-by]") ?? []) {
    place.hidden = !document.getElementById(place.dataset.shownBy)?.checked;
  }
});
