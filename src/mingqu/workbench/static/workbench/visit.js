// On the spot: what could not be kept is marked and sent again when the line is back. Nothing typed is lost meanwhile.

const form = document.querySelector("form[data-mq-spot]");
const RETRY_MS = 15000;
const waiting = new Set();
const busy = new Set(); // lines on their way

const line = (box) => box.querySelector("[role=status]");
const mark = (box, words, bad) => {
  line(box).textContent = words;
  line(box).classList.toggle("mq-spot__said--not", bad);
};
const again = () => {
  for (const box of [...waiting]) htmx.trigger(box, "resave");
};

if (form) {
  form.addEventListener("htmx:beforeRequest", (event) => {
    busy.add(event.target);
    mark(event.target, "正在保存……", false);
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    const box = event.detail.elt;
    busy.delete(box);
    if (event.detail.successful) {
      waiting.delete(box);
      line(box).classList.remove("mq-spot__said--not");
      return;
    }
    const refused = event.detail.xhr.status >= 400 && event.detail.xhr.status < 500;
    if (refused) waiting.delete(box);
    else waiting.add(box);
    mark(box, refused ? "没有保存，请刷新这一页看看现在的情况。" : "没有保存：网络断了或者系统正忙，过一会儿自动再存。", true);
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
  // A photograph sent right after a tick leaves this page and cuts off what is on its way: lines not yet kept go along.
  // Only they do, because another officer may have answered the others on her own phone meanwhile.
  const along = (sender) => sender.hasAttribute("data-mq-along");
  document.addEventListener("formdata", (event) => {
    if (!along(event.target)) return;
    for (const box of new Set([...waiting, ...busy]))
      for (const field of box.querySelectorAll("input:checked, textarea")) event.formData.append(field.name, field.value);
  });
  // Leaving with something unsaved asks first; sending the whole form saves everything.
  let sent = false;
  document.addEventListener("submit", (event) => (sent = event.target === form || along(event.target)));
  window.addEventListener("beforeunload", (event) => {
    if ((waiting.size || busy.size) && !sent) event.preventDefault();
  });
}
