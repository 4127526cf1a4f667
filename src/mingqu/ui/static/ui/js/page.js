// What pages gain when JavaScript is on. Everything works without it.

// GOV.UK Frontend shows its enhanced styles only with these classes on <body>.
const supported = "noModule" in HTMLScriptElement.prototype;
document.body.classList.add("js-enabled", ...(supported ? ["govuk-frontend-supported"] : []));
const govuk = document.getElementById("mq-govuk"); // its hashed address is known to the template only
if (govuk) import(govuk.href).then(({ initAll }) => initAll());

// Toasts stay eight seconds or until closed; one with an undo link, or why something was not done, until it is closed.
const TOAST_MS = 8000;
function startToast(toast) {
  const close = toast.querySelector("[data-mq-close]");
  if (close) {
    close.hidden = false;
    close.addEventListener("click", () => toast.remove());
  }
  const stays = toast.querySelector("a") || (close && toast.matches(".mq-toast--error"));
  if (!stays) setTimeout(() => toast.remove(), TOAST_MS);
}
document.querySelectorAll("[data-mq-toast]").forEach(startToast);

// The words stand in the page, in its language.
const live = document.getElementById("mq-live");
function say(html, fallback) {
  if (!live) return;
  const parsed = new DOMParser().parseFromString(html || "", "text/html").querySelector("[data-mq-toast]");
  const toast = document.createElement("div");
  toast.className = "mq-toast mq-toast--error";
  toast.textContent = parsed ? parsed.textContent : live.dataset[fallback];
  live.replaceChildren(toast);
  startToast(toast);
}
document.body.addEventListener("htmx:responseError", (event) => say(event.detail.xhr.responseText, "mqFailed"));
document.body.addEventListener("htmx:sendError", () => say("", "mqOffline"));

// A form that was refused and comes back under its own address: coming Back to it, or loading it anew, asks for the page
// and not to send everything once more. Only where that address answers without sending: uploads and the window may not.
const refused = document.querySelector(".govuk-error-summary");
const own = [...document.querySelectorAll("main form[method=post]:not([data-mq-upload])")].some(
  (form) => new URL(form.getAttribute("action") || "", location.href).pathname === location.pathname,
);
if (refused && own && !location.pathname.startsWith("/desk/window/")) history.replaceState(history.state, "", location.href);

// A question that waits for an answer on the same page is there only with it. Without this it says in words when it is
// asked; what was typed into one that went away stays, and the server leaves it out.
function showAsked(root) {
  for (const group of root.querySelectorAll("[data-mq-when]")) {
    const place = group.closest("[data-mq-together], form") ?? document;
    const holds = ([name, values]) =>
      [...place.querySelectorAll(`input[name="${name}"]:checked`)].some(
        (one) => values.includes(one.value) && !one.closest("[data-mq-when][hidden]"),
      );
    group.hidden = !Object.entries(JSON.parse(group.dataset.mqWhen)).every(holds);
    group.querySelector("[data-mq-when-words]").hidden = true;
  }
}
showAsked(document);
document.addEventListener("change", () => showAsked(document));
document.body.addEventListener("htmx:afterSettle", () => showAsked(document));
document.body.addEventListener("htmx:oobAfterSwap", () => showAsked(document));

// A day is typed as 2026-11-09, in every browser alike; the button beside it opens the browser's own calendar.
document.addEventListener("click", (event) => {
  const pick = event.target.closest("[data-mq-pick]");
  if (!pick) return;
  const place = pick.parentElement;
  const field = place.querySelector("input");
  let own = place.querySelector(".mq-pickday__own");
  if (!own) {
    own = Object.assign(document.createElement("input"), { type: pick.dataset.mqPick, className: "mq-pickday__own", tabIndex: -1 });
    own.setAttribute("aria-hidden", "true");
    own.addEventListener("change", () => {
      if (own.value) field.value = own.value;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
    place.append(own);
  }
  own.value = field.value; // what is no day of this form leaves it empty
  if (own.type === "text" || !own.showPicker) field.focus();
  else own.showPicker();
});

// A form marked data-mq-wait shows its waiting line when the answer takes longer than a second.
const SLOW_MS = 1000;
document.addEventListener("submit", (event) => {
  const form = event.target;
  const line = form.hasAttribute("data-mq-wait") && form.querySelector(".mq-wait");
  if (line) setTimeout(() => (line.hidden = false), SLOW_MS);
});

// Single-letter keys focus the button or field that shows them; they never press it. A switch in the staff bar turns
// them off for this browser (WCAG 2.1.4).
const KEYS = "mq-keys";
const keySwitch = document.querySelector("[data-mq-keys]");
const keysOn = () => localStorage.getItem(KEYS) !== "off";
if (keySwitch && document.querySelector("[data-mq-key]")) {
  const show = () => (keySwitch.textContent = keysOn() ? keySwitch.dataset.mqOn : keySwitch.dataset.mqOff);
  keySwitch.hidden = false;
  keySwitch.addEventListener("click", () => {
    localStorage.setItem(KEYS, keysOn() ? "off" : "on");
    show();
  });
  show();
}
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !keysOn()) return;
  // On a round or square box no letter is typed.
  if (event.target.closest("input:not([type=radio], [type=checkbox]), select, textarea, [contenteditable]")) return;
  const wanted = event.key.toLowerCase();
  const target = [...document.querySelectorAll("[data-mq-key]")].find((e) => e.dataset.mqKey === wanted);
  if (!target) return;
  event.preventDefault();
  target.focus();
});

