// The fields of an account are checked as they are typed, by the shop's own rules: what is said here is what the till would say.
// Without this script the till says it after the button.
//
//   <form data-check="/s/x/check" data-no-values="…">
//     <input name="field.account" data-whole="11" aria-describedby="field-account-note"> <p class="note hint" id="field-account-note"></p>
//     <fieldset data-carriers="移动 联通"> <input type="radio" name="sku"> </fieldset>     shown for the numbers of these carriers
//
// What is missing is said when the field has been left, or when it is as long as a whole value (data-whole).

const wire = (form) => {
  const inputs = [...form.querySelectorAll('[name^="field."]')];
  const groups = [...form.querySelectorAll("[data-carriers]")];
  const left = new Set();
  let asked = 0;
  let wait;

  const isSeen = (input) => left.has(input) || (input.dataset.whole && input.value.replace(/\D/g, "").length >= Number(input.dataset.whole));

  const show = (input, answer) => {
    const note = document.getElementById(`${input.id}-note`);
    const problem = answer.code && input.value.trim() && isSeen(input) ? answer.problem : "";
    note.textContent = problem || answer.note || "";
    note.className = problem ? "note problem" : "note hint";
    if (problem) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  };

  // A number of another carrier than a group's leaves that group out.
  const narrow = (carrier) => {
    for (const group of groups) {
      const all = group.dataset.carriers.split(" ").filter(Boolean);
      group.hidden = Boolean(carrier) && all.length > 0 && !all.includes(carrier);
      if (group.hidden) for (const radio of group.querySelectorAll("input:checked")) radio.checked = false;
    }
    return groups.some((group) => !group.hidden);
  };

  const ask = async () => {
    const sku = form.querySelector("[name=sku]:checked") ?? form.querySelector("[name=sku]:enabled");
    if (!sku) return;
    const mine = ++asked;
    const body = new FormData();
    body.set("sku", sku.value);
    for (const input of inputs) body.set(input.name, input.value);
    try {
      const response = await fetch(form.dataset.check, { method: "POST", body });
      if (!response.ok || mine !== asked) return;
      const answers = await response.json();
      for (const input of inputs) {
        const answer = answers[input.name.slice("field.".length)];
        if (!answer) continue;
        if (groups.length > 0 && input.dataset.whole) {
          const fits = narrow(answer.carrier);
          if (answer.code === "wrong_carrier") Object.assign(answer, fits ? { code: null } : { problem: form.dataset.noValues });
        }
        show(input, answer);
      }
    } catch {
      // The till looks again.
    }
  };

  form.addEventListener("input", (event) => {
    clearTimeout(wait);
    if (inputs.includes(event.target)) wait = setTimeout(ask, 200);
  });
  form.addEventListener("change", (event) => {
    if (inputs.includes(event.target)) left.add(event.target);
    else if (event.target.name !== "sku" || inputs.every((input) => !input.value)) return;
    clearTimeout(wait);
    ask();
  });
  // The browser restores what was typed when one comes back.
  addEventListener("pageshow", () => inputs.some((input) => input.value && !input.getAttribute("aria-invalid")) && ask());
};

for (const form of document.querySelectorAll("form[data-check]")) wire(form);
