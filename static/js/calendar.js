// The calendar's grid: draws what the server says, opens the panel, books by click or drag, moves by drag. The server owns the dates.
import { toast } from "./toasts.js";

const VIEWS = { day: "timeGridDay", week: "timeGridWeek", month: "dayGridMonth" };
const NARROW = matchMedia("(max-width: 767.98px)");
const pad = (number) => String(number).padStart(2, "0");
const ymd = (date) => `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
const hm = (date) => `${pad(date.getHours())}:${pad(date.getMinutes())}`;
const minutesOf = (event) => Math.round((event.end - event.start) / 60000);
const language = document.documentElement.lang;

let grid = null; // the element
let calendar = null; // what draws in it
const chosen = () => document.getElementById("panel")?.dataset.appointment ?? "";

function make(tag, text, className) {
  const element = document.createElement(tag);
  if (text) element.textContent = text;
  if (className) element.className = className;
  return element;
}

function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.append(document.createElementNS(space, "use"));
  svg.firstChild.setAttribute("href", `${grid.dataset.icons}#${name}`);
  return svg;
}

const isRoomy = () => NARROW.matches || grid.dataset.view === "day";

function content({ event }) {
  if (event.display === "background") return undefined;
  const { short, sub, icon: sign, word, minutes } = event.extendedProps;
  const time = make("time", hm(event.start));
  const name = make("b", isRoomy() ? event.title : short);
  const nodes = [time, name];
  if (sub && minutes >= 60 && grid.dataset.view !== "month") nodes.push(make("span", sub));
  nodes.push(make("span", `, ${word}`, "visually-hidden"));
  if (sign) nodes.push(icon(sign));
  return { domNodes: nodes };
}

function classNames({ event }) {
  if (event.display === "background") return [];
  const names = [...(event.extendedProps.classes ?? [])];
  if (event.extendedProps.minutes <= 30) names.push("ev-short");
  if (event.id === chosen()) names.push("ev-chosen");
  return names;
}

