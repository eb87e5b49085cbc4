// On a narrow screen tabs and chips scroll sideways: the current one is brought into sight.
function reveal() {
  for (const row of document.querySelectorAll(".tabs, .chips")) {
    const current = row.querySelector("[aria-current], [aria-selected=true]");
    if (!current || row.scrollWidth <= row.clientWidth) continue;
    const from = row.getBoundingClientRect();
    const own = current.getBoundingClientRect();
    row.scrollLeft += own.left - from.left - (from.width - own.width) / 2;
  }
}
reveal();
document.body.addEventListener("htmx:afterSettle", reveal);