// First answers below a search box: the arrow keys walk through them and back into the box, Escape takes them away.
document.addEventListener("keydown", (event) => {
  const ask = event.target.closest(".mq-ask");
  const links = ask ? [...ask.querySelectorAll("[role=status] a")] : [];
  if (!links.length) return;
  const box = ask.querySelector("input[type=search]");
  const step = { ArrowDown: 1, ArrowUp: -1, Escape: 0 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  if (!step) ask.querySelector("[role=status]").replaceChildren();
  const next = step ? links.indexOf(document.activeElement) + step : -1;
  (next < 0 ? box : links[Math.min(next, links.length - 1)]).focus();
});

// A television's remote control: its arrows go to the nearest thing to press in that direction. A text keeps left and
// right for itself, a choice up and down; where nothing is left in a direction, the page moves.
const REMOTE = matchMedia("(min-width: 112rem) and (hover: none)"); // as in tokens.css
const PRESSED = "a[href], button, input:not([type=hidden]), select, textarea, summary";
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const keeps = (field, across) =>
  field.matches("textarea, [contenteditable]") ||
  (field.matches("select, [type=radio]") ? !across : field.matches("input:not([type=checkbox], [type=submit])") && across);
const middle = (box) => [box.left + box.width / 2, box.top + box.height / 2];
function nearest(from, [across, down]) {
  const [x, y] = middle(from.getBoundingClientRect());
  let best = null;
  for (const one of document.querySelectorAll(PRESSED)) {
    const box = one.getBoundingClientRect();
    if (one === from || one.disabled || !box.width || !one.checkVisibility({ visibilityProperty: true })) continue;
    const [dx, dy] = [middle(box)[0] - x, middle(box)[1] - y];
    const [ahead, aside] = across ? [dx * across, Math.abs(dy)] : [dy * down, Math.abs(dx)];
    if (ahead > 1 && (!best || ahead + 2 * aside < best.far)) best = { one, far: ahead + 2 * aside };
  }
  return best && best.one;
}
document.addEventListener("keydown", (event) => {
  const way = WAYS[event.key];
  if (!way || event.defaultPrevented || !REMOTE.matches || keeps(event.target, way[0])) return;
  const begun = document.activeElement && document.activeElement !== document.body;
  const next = begun ? nearest(document.activeElement, way) : document.querySelector(`main :is(${PRESSED})`);
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.scrollIntoView({ block: "center" });
});

// What a page keeps for its tab alone (typed and not saved yet) ends with signing out, in every tab of this browser.
const LEFT = "mq-left";
document.addEventListener("submit", (event) => {
  if (!event.target.action || !new URL(event.target.action, location.href).pathname.endsWith("/sign-out/")) return;
  sessionStorage.clear();
  localStorage.setItem(LEFT, String(Date.now()));
});
window.addEventListener("storage", (event) => event.key === LEFT && sessionStorage.clear());

// A switch of the header (长者版, English, 个人/法人) loads the page anew: what is typed and not sent comes along. It stays
// in this tab for that moment only; numbers of persons, codes and files are never among it. A page of an application
// keeps itself (cases/autosave.js).
const SWITCHED = "mq-switched";
const typed = () =>
  [...document.querySelectorAll("main form:not([data-mq-draft]) :is(input, select, textarea)")].filter(
    (field) =>
      field.name && !field.matches("[type=hidden], [type=file], [type=password], [autocomplete=one-time-code], [data-mq-secret]"),
  );
for (const form of document.querySelectorAll(".mq-header form"))
  form.addEventListener("submit", () => {
    const fields = typed().map((field) => [field.name, field.value, field.checked]);
    const page = form.elements.next?.value;
    if (page && fields.length) sessionStorage.setItem(SWITCHED, JSON.stringify([page, fields]));
  });
function broughtAlong() {
  const [page, fields] = JSON.parse(sessionStorage.getItem(SWITCHED) || "[]");
  sessionStorage.removeItem(SWITCHED);
  if (page !== location.pathname + location.search) return;
  for (const field of typed()) {
    const box = field.matches("[type=radio], [type=checkbox]");
    const at = fields.findIndex(([name, value]) => name === field.name && (!box || value === field.value));
    if (at < 0) continue;
    const [[, value, checked]] = fields.splice(at, 1);
    if (box) field.checked = checked;
    else field.value = value;
  }
  showAsked(document);
}
broughtAlong();