// What cannot be read is said; the page around it stays.
async function events(range) {
  const last = new Date(range.end.getTime() - 1000);
  const url = `${grid.dataset.events}?first=${ymd(range.start)}&last=${ymd(last)}`;
  const answer = await fetch(url, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
  if (!answer.ok) throw new Error(String(answer.status));
  const found = (await answer.json()).events;
  return found.map(({ classNames: classes, ...event }) => ({
    ...event,
    resourceIds: event.extendedProps ? [String(event.extendedProps.therapist)] : resources().map((one) => one.id),
    extendedProps: { ...event.extendedProps, classes },
  }));
}

function read(range) {
  return events(range).catch(() => {
    toast(grid.dataset.failed, "error", { key: "agenda" });
    return [];
  });
}

const ask = (...what) => window.htmx.ajax(...what)?.catch(() => {}); // what fails is said by server.js

function openDialog(url) {
  ask("GET", url, { source: grid, target: "#dialog", swap: "innerHTML" });
}

function book(start, { minutes = 0, therapist = "" } = {}) {
  const asked = new URLSearchParams({ starts: `${ymd(start)}T${hm(start)}` });
  if (minutes) asked.set("minutes", String(minutes));
  const who = therapist || grid.dataset.therapist;
  if (who) asked.set("therapist", who);
  openDialog(`${grid.dataset.new}?${asked}`);
}

function openPanel(event) {
  const { url } = event.extendedProps;
  if (url) ask("GET", url, { source: grid, target: "#panel", swap: "outerHTML" });
}

function post(event, version) {
  const values = {
    day: `${pad(event.start.getDate())}.${pad(event.start.getMonth() + 1)}.${event.start.getFullYear()}`, // as people write it
    clock: hm(event.start),
    minutes: minutesOf(event),
    therapist: event.resourceIds?.[0] ?? event.extendedProps.therapist,
    version,
  };
  const url = `${event.extendedProps.url}move/`;
  return new Promise((resolve) => {
    const heard = ({ detail }) => {
      if (detail.requestConfig?.path !== url) return;
      document.body.removeEventListener("htmx:afterRequest", heard);
      resolve(detail.xhr?.status ?? 0);
    };
    document.body.addEventListener("htmx:afterRequest", heard);
    ask("POST", url, { source: grid, target: "#dialog", swap: "innerHTML", values });
  });
}

// Moved at once, with an undo. An unusual time comes back as a dialog that asks; until it says yes, the visit stays where it was.
async function moved({ event, oldEvent, revert }) {
  const { version } = event.extendedProps;
  const status = await post(event, version);
  if (status !== 204) {
    revert();
    if (status === 409) calendar.refetchEvents(); // another window was first: now it is seen where it stands
    return;
  }
  const words = { name: event.title, time: `${new Intl.DateTimeFormat(language, { weekday: "short" }).format(event.start)} ${hm(event.start)}` };
  const box = toast(grid.dataset.moved.replace(/\{(\w+)\}/g, (_, key) => words[key]), "success", { key: "moved" });
  const undo = make("button", grid.dataset.undo, "btn btn-sm");
  undo.type = "button";
  undo.addEventListener("click", async () => {
    box.remove();
    await post(oldEvent, version + 1);
  });
  box.querySelector("[data-dismiss]").before(undo);
}

function dayHead(date) {
  const weekday = new Intl.DateTimeFormat(language, { weekday: "short" }).format(date);
  if (grid.dataset.view === "month") return weekday;
  return { domNodes: [document.createTextNode(`${weekday} `), make("b", String(date.getDate()))] };
}

const resources = () => JSON.parse(grid.dataset.resources || "[]");

function viewName() {
  const { view } = grid.dataset;
  if (view === "week" && NARROW.matches) return VIEWS.day;
  return view === "day" && resources().length > 1 ? "resourceTimeGridDay" : VIEWS[view];
}

function options() {
  const hidden = grid.dataset.hidden.split(",").filter(Boolean).map(Number);
  const view = viewName();
  return {
    view,
    date: grid.dataset.day,
    hiddenDays: view === "timeGridWeek" || view === "dayGridMonth" ? hidden : [],
    firstDay: 1,
    locale: language,
    timeZone: "Europe/Zurich",
    headerToolbar: { start: "", center: "", end: "" },
    height: "100%",
    allDaySlot: false,
    nowIndicator: true,
    slotDuration: "01:00",
    slotHeight: 60,
    snapDuration: "00:15",
    slotMinTime: `${pad(grid.dataset.firstHour)}:00`,
    slotMaxTime: `${pad(grid.dataset.lastHour)}:00`,
    scrollTime: `${pad(grid.dataset.firstHour)}:30`,
    slotLabelFormat: hm,
    slotEventOverlap: false,
    dayHeaderFormat: dayHead,
    dayMaxEvents: true,
    moreLinkContent: ({ num }) => grid.dataset.more.replace("{count}", num),
    resources: view === "resourceTimeGridDay" ? resources() : [],
    editable: true,
    selectable: true,
    longPressDelay: 400,
    eventSources: [{ events: read }],
    eventContent: content,
    eventClassNames: classNames,
    eventClick: ({ event }) => openPanel(event),
    dateClick: ({ date, resource }) => book(date, { therapist: resource?.id }),
    select: ({ start, end, resource }) => {
      book(start, { minutes: minutesOf({ start, end }), therapist: resource?.id });
      calendar.unselect();
    },
    eventDrop: moved,
    eventResize: moved,
  };
}

function mount() {
  const found = document.querySelector("[data-calendar]");
  if (found === grid) return;
  if (calendar) window.EventCalendar.destroy(calendar);
  [grid, calendar] = [found, null];
  if (!grid) return;
  calendar = window.EventCalendar.create(grid, options());
  mend();
}

// The corner says which week; EventCalendar leaves it empty.
function mend() {
  const corner = grid.querySelector(".ec-header .ec-sidebar, .ec-col-group .ec-sidebar, .ec-sidebar");
  if (corner && !corner.textContent.trim() && grid.dataset.view !== "month") corner.textContent = grid.dataset.week;
}

function redraw() {
  calendar?.setOption("eventClassNames", (info) => classNames(info));
}

const isTyping = (target) => target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
const STEPS = { ArrowLeft: "previous", ArrowRight: "next" };
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (document.querySelector("dialog:modal, [popover]:popover-open[role=menu]")) return;
  const step = STEPS[event.key];
  if (!step || event.target.closest("[role=menu], .chips")) return;
  event.preventDefault();
  document.querySelector(`[data-step=${step}]`)?.click();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-panel-open]")) document.getElementById("panel").classList.add("is-full");
  const link = event.target.closest("[data-panel-close]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const empty = make("aside", "", "sidepanel");
  empty.id = "panel";
  empty.hidden = true;
  document.getElementById("panel").replaceWith(empty);
  redraw();
});

document.body.addEventListener("agenda:changed", () => calendar?.refetchEvents());
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && calendar?.refetchEvents());
document.body.addEventListener("htmx:afterSettle", (event) => {
  mount();
  if (event.detail.elt.id === "panel" || event.detail.target?.id === "panel") redraw();
});
NARROW.addEventListener("change", () => {
  grid = null;
  mount();
});
mount();
