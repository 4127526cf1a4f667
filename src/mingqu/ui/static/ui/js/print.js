// 打印: the button shows only where this runs; the browser's own print does the same.
for (const button of document.querySelectorAll("[data-mq-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
