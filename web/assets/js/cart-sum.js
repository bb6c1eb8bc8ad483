// The sums of the cart follow the quantities as they are typed. Without this script the node says the new sum before it takes an order.
//
//   <form data-cart-sum>
//     <input type="hidden" name="total">       what the buyer saw: goes with the form, and the node asks for no other sum
//     <li><span data-sum>49.50</span> <input type="number" data-unit="495000" min="1" max="20"></li>
//     <output data-total>49.50</output>
//     <button data-busy>                       disabled: something has to be removed first, and there is no sum
//   </form>

import { format, whole } from "./quantity.js";

const form = document.querySelector("form[data-cart-sum]");

const draw = () => {
  let total = form.querySelector("button[data-busy]").disabled ? null : 0n;
  for (const field of form.querySelectorAll("input[data-unit]")) {
    const quantity = whole(field.value.trim());
    const sum = quantity !== null && quantity >= BigInt(field.min) && quantity <= BigInt(field.max) ? BigInt(field.dataset.unit) * quantity : null;
    field.closest("li").querySelector("[data-sum]").textContent = sum === null ? "—" : format(sum, 2);
    total = total === null || sum === null ? null : total + sum;
  }
  form.elements.total.value = total === null ? "" : format(total, 2);
  form.querySelector("[data-total]").textContent = form.elements.total.value || "—";
};

if (form) {
  form.addEventListener("input", draw);
  // The browser restores what was typed when one comes back, after this script has run.
  addEventListener("pageshow", draw);
  draw();
}
