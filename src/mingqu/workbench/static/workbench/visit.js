// On the spot: what could not be kept is marked and sent again when the line is back. Nothing typed is lost meanwhile.

const form = document.querySelector("form[data-mq-spot]");
const RETRY_MS = 15000;
const waiting = new Set();
const busy = new Set(); // lines on their way
let held = null;

const line = (box) => box.querySelector("[role=status]");
const mark = (box, words, bad) => {
  line(box).textContent = words;
  line(box).classList.toggle("mq-spot__said--not", bad);
};
const again = () => {
  for (const box of [...waiting]) htmx.trigger(box, "resave");
};

const release = () => {
  if (busy.size || !held) return;
  const go = held;
  held = null;
  go();
};

if (form) {
  form.addEventListener("htmx:beforeRequest", (event) => {
    busy.add(event.target);
    mark(event.target, "正在保存……", false);
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    const box = event.detail.elt;
    busy.delete(box);
    setTimeout(release);
    if (event.detail.successful) {
      waiting.delete(box);
      line(box).classList.remove("mq-spot__said--not");
      return;
    }
    const refused = event.detail.xhr.status >= 400;
    if (refused) waiting.delete(box);
    else waiting.add(box);
    mark(box, refused ? "没有保存，请刷新这一页看看现在的情况。" : "没有保存：网络断了，连上网后自动再存。", true);
  });
  // On a slow line an answer may be given before this script is here: what differs from what came is kept now.
  window.addEventListener("load", () => {
    for (const box of form.querySelectorAll("fieldset[hx-post]")) {
      const given = [...box.querySelectorAll("input, textarea")].some((field) =>
        field.type === "radio" ? field.checked && !field.defaultChecked : field.value !== field.defaultValue,
      );
      if (given) htmx.trigger(box, "resave");
    }
  });
  window.addEventListener("online", again);
  setInterval(again, RETRY_MS);
  // A photograph sent right after a tick leaves this page: it waits for the tick, which would be cut off otherwise.
  document.addEventListener("submit", (event) => {
    if (event.target === form || !busy.size) return;
    event.preventDefault();
    held = () => event.target.requestSubmit(event.submitter);
  });
  // Leaving with something unsaved asks first; sending the whole form saves everything.
  let sent = false;
  form.addEventListener("submit", () => (sent = true));
  window.addEventListener("beforeunload", (event) => {
    if (waiting.size && !sent) event.preventDefault();
  });
}
