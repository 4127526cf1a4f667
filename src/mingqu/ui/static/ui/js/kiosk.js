// A self-service terminal: after a time without touch, key or typing the page goes on to the question whether anybody is
// still there; that question itself waits the same way and then ends everything. What was cleared on the server is
// cleared in this tab too.

const { mqSeconds, mqNext, mqClear } = document.getElementById("mq-kiosk").dataset;
if (mqClear) sessionStorage.clear();
if (mqNext) {
  let last = Date.now();
  const here = () => (last = Date.now());
  for (const kind of ["pointerdown", "keydown", "input", "wheel"]) addEventListener(kind, here, { passive: true, capture: true });
  setInterval(() => Date.now() - last > Number(mqSeconds) * 1000 && location.replace(mqNext), 1000);
}
