// 手写签名: opens the pad of ui/forms/signature.html. Without it the name is typed and the page works as well.

const PEN = 5; // width of a stroke on a field of 900 × 300 points

function start(box) {
  if (box.dataset.mqStarted) return;
  box.dataset.mqStarted = "yes";
  const field = box.querySelector("input");
  const canvas = box.querySelector("canvas");
  const clear = box.querySelector("button");
  const said = box.querySelector("[role=status]");
  const pen = canvas.getContext("2d");
  let last = null;

  const say = () => (said.textContent = field.value ? box.dataset.mqSigned : box.dataset.mqUnsigned);
  const place = (event) => {
    const shown = canvas.getBoundingClientRect();
    return [
      ((event.clientX - shown.left) * canvas.width) / shown.width,
      ((event.clientY - shown.top) * canvas.height) / shown.height,
    ];
  };
  const stroke = (to) => {
    pen.beginPath();
    pen.moveTo(...last);
    pen.lineTo(...to);
    pen.stroke();
    last = to;
  };
  const lift = () => {
    if (!last) return;
    last = null;
    field.value = canvas.toDataURL("image/png");
    field.dispatchEvent(new Event("change", { bubbles: true }));
    say();
  };

  Object.assign(pen, { lineWidth: PEN, lineCap: "round", lineJoin: "round" });
  canvas.addEventListener("pointerdown", (event) => {
    if (!event.isPrimary || event.button > 0) return; // the palm of the hand is no pen
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    last = place(event);
    stroke(last);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!last || !event.isPrimary) return;
    const between = event.getCoalescedEvents?.() ?? [];
    for (const one of between.length ? between : [event]) stroke(place(one));
  });
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);
  clear.addEventListener("click", () => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    field.value = "";
    field.dispatchEvent(new Event("change", { bubbles: true }));
    say();
  });

  if (field.value) {
    // The page came back with a sentence about something else: what was signed is still there.
    const before = new Image();
    before.onload = () => pen.drawImage(before, 0, 0);
    before.src = field.value;
  }
  for (const part of [canvas.parentElement, clear.parentElement]) part.hidden = false;
  box.querySelector("p").hidden = true;
  say();
}

const open = (root) => root.querySelectorAll("[data-mq-sign]").forEach(start);
open(document);
document.body.addEventListener("htmx:load", (event) => open(event.detail.elt));
