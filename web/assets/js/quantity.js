// The total follows the quantity. Without this script the number field works by itself and the next page states the total.
//
//   <form data-quantity data-unit="985000" data-tiers='[["10","980000"],["50","972500"]]' data-decimals="2">
//     <button type="button" hidden data-step="-1">−</button>
//     <input type="number" name="quantity" min="1" max="20" value="1">
//     <button type="button" hidden data-step="1">+</button>
//     <output data-total>98.50</output>
//
// Units: data-unit, the tiers' prices and data-fee are whole numbers of 1/10,000 yuan; all sums are BigInt, never floats.
// A tier is [from quantity, price of each]. A radio or option with its own data-unit (and data-tiers) changes the price.
// data-decimals is the least number of decimals shown (2 retail, 4 wholesale); further ones appear only when not zero.
// The total is a preview: the server counts again and refuses when the price has moved.

const scale = 10_000n;

export const format = (amount, decimals) => {
  const whole = amount / scale;
  const part = String(amount % scale).padStart(4, "0");
  const shown = part.slice(0, Math.max(decimals, part.replace(/0+$/, "").length));
  return shown ? `${whole}.${shown}` : String(whole);
};

export const whole = (text) => (/^\d+$/.test(text ?? "") ? BigInt(text) : null);

const tiersOf = (text) => {
  try {
    return JSON.parse(text ?? "[]").map(([from, price]) => [BigInt(from), BigInt(price)]);
  } catch {
    return [];
  }
};

const wire = (form) => {
  const field = form.querySelector("input[name=quantity]");
  if (!field) return;
  const min = whole(field.min) ?? 1n;
  const buttons = [...form.querySelectorAll("[data-step]")];
  for (const button of buttons) button.hidden = false;

  const draw = () => {
    const choice = form.querySelector("[data-unit]:checked, option[data-unit]:checked") ?? form;
    const max = whole(choice.dataset.max) ?? whole(field.max);
    if (choice.dataset.max) field.max = choice.dataset.max;
    const quantity = whole(field.value.trim());
    for (const button of buttons) {
      button.disabled = quantity !== null
        && (button.dataset.step.startsWith("-") ? quantity <= min : max !== null && quantity >= max);
    }
    let unit = whole(choice.dataset.unit);
    if (unit === null) return;
    const usable = quantity !== null && quantity >= min && (max === null || quantity <= max);
    for (const [from, price] of tiersOf(choice.dataset.tiers)) if (usable && quantity >= from) unit = price;
    const fee = whole(form.dataset.fee) ?? 0n;
    const decimals = Number(form.dataset.decimals ?? 2);
    for (const place of form.querySelectorAll("[data-total]")) {
      place.textContent = usable ? format(unit * quantity + fee, decimals) : "—";
    }
    for (const place of form.querySelectorAll("[data-unit-shown]")) place.textContent = format(unit, decimals);
  };

  for (const button of buttons) {
    button.addEventListener("click", () => {
      const max = whole(field.max);
      let next = (whole(field.value.trim()) ?? min) + BigInt(button.dataset.step);
      if (next < min) next = min;
      if (max !== null && next > max) next = max;
      field.value = String(next);
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
  form.addEventListener("input", draw);
  form.addEventListener("change", draw);
  // The browser restores what was typed when one comes back, after this script has run.
  addEventListener("pageshow", draw);
  draw();
};

for (const form of document.querySelectorAll("form[data-quantity]")) wire(form);
