// A phrase that is chosen goes into the text at once, where it can be edited; without this the server puts it first.
document.querySelectorAll("[data-mq-phrase]").forEach((list) => {
  const text = document.getElementById(list.dataset.mqPhrase);
  if (!text) return;
  list.addEventListener("change", () => {
    if (!list.value) return;
    text.value += list.value;
    list.value = "";
    text.focus();
  });
});
