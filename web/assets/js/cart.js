// How many kinds of goods are in the cart, beside the link to it: pages that are alike for all cannot say so themselves.
//
//   <span data-cart="xiaolu"></span>        the shop whose cookie says it

const count = (shop) => document.cookie.split("; ").find((c) => c.startsWith(`lianka_cart_count_${shop}=`))?.split("=")[1];
const show = () => {
  for (const mark of document.querySelectorAll("[data-cart]")) mark.textContent = count(mark.dataset.cart) ?? "";
};

show();
// Also after the way back, when the page comes out of the browser's own memory.
addEventListener("pageshow", show);
