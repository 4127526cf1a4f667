// Passkeys need the browser; without JavaScript or without them the forms stay hidden and the password way is open.

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

// PublicKeyCredential.parse…OptionsFromJSON is younger than many browsers in use, so the few binary fields are read here.
function readOptions(options) {
  const key = options.publicKey;
  key.challenge = bytes(key.challenge);
  if (key.user) key.user.id = bytes(key.user.id);
  for (const list of [key.allowCredentials, key.excludeCredentials])
    for (const credential of list ?? []) credential.id = bytes(credential.id);
  return options;
}

function writeCredential(credential) {
  const { response } = credential;
  const answer = { clientDataJSON: text(response.clientDataJSON) };
  if (response.attestationObject) {
    answer.attestationObject = text(response.attestationObject);
    answer.transports = response.getTransports?.() ?? [];
  } else {
    answer.authenticatorData = text(response.authenticatorData);
    answer.signature = text(response.signature);
    answer.userHandle = response.userHandle ? text(response.userHandle) : null;
  }
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: answer,
    clientExtensionResults: credential.getClientExtensionResults(),
    authenticatorAttachment: credential.authenticatorAttachment ?? null,
  };
}

async function ask(form) {
  const options = readOptions(JSON.parse(form.querySelector("template").content.textContent));
  const credential = await navigator.credentials[form.dataset.passkey](options);
  form.elements.credential.value = JSON.stringify(writeCredential(credential));
  form.submit();
}

for (const form of window.PublicKeyCredential ? document.querySelectorAll("form[data-passkey]") : []) {
  const [button, error] = [form.querySelector("button"), form.querySelector("[role=alert]")];
  form.hidden = false;
  button.addEventListener("click", async () => {
    error.hidden = true;
    button.disabled = true;
    try {
      await ask(form);
    } catch (reason) {
      // Declined, timed out, or no key here: all the same for the person.
      console.info("passkey", reason.name);
      error.textContent = "没有完成。请再试一次，或用另一种方式。";
      error.hidden = false;
      button.disabled = false;
    }
  });
}
