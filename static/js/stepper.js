// `.stepper[data-stepper]`: a number field between two buttons with data-step="-1" and "1".
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-stepper] [data-step]");
  if (!button) return;
  const field = button.closest("[data-stepper]").querySelector("input");
  const low = field.min === "" ? -Infinity : Number(field.min);
  const high = field.max === "" ? Infinity : Number(field.max);
  const next = Math.min(high, Math.max(low, Number(field.value || 0) + Number(button.dataset.step)));
  if (String(next) === field.value) return;
  field.value = String(next);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
});
