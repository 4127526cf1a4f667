// The copy-ready sheet: a button (or Enter on it) copies its field and the next one waits for the same key.

const buttons = [...document.querySelectorAll("[data-mq-copy]")];
const said = document.getElementById("mq-copied");
for (const [place, button] of buttons.entries()) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.mqCopy);
    } catch {
      said.textContent = said.dataset.mqFailed + button.dataset.mqLabel;
      return;
    }
    said.textContent = said.dataset.mqDone + button.dataset.mqLabel;
    buttons[place + 1]?.focus();
  });
}
