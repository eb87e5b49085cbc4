// Rows that are ticked: a region `[data-picks]` with boxes `[data-pick]`, one box for all of them `[data-pick-all]`,
// and a bar `[data-bulk]` that says how many and how much. `[data-amount]` of a box is what it adds, in Rappen.
// Shift takes along what lies between. What was ticked stays so when the rows come again.
const boxes = (region) => [...region.querySelectorAll("[data-pick]")];
const picked = new Map(); // region's id → the values that are ticked
let last = null;

const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, "’");

function swiss(rappen) {
  const digits = String(Math.abs(rappen)).padStart(3, "0");
  return `${rappen < 0 ? "-" : ""}${grouped(digits.slice(0, -2))}.${digits.slice(-2)}`;
}

function say(bar, count, rappen) {
  const words = count === 1 ? bar.dataset.one : bar.dataset.many;
  const [before, after] = words.replace("{amount}", swiss(rappen)).split("{count}");
  const strong = document.createElement("b");
  strong.textContent = grouped(count);
  bar.querySelector("[data-said]").replaceChildren(before, strong, after ?? "");
}

function show(region) {
  const bar = region.querySelector("[data-bulk]");
  const rows = region.querySelector("[data-pick-list]");
  const whole = region.querySelector("[data-pick-whole]");
  const all = boxes(region);
  const on = all.filter((box) => box.checked);
  for (const box of all) box.closest("tr")?.classList.toggle("picked", box.checked);
  const head = region.querySelector("[data-pick-all]");
  if (head) {
    head.checked = on.length > 0 && on.length === all.length;
    head.indeterminate = on.length > 0 && on.length < all.length;
  }
  if (head && !head.checked && whole) whole.value = "";
  const isWhole = whole?.value === "1";
  const more = region.querySelector("[data-pick-more]");
  if (more) {
    more.hidden = !head?.checked || isWhole || Number(rows.dataset.count) <= all.length;
    more.textContent = more.dataset.pickMore.replace("{count}", grouped(rows.dataset.count));
  }
  if (on.length) say(bar, isWhole ? Number(rows.dataset.count) : on.length, isWhole ? Number(rows.dataset.open) : sum(on));
  bar.hidden = !on.length;
  picked.set(region.id, new Set(on.map((box) => box.value)));
}

const sum = (on) => on.reduce((total, box) => total + Number(box.dataset.amount || 0), 0);

function set(region, wanted) {
  for (const box of boxes(region)) box.checked = wanted;
  show(region);
}

document.addEventListener("click", (event) => {
  const region = event.target.closest?.("[data-picks]");
  if (!region) return;
  const box = event.target.closest("[data-pick]");
  if (box && event.shiftKey && last?.isConnected) {
    const all = boxes(region);
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
    if (from >= 0) for (const between of all.slice(from, to + 1)) between.checked = box.checked;
    show(region);
  }
  if (box) last = box;
  if (event.target.closest("[data-pick-more]")) {
    region.querySelector("[data-pick-whole]").value = "1";
    show(region);
    region.querySelector("[data-bulk] .btn")?.focus();
  }
  if (event.target.closest("[data-pick-none]")) {
    set(region, false);
    region.querySelector("[data-pick-all]")?.focus();
  }
});
document.addEventListener("change", (event) => {
  const region = event.target.closest?.("[data-picks]");
  if (!region) return;
  if (event.target.matches("[data-pick-all]")) set(region, event.target.checked);
  else if (event.target.matches("[data-pick]")) show(region);
});
document.body.addEventListener("htmx:afterSettle", () => {
  for (const region of document.querySelectorAll("[data-picks]")) {
    const before = picked.get(region.id) ?? new Set();
    for (const box of boxes(region)) box.checked ||= before.has(box.value);
    const whole = region.querySelector("[data-pick-whole]");
    if (whole && region.dataset.asked !== region.querySelector("[data-pick-list]")?.dataset.query) whole.value = "";
    region.dataset.asked = region.querySelector("[data-pick-list]")?.dataset.query ?? "";
    show(region);
  }
});
for (const region of document.querySelectorAll("[data-picks]")) show(region); // Back brings ticks with it
