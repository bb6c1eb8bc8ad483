// Passkeys: asks this device, and sends its answer with the form.
//
//   <form method="post" data-passkey="create" data-options="{…}" data-failed="再按一次">
//     <input type="hidden" name="answer"><p hidden data-problem></p><button>…</button>
//   </form>
//
// data-passkey="get" asks who is there; such a form comes hidden, and is shown where the browser can ask.

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) => buffer && btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const known = (list) => list?.map((one) => ({ ...one, id: bytes(one.id) }));

// The browser's own conversions (parseCreationOptionsFromJSON, toJSON) are too young for many phones.
const ask = async (kind, options) => {
  options.challenge = bytes(options.challenge);
  if (kind === "create") {
    options.user.id = bytes(options.user.id);
    options.excludeCredentials = known(options.excludeCredentials);
  } else options.allowCredentials = known(options.allowCredentials);
  const made = await navigator.credentials[kind]({ publicKey: options });
  const { response } = made;
  return {
    id: made.id,
    rawId: text(made.rawId),
    type: made.type,
    authenticatorAttachment: made.authenticatorAttachment,
    clientExtensionResults: made.getClientExtensionResults(),
    response: kind === "create"
      ? { clientDataJSON: text(response.clientDataJSON), attestationObject: text(response.attestationObject), transports: response.getTransports?.() ?? [] }
      : { clientDataJSON: text(response.clientDataJSON), authenticatorData: text(response.authenticatorData), signature: text(response.signature), userHandle: text(response.userHandle) },
  };
};

const isAddress = /^[\d.]+$|^\[/.test(location.hostname);
const can = window.isSecureContext && "PublicKeyCredential" in window && !isAddress;

for (const note of document.querySelectorAll("[data-passkey-missing]")) note.hidden = can;
for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!can) continue;
  form.hidden = false;
  const problem = form.querySelector("[data-problem]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.hidden = true;
    const button = form.querySelector("button");
    button.disabled = true;
    try {
      form.elements.answer.value = JSON.stringify(await ask(form.dataset.passkey, JSON.parse(form.dataset.options)));
      form.submit();
    } catch {
      // The owner said no, or the device knows no key of this site.
      problem.textContent = form.dataset.failed;
      problem.hidden = false;
      button.disabled = false;
    }
  });
}
