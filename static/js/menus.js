// Menus: `<button data-menu="id">` and `<div id popover role="menu">`, or "dialog" for a few fields. The browser gives top layer, Escape and light dismissal.
const items = (menu) =>
  [...menu.querySelectorAll("[role^=menuitem]")].filter((item) => item.offsetParent !== null || item.getClientRects().length);

function place(menu, button) {
  const from = button.getBoundingClientRect();
  const own = menu.getBoundingClientRect();
  const left = from.left + own.width > innerWidth - 8 ? from.right - own.width : from.left;
  const below = from.bottom + 4 + own.height <= innerHeight - 8;
  menu.style.left = `${Math.max(8, left)}px`;
  menu.style.top = `${Math.max(8, below ? from.bottom + 4 : from.top - 4 - own.height)}px`;
}

function open(menu, button) {
  menu.showPopover();
  place(menu, button);
  menu.dataset.from = button.id ||= `for-${menu.id}`;
  button.setAttribute("aria-expanded", "true");
  (items(menu)[0] ?? menu.querySelector("input:not([type=hidden]), select"))?.focus();
}

// The press that closes an open menu must not open it again with its click.
let closedBy = null;
document.addEventListener("pointerdown", (event) => {
  const button = event.target.closest("[data-menu]");
  closedBy = button && document.getElementById(button.dataset.menu)?.matches(":popover-open") ? button : null;
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-menu]");
  if (button) {
    const menu = document.getElementById(button.dataset.menu);
    if (menu.matches(":popover-open")) menu.hidePopover();
    else if (closedBy !== button) open(menu, button);
    closedBy = null;
  } else if (event.target.closest("[role^=menuitem]")) {
    event.target.closest("[popover]")?.hidePopover();
  }
});

document.addEventListener(
  "toggle",
  (event) => {
    if (event.newState !== "closed" || !event.target.dataset?.from) return;
    const button = document.getElementById(event.target.dataset.from);
    button?.setAttribute("aria-expanded", "false");
    if (event.target.contains(document.activeElement) || document.activeElement === document.body) button?.focus();
  },
  true,
);

const MOVES = { ArrowDown: 1, ArrowUp: -1 };
document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("[role=menu]:popover-open");
  const button = event.target.closest?.("[data-menu]");
  if (button && event.key === "ArrowDown") {
    event.preventDefault();
    open(document.getElementById(button.dataset.menu), button);
  }
  if (!menu) return;
  const all = items(menu);
  const at = all.indexOf(document.activeElement);
  let next = null;
  if (event.key in MOVES) next = all[(at + MOVES[event.key] + all.length) % all.length];
  else if (event.key === "Home") next = all[0];
  else if (event.key === "End") next = all.at(-1);
  else if (event.key === "Tab") menu.hidePopover();
  else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey) next = byLetter(all, at, event.key);
  if (!next) return;
  event.preventDefault();
  next.focus();
});

function byLetter(all, at, letter) {
  const turned = [...all.slice(at + 1), ...all.slice(0, at + 1)];
  return turned.find((item) => item.textContent.trim().toLowerCase().startsWith(letter.toLowerCase()));
}
