// 亮证: the clock runs, so that a screenshot is known by standing still; the screen stays on; the page can be printed.

// The server's time, carried on by this device's monotonic clock: a wrong clock in the telephone shows nothing wrong.
const line = document.querySelector("[data-mq-now]");
if (line) {
  const began = Number(line.dataset.mqNow) * 1000 - performance.now();
  const words = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", timeStyle: "medium", hourCycle: "h23" });
  const clock = line.querySelector("[data-mq-clock]");
  const tick = () => (clock.textContent = words.format(began + performance.now()));
  tick();
  line.hidden = false;
  setInterval(tick, 1000);
}

// A dark screen can't be scanned. Refused (battery low, another tab in front), the screen behaves as always.
const stayOn = () => navigator.wakeLock?.request("screen").catch(() => null);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && stayOn());
stayOn();

for (const button of document.querySelectorAll("[data-mq-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
