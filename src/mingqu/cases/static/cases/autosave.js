// A page of the form keeps itself: its line says 正在保存, 已保存 with the time, or 没有保存 and why, until a save succeeds.
//
// What no server has yet is also kept in this tab (sessionStorage), so that a lost line, an ended session or a page
// loaded anew costs nothing. On a shared computer nobody else finds it: it ends with the tab and with signing out
// (ui/js/page.js), it shows only on the form of a draft that the reader may open, and numbers of persons are never
// among it. Closing the tab while something is not saved is asked about.

const KEPT = "mq-draft:";
const AGAIN_MS = 15000;

// What was sent arrived, or this page would not be another one.
const own = KEPT + location.pathname;
for (const name of Object.keys(sessionStorage))
  if (name.startsWith(KEPT) && name !== own && JSON.parse(sessionStorage.getItem(name)).sent) sessionStorage.removeItem(name);

const form = document.querySelector("form[data-mq-draft]");
if (form) watch(form, document.getElementById("mq-saved"));

function watch(form, line) {
  const version = () => document.getElementById("mq-version");
  let under = 0; // saves on their way
  let waiting = null; // the button pressed meanwhile
  let sent = false; // the page itself is on its way
  let dirty = false; // typed and not yet with the server
  let secret = false; // among it something that is not kept here
  let lost = false; // the last save failed: leaving is asked about
  let again = false; // because of the line: tried again by itself
  let typed = 0; // counts what was typed, to know whether a save had all of it
  let had = 0;

  const say = (words, bad = false) => {
    const told = document.createElement("span");
    told.className = bad ? "mq-unsaved" : "mq-saving";
    told.textContent = words;
    if (line.textContent !== words) line.replaceChildren(told);
  };

  const values = () => {
    const found = {};
    for (const field of form.elements) {
      if (!field.name || field.type === "hidden" || field.type === "file" || "mqSecret" in field.dataset) continue;
      if (field.matches("input[type=radio], input[type=checkbox]")) (found[field.name] ??= []).push(...(field.checked ? [field.value] : []));
      else if (field.matches("input, textarea, select")) (found[field.name] ??= []).push(field.value);
    }
    return found;
  };
  const put = (kept) => {
    const at = {};
    for (const field of form.elements) {
      const given = kept[field.name];
      if (!given || field.type === "hidden") continue;
      if (field.matches("input[type=radio], input[type=checkbox]")) field.checked = given.includes(field.value);
      else field.value = given[(at[field.name] = (at[field.name] ?? -1) + 1)] ?? field.value;
    }
  };
  const keep = (more = {}) => {
    try {
      sessionStorage.setItem(own, JSON.stringify({ version: version().value, values: values(), ...more }));
    } catch (full) {
      lost = true; // nothing is kept here: leaving is asked about
    }
  };

  const failed = () => {
    lost = again = true;
    say(secret ? line.dataset.lostSecret : line.dataset.lost, true);
  };
  const save = () => dirty && !sent && !under && form.dispatchEvent(new Event("change"));

  form.addEventListener("input", (event) => {
    dirty = true;
    typed += 1;
    if ("mqSecret" in (event.target.dataset ?? {})) secret = true;
    keep();
    if (!navigator.onLine) failed();
  });
  form.addEventListener("htmx:beforeRequest", (event) => {
    if (sent) return event.preventDefault();
    under += 1;
    had = typed;
    if (!lost) say(line.dataset.saving);
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    under -= 1;
    if (event.detail.successful) {
      again = false;
      lost = event.detail.xhr.responseText.includes("mq-unsaved"); // a refusal comes as an ordinary answer and stays
    }
    if (event.detail.successful && !lost) {
      if (had === typed) {
        dirty = secret = false;
        sessionStorage.removeItem(own);
      }
    }
    if (!under && waiting !== null) {
      const by = waiting;
      waiting = null;
      form.requestSubmit(by || undefined);
    }
  });
  // The version that came with the answer stands on the page only now.
  document.body.addEventListener("htmx:oobAfterSwap", () => dirty && keep());
  form.addEventListener("htmx:sendError", failed);
  form.addEventListener("htmx:responseError", failed);
  form.addEventListener("submit", (event) => {
    if (!under) {
      sent = true;
      keep({ sent: true });
      return;
    }
    event.preventDefault();
    waiting = event.submitter || "";
  });

  window.addEventListener("offline", () => dirty && failed());
  window.addEventListener("online", save);
  setInterval(() => again && navigator.onLine && save(), AGAIN_MS);
  window.addEventListener("beforeunload", (event) => !sent && dirty && lost && event.preventDefault());

  // A page loaded anew shows what was not saved, as of the version it was typed over: if somebody saved in between,
  // both are shown to choose from.
  const restore = () => {
    sent = false;
    const kept = JSON.parse(sessionStorage.getItem(own));
    if (!kept) return;
    // What was sent is saved, and more was put in by the server: what this tab remembers is older.
    if (kept.sent && "mqSettled" in form.dataset) return sessionStorage.removeItem(own);
    const now = values();
    if (Object.keys(kept.values).every((name) => String(kept.values[name]) === String(now[name] ?? ""))) {
      if (!dirty) sessionStorage.removeItem(own);
      return;
    }
    put(kept.values);
    version().value = kept.version;
    dirty = true;
    typed += 1;
    say(line.dataset.restored, true);
    save();
  };
  window.addEventListener("pageshow", restore); // also when come back to from the next page
}
